"""What happened on a mission, in order: departure, phases, repairs, gaps, reports, the end. No queries here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from telemetry.models import ReportUpload, UploadState

from .bar import PARTS, PHASES, numbers, span
from .selectors import Completeness

MOST: Final = 100
"""Events that are shown, the newest ones."""
_BEGAN: Final = {"OUTBOUND": "Departed", "ON_PLANET": "Landed", "RETURNING": "Set out for home"}


@dataclass(frozen=True, slots=True)
class Event:
    """A moment, its kind (start, phase, repair, gap, report, refused, success or failure) and what happened."""

    at: dt.datetime
    kind: str
    text: str


def events(found: Completeness, uploads: Iterable[ReportUpload]) -> list[Event]:
    """All that is known, oldest first; what the lake knows is left out while it is away."""
    told = [Event(found.mission.started_at, "start", "Registered"), *_flight(found), *_reports(uploads), *_end(found)]
    return sorted(told, key=lambda event: event.at)


def newest(told: Sequence[Event]) -> Sequence[Event]:
    """Those that are shown, the newest first."""
    return told[-MOST:][::-1]


def _flight(found: Completeness) -> Iterable[Event]:
    lake = found.lake
    if lake is not None:
        for phase in lake.phases:
            if phase.label in PHASES:
                yield Event(phase.began, "phase", _BEGAN[phase.label])
        for repair in lake.repairs:
            part = PARTS.get(repair.label, "a part")
            yield Event(repair.began, "repair", f"Repair of {part}, mended in {span(repair.began, repair.ended)}")
    for gap in found.gaps:
        if not gap.arriving:
            what = "Silence" if gap.count is None else f"Messages missing, {numbers(gap)}"
            yield Event(gap.since, "gap", f"{what}, for {span(gap.since, gap.until)}")


def _reports(uploads: Iterable[ReportUpload]) -> Iterable[Event]:
    for upload in uploads:
        name = f"Report {upload.report_no:04}"
        yield Event(upload.announced_at, "report", f"{name} announced")
        if upload.state == UploadState.LOADED:
            yield Event(upload.updated_at, "report", f"{name} loaded")
        elif upload.state == UploadState.QUARANTINED:
            yield Event(upload.updated_at, "refused", f"{name} quarantined")


def _end(found: Completeness) -> Iterable[Event]:
    mission = found.mission
    if mission.finished_at is not None:
        lost = mission.status == "FAILURE"
        yield Event(mission.finished_at, "failure" if lost else "success", "Lost" if lost else "Home")

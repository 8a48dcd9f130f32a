"""Objects of the bucket held against what is known of their reports. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ships_client.contracts import InvalidKey, parse_key
from ships_client.contracts.reports import ReportKind

from .manifest import ReportId

CLOCKS: Final = dt.timedelta(seconds=5)
"""By how much the clocks of object store and database may differ, and S3's times are whole seconds."""


@dataclass(frozen=True)
class Listed:
    """An object of the bucket: its key, ETag without quotes, and when it was written (UTC)."""

    key: str
    etag: str
    written_at: dt.datetime


class Finding(StrEnum):
    """What an object says about its report."""

    NOTHING = "nothing"
    FOUND = "found"
    MENDED = "mended"
    SUSPECT = "suspect"


@dataclass(frozen=True)
class Known:
    """What headquarters knows of a report.

    Attributes:
        state: of its upload: open, loaded or quarantined.
        since: when that last changed.
        etags: by kind, of the objects that were loaded, or that were seen when it was quarantined.
    """

    state: str
    since: dt.datetime
    etags: Mapping[str, str | None]


def report_of(listed: Listed) -> tuple[ReportId, ReportKind] | None:
    """Which report's object it is, and which of the three; None when the key is no such object's."""
    try:
        key = parse_key(listed.key)
    except InvalidKey:
        return None
    report = ReportId(int(key.mission_id), key.date, key.report_no)
    # A mission's number with zeros before it names no report that anybody would look for.
    return (report, key.kind) if report.key(key.kind) == listed.key else None


def compare(listed: Listed, kind: ReportKind, known: Known | None) -> Finding:
    """What the object says about its report.

    FOUND: a manifest that nobody announced. MENDED: written since its report was quarantined. SUSPECT: its report is
    loaded, and its ETag is another than then, so that its content has to be looked at.
    """
    if known is None:
        return Finding.FOUND if kind is ReportKind.MANIFEST else Finding.NOTHING
    seen = known.etags.get(kind.value)
    if known.state == "loaded":
        return Finding.SUSPECT if seen != listed.etag else Finding.NOTHING
    if known.state == "quarantined":
        later = listed.written_at >= known.since - CLOCKS
        return Finding.MENDED if (seen != listed.etag if seen else later) else Finding.NOTHING
    return Finding.NOTHING

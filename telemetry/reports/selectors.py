"""Reads of a mission's reports and their items; each is bounded, however much a ship has handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, Sum

from ships_client.contracts import CATALOGUE
from ships_client.contracts.world import ItemKind
from telemetry.models import Manifest, MissionReport, ReportUpload, UploadState

MOST_REPORTS: Final = 50
FEW_ITEMS, MOST_ITEMS = 20, 500
"""Items that are shown at first, and at most."""
MOST_SUMMED: Final = 10_000
"""Items that are added up or put in order; beyond, the marts have the sum, and items come in the file's order."""
TREASURES: Final = tuple(item.name for item in CATALOGUE if item.kind is ItemKind.TREASURE)


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its place (`number`, `0001` where that is enough, else with its date), how it stands, what it brought.

    `value` is in Poko; null while nothing of it is loaded, and of reports too large to add up.
    """

    upload: ReportUpload
    ledger: Manifest | None
    number: str
    value: int | None

    @property
    def files(self) -> int:
        """Files that the manifest named, with itself."""
        return 1 + bool(self.ledger and self.ledger.mission_file) + bool(self.ledger and self.ledger.ship_state_file)


@dataclass(frozen=True, slots=True)
class Reports:
    """The newest reports of a mission, oldest of them first, and how many there are in all."""

    reports: list[Report]
    total: int


@dataclass(frozen=True, slots=True)
class Items:
    """Items of one report, dearest first: those shown, how many there are, and in Poko what of them is treasure.

    The sums are null of reports too large to add up.
    """

    items: list[MissionReport]
    total: int
    treasure: int | None
    freight: int | None


def mission_reports(mission_id: int) -> Reports:
    """The mission's reports."""
    mine = ReportUpload.objects.filter(mission_id=mission_id)
    uploads = list(mine.order_by("-date", "-report_no")[: MOST_REPORTS + 1])
    total = len(uploads) if len(uploads) <= MOST_REPORTS else mine.count()
    uploads = uploads[:MOST_REPORTS][::-1]
    ledgers = {
        (ledger.mission_date, ledger.report_no): ledger
        for ledger in Manifest.objects.filter(mission_id=mission_id, mission_date__in={u.date for u in uploads})
    }
    summed = _values(list(ledgers.values()))
    numbers = [upload.report_no for upload in uploads]
    reports = []
    for upload in uploads:
        ledger = ledgers.get((upload.date, upload.report_no))
        value = None if ledger is None else summed.get(ledger.pk, 0 if not ledger.rows_mission else None)
        short = f"{upload.report_no:04}"
        number = short if numbers.count(upload.report_no) == 1 else f"{upload.date}-{short}"
        reports.append(Report(upload, ledger, number, value))
    return Reports(reports, total)


def report_items(ledger: Manifest, most: int) -> Items:
    """Up to `most` items of a loaded report."""
    mine = MissionReport.objects.filter(manifest=ledger)
    if ledger.rows_mission > MOST_SUMMED:
        return Items(list(mine.order_by("row_no")[:most]), ledger.rows_mission, None, None)
    items = list(mine.order_by("-value", "row_no")[:most])
    sums = mine.aggregate(all=Sum("value"), treasure=Sum("value", filter=Q(item__in=TREASURES)))
    treasure = sums["treasure"] or 0
    return Items(items, ledger.rows_mission, treasure, (sums["all"] or 0) - treasure)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a mission's loaded reports brought: how many there are, and their items."""

    reports: int
    items: int


def loaded(mission_ids: Sequence[int]) -> dict[int, Loaded]:
    """Loaded reports of these missions; missions without one are left out."""
    rows = (
        Manifest.objects.filter(mission_id__in=mission_ids)
        .order_by()
        .values_list("mission_id")
        .annotate(Count("id"), Sum("rows_mission"))
    )
    return {mission_id: Loaded(reports, items) for mission_id, reports, items in rows}


def values(of: Mapping[int, Loaded]) -> dict[int, int]:
    """Value in Poko of these missions' items, added up now; of none when they are more than MOST_SUMMED in all."""
    with_items = [mission_id for mission_id, brought in of.items() if brought.items]
    if not with_items or sum(of[mission_id].items for mission_id in with_items) > MOST_SUMMED:
        return {}
    rows = MissionReport.objects.filter(mission_id__in=with_items).order_by().values_list("mission_id")
    return dict(rows.annotate(Sum("value")))


def quarantined(mission_id: int, most: int) -> tuple[list[ReportUpload], int]:
    """The newest quarantined reports of a mission, at most so many, and how many there are."""
    mine = ReportUpload.objects.filter(mission_id=mission_id, state=UploadState.QUARANTINED)
    total = mine.count()
    return (list(mine.order_by("-date", "-report_no")[:most]) if total else []), total


def _values(ledgers: Sequence[Manifest]) -> dict[int, int]:
    with_items = [ledger.pk for ledger in ledgers if 0 < ledger.rows_mission <= MOST_SUMMED]
    rows = MissionReport.objects.filter(manifest__in=with_items).order_by().values_list("manifest_id")
    return dict(rows.annotate(Sum("value"))) if with_items else {}

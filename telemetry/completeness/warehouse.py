"""What the warehouse holds of a mission: its ship's states, as its reports brought them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.db import connection
from django.db.models import Count, Q, Sum

from telemetry.models import Manifest, ReportUpload, UploadState
from telemetry.models.uploads import OPEN_STATES

from .runs import Run

MOST_RUNS: Final = 2000

_RUNS: Final = """
WITH told AS (
    SELECT seq, min(timestamp) AS moment FROM ll.ship_state WHERE mission_id = %s GROUP BY seq
), numbered AS (
    SELECT seq, moment, seq - row_number() OVER (ORDER BY seq) AS run FROM told
)
SELECT min(seq), max(seq), min(moment), max(moment) FROM numbered GROUP BY run ORDER BY 1 LIMIT %s
"""
_TOTAL: Final = "SELECT count(*), count(DISTINCT seq), min(seq), max(seq) FROM ll.ship_state WHERE mission_id = %s"


@dataclass(slots=True)
class WarehouseHolds:
    """One mission in ll.

    Attributes:
        reports: loaded reports, `waiting` announced or committed ones, `quarantined` refused ones.
        rows: rows in ll.ship_state; `promised` rows that the loaded reports name.
        different: different numbers of ticks; `lowest` and `highest` of them.
        runs: stretches of ticks without a gap, at most MOST_RUNS.
    """

    reports: int = 0
    waiting: int = 0
    quarantined: int = 0
    rows: int = 0
    promised: int = 0
    different: int = 0
    lowest: int | None = None
    highest: int | None = None
    runs: list[Run] = field(default_factory=list)


def warehouse_holds(mission_id: int) -> WarehouseHolds:
    """Ask the warehouse; index scans over the mission's own rows."""
    ledger = Manifest.objects.filter(mission_id=mission_id).aggregate(reports=Count("id"), rows=Sum("rows_ship_state"))
    uploads = ReportUpload.objects.filter(mission_id=mission_id).aggregate(
        waiting=Count("id", filter=Q(state__in=OPEN_STATES)),
        quarantined=Count("id", filter=Q(state=UploadState.QUARANTINED)),
    )
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL, [mission_id])
        rows, different, lowest, highest = cursor.fetchone()
        cursor.execute(_RUNS, [mission_id, MOST_RUNS])
        runs = [Run(*row) for row in cursor.fetchall()]
    return WarehouseHolds(
        reports=ledger["reports"],
        waiting=uploads["waiting"],
        quarantined=uploads["quarantined"],
        rows=rows,
        promised=ledger["rows"] or 0,
        different=different,
        lowest=lowest,
        highest=highest,
        runs=runs,
    )

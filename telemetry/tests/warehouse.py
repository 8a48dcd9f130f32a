"""What tests of the warehouse share: reports taken in, and the marts as they stand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.utils import timezone

from missions.models import Mission
from ships_client.contracts.reports import ReportKind
from telemetry.ingest.outcome import Outcome
from telemetry.ingest.run import report_ingest
from telemetry.mart_builds.tables import COMPUTED, MARTS
from telemetry.models import ReportUpload, UploadState

from .reports import Handed

Row = dict[str, Any]


def take_in(report: Handed) -> None:
    """Hand the report in and load it."""
    upload = ReportUpload.objects.create(
        mission_id=report.put().id.mission_id,
        date=report.id.date,
        report_no=report.id.report_no,
        manifest_key=report.id.key(ReportKind.MANIFEST),
        state=UploadState.COMMITTED,
        announced_at=timezone.now(),
    )
    assert report_ingest(upload.pk) is Outcome.LOADED


def end(mission: Mission, *, status: str = "SUCCESS", ago: dt.timedelta = dt.timedelta(0), last_seq: int = 59) -> None:
    """End the mission, so long ago."""
    at = timezone.now() - ago
    Mission.objects.filter(pk=mission.pk).update(
        status=status, finished_at=at, started_at=at - dt.timedelta(hours=1), updated_at=at, final_seq=last_seq
    )


def rows(table: str, order: str = "1") -> list[Row]:
    """All rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608  (the tests' own)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def one(table: str, **key: Any) -> Row:
    """The row with these values."""
    found = [row for row in rows(table) if all(row[name] == value for name, value in key.items())]
    assert len(found) == 1, found
    return found[0]


def marts() -> dict[str, list[Row]]:
    """All that is published, without when; numbers rounded to what sums in another order leave alone."""
    return {
        mart.table: [
            {
                name: round(value, 9) if isinstance(value, float) else value
                for name, value in row.items()
                if name != COMPUTED
            }
            for row in rows(mart.table, ", ".join(mart.key))
        ]
        for mart in MARTS
    }

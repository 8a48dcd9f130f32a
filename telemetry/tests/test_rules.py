"""When a report may be handed in."""

from __future__ import annotations

import datetime as dt

import pytest

from telemetry.exceptions import InvalidReport, UploadsClosed
from telemetry.rules import UPLOAD_GRACE, report_check, upload_window_check

NOW = dt.datetime(2026, 11, 25, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("report_no", [1, 9999])
@pytest.mark.parametrize("days", [-30, 0, 1])
def test_reports_within_the_bounds_are_taken(report_no: int, days: int) -> None:
    report_check(date=NOW.date() + dt.timedelta(days=days), report_no=report_no, now=NOW)


@pytest.mark.parametrize(("days", "report_no"), [(-31, 1), (2, 1), (0, 0), (0, 10_000), (0, -1)])
def test_reports_beyond_them_are_refused(days: int, report_no: int) -> None:
    with pytest.raises(InvalidReport):
        report_check(date=NOW.date() + dt.timedelta(days=days), report_no=report_no, now=NOW)


@pytest.mark.parametrize("finished_at", [None, NOW, NOW - UPLOAD_GRACE])
def test_a_mission_hands_in_until_a_day_after_its_end(finished_at: dt.datetime | None) -> None:
    upload_window_check(mission_id=7, finished_at=finished_at, now=NOW)


def test_later_it_is_told_until_when() -> None:
    ended = NOW - UPLOAD_GRACE - dt.timedelta(seconds=1)

    with pytest.raises(UploadsClosed, match="ended at 2026-11-24 23:29:59 UTC; its reports were taken until 24 hours"):
        upload_window_check(mission_id=7, finished_at=ended, now=NOW)

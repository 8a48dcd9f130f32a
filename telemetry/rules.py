"""When a report may be handed in. Pure: time comes in as an argument."""

from __future__ import annotations

import datetime as dt
from typing import Final

from ships_client.contracts.reports import MAX_REPORT_NO
from ships_client.contracts.telemetry import OLDEST

from .exceptions import InvalidReport, UploadsClosed

UPLOAD_GRACE: Final = dt.timedelta(hours=24)
"""How long after its mission's end a ship may announce reports: it completes after its last report, but one that
was cut off from headquarters hands in what it kept."""

HAND_IN_TIME: Final = dt.timedelta(hours=24)
"""How long an announced report may take to arrive before it counts as never handed in."""

MAX_ATTEMPTS: Final = 5
"""Runs that may break off over one report (out of memory, killed) before it is set aside."""


def report_check(*, date: dt.date, report_no: int, now: dt.datetime) -> None:
    """Refuse a report that cannot be: number outside 1..9999, or date over 30 days back or a day ahead (UTC).

    The ends are telemetry's own, with a day for ships whose date has turned already.

    Raises:
        InvalidReport: with the value and what is taken.
    """
    if not 1 <= report_no <= MAX_REPORT_NO:
        raise InvalidReport(f"report_no is {report_no}; reports of a date are numbered 1 to {MAX_REPORT_NO}.")
    today = now.astimezone(dt.UTC).date()
    first, last = today - OLDEST, today + dt.timedelta(days=1)
    if not first <= date <= last:
        raise InvalidReport(f"date is {date}; reports are taken from {first} to {last} (UTC).")


def upload_window_check(*, mission_id: int, finished_at: dt.datetime | None, now: dt.datetime) -> None:
    """Refuse a new report of a mission that ended more than UPLOAD_GRACE ago.

    Raises:
        UploadsClosed: it did.
    """
    if finished_at is not None and now - finished_at > UPLOAD_GRACE:
        hours = UPLOAD_GRACE.total_seconds() / 3600
        raise UploadsClosed(
            f"Mission {mission_id} ended at {finished_at:%Y-%m-%d %H:%M:%S} UTC; "
            f"its reports were taken until {hours:.0f} hours later."
        )

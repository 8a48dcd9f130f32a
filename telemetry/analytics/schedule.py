"""When the marts are built next by the clock."""

from __future__ import annotations

import datetime as dt
from typing import Final

from celery.schedules import crontab
from django.conf import settings

ENTRY: Final = "build marts"
"""Of CELERY_BEAT_SCHEDULE."""


def next_build(now: dt.datetime) -> dt.datetime | None:
    """The next time by the schedule; None where the clock builds none. An ingest may bring one earlier."""
    schedule = settings.CELERY_BEAT_SCHEDULE.get(ENTRY, {}).get("schedule")
    if not isinstance(schedule, crontab):
        return None
    due: dt.datetime = now + schedule.remaining_estimate(now)
    return due

"""When the marts are built next by the clock."""

from __future__ import annotations

import datetime as dt
from typing import Final

from celery.schedules import crontab
from django.conf import settings

TASK: Final = "build_marts"
"""The last word of the task's name in CELERY_BEAT_SCHEDULE."""


def next_build(now: dt.datetime) -> dt.datetime | None:
    """The next time by the schedule; None where the clock builds none. An ingest may bring one earlier."""
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        if entry["task"].rpartition(".")[2] == TASK and isinstance(entry["schedule"], crontab):
            schedule = entry["schedule"]
            due: dt.datetime = schedule.now() + schedule.remaining_estimate(now)
            return (due + dt.timedelta(seconds=1)).replace(second=0, microsecond=0)
    return None

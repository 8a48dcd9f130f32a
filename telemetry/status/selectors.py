"""Reads what the sampler and the audits have kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Max

from telemetry.models import AuditRun, StatusSample

from .parts import PARTS

HOUR: Final = 60
"""Minutes that the page looks back."""


@dataclass(frozen=True)
class Minute:
    """How a part was in one minute, and how much waited for it."""

    at: dt.datetime
    state: str
    lag: int | None
    said: str


@dataclass(frozen=True)
class Status:
    """All that is known.

    Attributes:
        asked_at: when the newest samples were taken; None before the first.
        newest: by part, its newest sample.
        hour: by part, its minutes of the last hour; those without a sample are None.
        minutes: the times of these minutes, the oldest first.
        audit: the newest audit; None before the first.
    """

    asked_at: dt.datetime | None
    newest: Mapping[str, StatusSample]
    hour: Mapping[str, Sequence[Minute | None]]
    minutes: Sequence[dt.datetime]
    audit: AuditRun | None


def newest() -> dict[str, StatusSample]:
    """The newest sample of each part, by its short name; empty before the first."""
    last = StatusSample.objects.aggregate(at=Max("at"))["at"]
    return {row.part: row for row in StatusSample.objects.filter(at=last)} if last else {}


def status(now: dt.datetime) -> Status:
    """How the platform is, by four queries however long it runs."""
    last = now.replace(second=0, microsecond=0)
    minutes = [last - dt.timedelta(minutes=back) for back in reversed(range(HOUR))]
    rows = newest()
    hour: dict[str, dict[dt.datetime, Minute]] = {part: {} for part in PARTS}
    told = StatusSample.objects.order_by("at").filter(at__gte=minutes[0])
    for at, part, state, lag, said in told.values_list("at", "part", "state", "lag", "said"):
        if part in hour:
            hour[part][at] = Minute(at, state, lag, said)
    return Status(
        asked_at=max((row.asked_at for row in rows.values()), default=None),
        newest=rows,
        hour={part: [known.get(minute) for minute in minutes] for part, known in hour.items()},
        minutes=minutes,
        audit=AuditRun.objects.first(),
    )

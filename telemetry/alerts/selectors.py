"""Reads of alerts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Case, F, Max, Q, Value, When

from telemetry.models import Alert

WATCHDOG: Final = "Watchdog"
"""It always fires, to show that alerts come through."""
TOLD_AGAIN: Final = dt.timedelta(minutes=35)
"""Alertmanager tells of what fires every 15 minutes, or a minute later; of what it has forgotten it tells no more."""
DAY: Final = dt.timedelta(hours=24)
GRAVITY: Final = Case(
    When(severity="critical", then=Value(0)), When(severity="warning", then=Value(1)), default=Value(2)
)
MOST: Final = 12
"""Alerts on the status page."""


@dataclass(frozen=True)
class Told:
    """What the status page shows.

    Attributes:
        alerts: those that fire, the gravest first, then those of the last day that are over, the newest first; MOST in
            all.
        more: whether there are more than these.
        heard_at: when Alertmanager was last heard of, be it only the watchdog; None before the first time.
    """

    alerts: Sequence[Alert]
    more: bool
    heard_at: dt.datetime | None


def alerts_told(now: dt.datetime) -> Told:
    """What was told of late, by two queries however much there is."""
    fires = Q(ends_at=None, told_at__gte=now - TOLD_AGAIN)
    over = Q(ends_at__gte=now - DAY)
    # Both were told of within a day, which is what the index knows.
    late = Alert.objects.filter(fires | over, told_at__gte=now - DAY).exclude(name=WATCHDOG)
    found = list(late.order_by(F("ends_at").desc(nulls_first=True), GRAVITY, "-starts_at")[: MOST + 1])
    heard_at = Alert.objects.aggregate(at=Max("told_at"))["at"]
    return Told(alerts=found[:MOST], more=len(found) > MOST, heard_at=heard_at)

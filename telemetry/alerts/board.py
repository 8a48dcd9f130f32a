"""The words in which the status page tells of alerts. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from telemetry.models import Alert
from telemetry.status.words import age

from .selectors import Told

SILENT_S: Final = 900.0
"""The watchdog is told of every 5 minutes; after three that did not come something is wrong with alerting itself."""
_MARKS: Final = {"critical": "down", "warning": "degraded"}
_RUNBOOK: Final = re.compile(r"observability/runbooks/\w+\.md")


@dataclass(frozen=True)
class Line:
    """An alert: its mark, name, whether and how long it fires, what is wrong, what to do, where to look."""

    state: str
    name: str
    word: str
    fires: bool
    summary: str
    remedy: str
    path: str
    runbook: str


@dataclass(frozen=True)
class Board:
    """The panel: a line over it, one an alert, and whether there are more."""

    said: str
    silent: bool
    lines: Sequence[Line]
    more: bool


def board(told: Told, now: dt.datetime, site_url: str) -> Board:
    """The panel of these alerts; links lead to pages of the site only."""
    silent_s = (now - told.heard_at).total_seconds() if told.heard_at else None
    silent = silent_s is not None and silent_s > SILENT_S
    if silent_s is None:
        said = "Alertmanager has not been heard yet"
    else:
        firing = sum(alert.ends_at is None for alert in told.alerts)
        beyond = " or more" if told.more and firing == len(told.alerts) else ""
        said = f"{firing}{beyond} alert{'' if firing == 1 else 's'} firing, Alertmanager heard {age(silent_s)} ago"
    return Board(said, silent, [_line(alert, now, site_url) for alert in told.alerts], told.more)


def _line(alert: Alert, now: dt.datetime, site_url: str) -> Line:
    fires = alert.ends_at is None
    seconds = ((alert.ends_at or now) - alert.starts_at).total_seconds()
    where = str(alert.annotations.get("dashboard", ""))
    runbook = str(alert.annotations.get("runbook", ""))
    return Line(
        state=_MARKS.get(alert.severity, "idle") if fires else "healthy",
        name=alert.name,
        word=f"{alert.severity or 'firing'}, for {age(max(0.0, seconds))}"
        if fires
        else f"over at {alert.ends_at:%H:%M}",
        fires=fires,
        summary=alert.summary,
        remedy=str(alert.annotations.get("description", "")) if fires else "",
        # Whoever may tell of alerts must not be able to lead people elsewhere.
        path=where.removeprefix(site_url) if where.startswith(f"{site_url}/") else "",
        runbook=runbook if fires and _RUNBOOK.fullmatch(runbook) else "",
    )

"""The rows of the parts' table, and of the audit. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from telemetry.models import PartState

from .parts import PARTS
from .selectors import Minute, Status
from .words import NONE, age, many, took

HEIGHTS = {PartState.HEALTHY: 12, PartState.DEGRADED: 6, PartState.DOWN: 3}
"""A worse minute is a shorter mark, so that colour is not needed."""


@dataclass(frozen=True)
class Mark:
    """A minute: where in the strip, its state, and what a pointer on it says."""

    x: int
    y: int
    height: int
    state: str
    said: str


@dataclass(frozen=True)
class Line:
    """A part's row; `hour` says of its strip what the marks show."""

    title: str
    state: str
    word: str
    version: str
    up: str
    answer: str
    lag: str
    fresh: str
    said: str
    marks: Sequence[Mark]
    hour: str


def groups(status: Status, now: dt.datetime) -> list[tuple[str, list[Line]]]:
    """The parts under their headings."""
    return [
        (group, [_line(name, status, now) for name, _ in members])
        for group, members in groupby(PARTS.items(), key=lambda item: item[1].group)
    ]


def _line(name: str, status: Status, now: dt.datetime) -> Line:
    part, newest = PARTS[name], status.newest.get(name)
    marks = _marks(status.hour[name], status.minutes)
    if newest is None:
        return Line(part.title, "idle", "not measured", "", NONE, NONE, NONE, NONE, "", marks, _hour(marks))
    idle = newest.state == PartState.IDLE
    waits = part.waits[:-1] if part.waits else ""
    return Line(
        title=part.title,
        state=newest.state,
        word=PartState(newest.state).label,
        version=newest.version or NONE,
        up="not started" if idle else age((now - newest.up_since).total_seconds()) if newest.up_since else NONE,
        answer=took(newest.seconds) if newest.state in (PartState.HEALTHY, PartState.DEGRADED) else NONE,
        lag=many(newest.lag, waits) if waits else NONE,
        fresh=age(newest.freshness_s),
        said=newest.said,
        marks=marks,
        hour=_hour(marks),
    )


def _marks(hour: Sequence[Minute | None], minutes: Sequence[dt.datetime]) -> list[Mark]:
    return [
        Mark(
            x=4 * place,
            y=12 - HEIGHTS[PartState(minute.state)],
            height=HEIGHTS[PartState(minute.state)],
            state=minute.state,
            said=f"{at:%H:%M} {minute.state}{f': {minute.said}' if minute.said else ''}",
        )
        for place, (at, minute) in enumerate(zip(minutes, hour, strict=True))
        if minute is not None and minute.state != PartState.IDLE
    ]


def _hour(marks: Sequence[Mark]) -> str:
    if not marks:
        return "no sample in the last hour"
    bad = {state: sum(mark.state == state for mark in marks) for state in (PartState.DOWN, PartState.DEGRADED)}
    said = [f"{many(count, 'minute')} {state.value}" for state, count in bad.items() if count]
    return f"{many(len(marks), 'sample')} in the last hour, {', '.join(said) or 'all healthy'}"


@dataclass(frozen=True)
class Check:
    """An invariant: its verdict as a mark and a word, its figures, and what breaks it."""

    name: str
    state: str
    word: str
    figures: str
    broken: Sequence[str]


MOST = 3
"""Sentences a row; `manage.py audit` tells all."""


def checks(rows: Sequence[Mapping[str, Any]]) -> list[Check]:
    """The rows of an audit."""
    return [_check(row) for row in rows]


def _check(row: Mapping[str, Any]) -> Check:
    state, word = {True: ("healthy", "holds"), False: ("down", "broken"), None: ("idle", "not measured")}[row["ok"]]
    figures = ", ".join(
        f"{name} {value:,}" if isinstance(value, int) else f"{name}: {value}" for name, value in row["figures"].items()
    )
    broken = list(row["broken"][:MOST])
    if (rest := len(row["broken"]) - MOST) > 0:
        broken.append(f"And {rest} more: `manage.py audit` tells all.")
    return Check(row["name"][:1].upper() + row["name"][1:], state, word, figures, broken)

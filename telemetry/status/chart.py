"""Messages that the lake had not committed, minute by minute, as a picture. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Final

from .words import many

WIDTH, HEIGHT = 380, 150
LEFT, RIGHT, TOP, BOTTOM = 48, 10, 12, 22
LIMIT_S: Final = 30.0
"""A lake that is farther behind is late."""


@dataclass(frozen=True)
class Tick:
    """A line of the grid or a time, and what stands there."""

    at: float
    text: str
    anchor: str = "end"


@dataclass(frozen=True)
class Chart:
    """The line as SVG's path; `limit` is where LIMIT_S of messages are, None beyond the picture; `said` it in words."""

    path: str
    grid: list[Tick]
    times: list[Tick]
    limit: float | None
    said: str
    rows: list[tuple[dt.datetime, int]]


def chart(minutes: Sequence[dt.datetime], lags: Sequence[int | None], per_second: float | None) -> Chart:
    """The lag of the last hour; a minute without a sample is a gap."""
    known = [(at, lag) for at, lag in zip(minutes, lags, strict=True) if lag is not None]
    most = max((lag for _, lag in known), default=0)
    limit = per_second * LIMIT_S if per_second else None
    step = _step(max(most, 4))
    top = step * max(ceil(max(most, 1) / step), 1)
    if limit is not None and limit <= 3 * top:
        step = _step(max(most, limit))
        top = step * ceil(max(most, limit) / step)

    def across(place: float) -> float:
        return round(LEFT + place / max(len(minutes) - 1, 1) * (WIDTH - LEFT - RIGHT), 1)

    def down(lag: float) -> float:
        return round(HEIGHT - BOTTOM - lag / top * (HEIGHT - TOP - BOTTOM), 1)

    path, pen_down = [], False
    for place, lag in enumerate(lags):
        if lag is not None:
            path.append(f"{'L' if pen_down else 'M'}{across(place)} {down(lag)}{'' if pen_down else 'h0.1'}")
        pen_down = lag is not None
    last = len(minutes) - 1
    anchors = {0: "start", last: "end"}
    return Chart(
        path="".join(path),
        grid=[Tick(down(value), f"{value:,}") for value in range(0, top + 1, step)],
        times=[
            Tick(across(place), f"{minutes[place]:%H:%M}", anchors.get(place, "middle"))
            for place in (0, last // 3, 2 * last // 3, last)
        ],
        limit=down(limit) if limit is not None and limit <= top else None,
        said=_said(known),
        rows=known,
    )


def _step(most: float) -> int:
    """A round step that divides up to `most` into four parts at most."""
    unit = 10 ** max(int(log10(most / 4)), 0)
    return int(next(size * unit for size in (1, 2, 5, 10, 20) if size * unit * 4 >= most))


def _said(known: Sequence[tuple[dt.datetime, int]]) -> str:
    if not known:
        return "The lake's lag was not measured in the last hour."
    at, most = max(known, key=lambda row: row[1])
    return f"{many(known[-1][1], 'message')} behind at {known[-1][0]:%H:%M}, {most:,} at most, at {at:%H:%M} UTC."

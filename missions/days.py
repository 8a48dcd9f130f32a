"""Missions by the day on which they began: the sums and the bars at the head of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from missions.models import MissionDay

DAYS: Final = 30
WIDTH, HEIGHT, GAP = 28.0, 96.0, 3.0
"""A day's place in the drawing, and the room left and right of its bar."""
FOOT: Final = 1.0
"""Least height of a part that is not empty."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its kind, and where it is in the drawing."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's bar: parts from below, and what it says."""

    day: date
    x: float
    parts: list[Part]
    title: str

    @property
    def left(self) -> float:
        """Where the parts begin."""
        return self.x + GAP


@dataclass(frozen=True, slots=True)
class Tick:
    """A day that is named under the bars, and where the middle of its bar is."""

    day: date
    x: str


@dataclass(frozen=True, slots=True)
class Started:
    """The last DAYS days, oldest first.

    Attributes:
        registered: missions that began in them; `success_pct` of those that have ended, null while none has.
        bars: a bar a day.
        lines: where the grid's lines stand, and their numbers.
    """

    registered: int
    success_pct: float | None
    bars: list[Bar]
    lines: list[tuple[float, int]]

    @property
    def width(self) -> float:
        """Width of the drawing."""
        return WIDTH * len(self.bars)

    @property
    def ticks(self) -> list[Tick]:
        """The days that are named under the bars: the first, and each week's that ends on the last."""
        last = len(self.bars) - 1
        places = sorted({0, *range(last, 3, -7)})
        return [Tick(self.bars[place].day, f"{100 * (place + 0.5) / (last + 1):.2f}%") for place in places]


def started(today: date) -> Started:
    """The last DAYS days up to `today`; one row each is read."""
    first = today - timedelta(days=DAYS - 1)
    kept = {row.day: row for row in MissionDay.objects.filter(day__gte=first, day__lte=today)}
    return picture([kept.get(day) or _none(day) for day in (first + timedelta(days=n) for n in range(DAYS))])


def picture(days: Sequence[MissionDay]) -> Started:
    """The sums and bars of these days; pure."""
    ended = sum(day.success + day.failure for day in days)
    top, step = _scale(max((day.registered for day in days), default=0))
    return Started(
        registered=sum(day.registered for day in days),
        success_pct=100 * sum(day.success for day in days) / ended if ended else None,
        bars=[_bar(day, place, top) for place, day in enumerate(days)],
        lines=[(_y(number, top), number) for number in range(step, top + 1, step)],
    )


def _none(day: date) -> MissionDay:
    return MissionDay(day=day, registered=0, success=0, failure=0)


def _scale(most: int) -> tuple[int, int]:
    """The number at the top and the step of the lines: 1, 2 or 5 times a power of ten, at most four lines."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * power
            if 4 * step >= most:
                return max(step, -(-most // step) * step), step
        power *= 10


def _y(number: float, top: int) -> float:
    return round(HEIGHT * (1 - number / top), 2)


def _bar(day: MissionDay, place: int, top: int) -> Bar:
    parts, y = [], HEIGHT
    for kind, number in (("failure", day.failure), ("success", day.success), ("running", day.running)):
        if number > 0:
            height = max(FOOT, HEIGHT * number / top)
            y -= height
            parts.append(Part(kind, round(y, 2), round(height, 2)))
    counts = f"{day.running:,} running, {day.success:,} success, {day.failure:,} failure"
    said = counts if day.registered else "none"
    return Bar(day.day, place * WIDTH, parts, f"{day.day.day} {day.day:%b %Y}: {day.registered:,} started, {said}")

"""Planets by distance and success rate, with the intervals of their rates, as a picture. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

from ships_client.contracts.world import Band

from .words import number

Row = Mapping[str, Any]
LETTER, LINE = 6.3, 13.0
"""Room that a letter and a line of a label take, in units of the picture."""
LEFT, RIGHT, TOP, BOTTOM = 46.0, 16.0, 14.0, 42.0
FLOORS: Final = (80, 60, 0)
"""Where the axis of rates may begin; the whiskers always have room."""
WIDEST: Final = 1600.0
"""M km; the farthest planet lies at 1,504."""
BANDS: Final = ((0.0, 300.0, Band.INNER), (300.0, 850.0, Band.MIDDLE), (850.0, WIDEST, Band.OUTER))
"""Where each band lies, M km from Hocotate."""


@dataclass(frozen=True)
class Dot:
    """A planet: its middle, radius, whisker from `low` to `high`, and what a pointer on it says."""

    planet: str
    x: float
    y: float
    r: float
    low: float
    high: float
    said: str


@dataclass(frozen=True)
class Label:
    """A name beside its dot; with a leader from there where it had to move."""

    text: str
    x: float
    y: float
    anchor: str
    leader: str


@dataclass(frozen=True)
class Line:
    """A line of the grid, or a tick, and what stands there."""

    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Stretch:
    """A band of distance."""

    x: float
    width: float
    middle: float
    name: str
    shaded: bool


@dataclass(frozen=True)
class Scatter:
    """The picture in its own units."""

    width: float
    height: float
    dots: list[Dot]
    labels: list[Label]
    rates: list[Line]
    distances: list[Line]
    bands: list[Stretch]

    @property
    def base(self) -> float:
        """Where the axis of distances is."""
        return self.height - BOTTOM

    @property
    def end(self) -> float:
        """Where the grid ends at the right."""
        return self.width - RIGHT


def scatter(planets: Sequence[Row], *, width: float, height: float) -> Scatter:
    """The picture of the planets that have a rate; the largest names come first where room is scarce."""
    shown = [row for row in planets if row["success_rate_pct"] is not None and row["distance_m_km"] is not None]
    floor = floor_of(shown)

    def across(distance: float) -> float:
        return round(LEFT + distance / WIDEST * (width - LEFT - RIGHT), 1)

    def down(rate: float) -> float:
        return round(TOP + (100 - rate) / (100 - floor) * (height - TOP - BOTTOM), 1)

    dots = [
        Dot(
            planet=row["planet"],
            x=across(row["distance_m_km"]),
            y=down(row["success_rate_pct"]),
            r=round(2.5 + min(sqrt(row["nb_missions"]) / 2.6, 7.5), 1),
            low=down(row["success_low_pct"]),
            high=down(row["success_high_pct"]),
            said=f"{row['planet']}: {number(row['success_rate_pct'], 1)} % of {number(row['nb_missions'])} missions, "
            f"interval {number(row['success_low_pct'], 1)} to {number(row['success_high_pct'], 1)} %",
        )
        for row in shown
    ]
    step = 400 if width > 500 else 800
    return Scatter(
        width=width,
        height=height,
        dots=sorted(dots, key=lambda dot: -dot.r),
        labels=labels(dots, width=width, bottom=height - BOTTOM),
        rates=[Line(down(rate), f"{rate} %" if rate == 100 else str(rate), "end") for rate in _rates(floor)],
        distances=[
            Line(across(at), number(at), "end" if at == WIDEST else "middle") for at in range(0, int(WIDEST) + 1, step)
        ],
        bands=[
            Stretch(across(a), across(b) - across(a), across((a + b) / 2), band.value, band is Band.MIDDLE)
            for a, b, band in BANDS
        ],
    )


def floor_of(rows: Sequence[Row]) -> int:
    """Where an axis of rates begins, so that every interval fits."""
    lowest = min((row["success_low_pct"] for row in rows if row["success_low_pct"] is not None), default=80)
    return next(floor for floor in FLOORS if lowest >= floor)


def _rates(floor: int) -> range:
    return range(floor, 101, (100 - floor) // 4)


def labels(dots: Sequence[Dot], *, width: float, bottom: float) -> list[Label]:
    """A name for each dot, clear of dots and other names; one without any room is left to the table."""
    taken = [(dot.x - dot.r, dot.y - dot.r, dot.x + dot.r, dot.y + dot.r) for dot in dots]
    found = []
    for dot in sorted(dots, key=lambda dot: (dot.y, dot.x)):
        for x, y, anchor in _places(dot):
            left = {"start": x, "end": x - LETTER * len(dot.planet), "middle": x - LETTER * len(dot.planet) / 2}[anchor]
            box = (left, y - LINE + 3, left + LETTER * len(dot.planet), y + 3)
            if box[0] < LEFT - 6 or box[2] > width - 2 or box[1] < 0 or box[3] > bottom:
                continue
            if any(box[0] - 2 < b[2] and box[2] + 2 > b[0] and box[1] < b[3] and box[3] > b[1] for b in taken):
                continue
            taken.append(box)
            moved = max(abs(x - dot.x) - dot.r, abs(y - 4 - dot.y) - dot.r) > LINE
            leader = f"M{dot.x} {dot.y}L{x:.1f} {y - 4:.1f}" if moved else ""
            found.append(Label(dot.planet, round(x, 1), round(y, 1), anchor, leader))
            break
    return found


def _places(dot: Dot) -> Iterator[tuple[float, float, str]]:
    """Where its name may stand, the best place first: beside it, above, below, then ever farther."""
    near = dot.r + 4
    for away in range(6):
        out = near + away * 5
        for drop in (0.0, -away * LINE, away * LINE):
            yield dot.x + out, dot.y + 4 + drop, "start"
            yield dot.x - out, dot.y + 4 + drop, "end"
        yield dot.x, dot.y - near - 2 - away * LINE, "middle"
        yield dot.x, dot.y + near + LINE - 2 + away * LINE, "middle"


def finding(planets: Sequence[Row]) -> str:
    """What the picture shows, in words: only what the intervals of inner and outer band bear out."""
    inner, outer = (_pooled([row for row in planets if row["band"] == band.value]) for band in (Band.INNER, Band.OUTER))
    if inner is None or outer is None:
        return "Success rate by distance"
    if outer[1] < inner[0]:
        return "The farther, the fewer come home"
    return "Far ships come home more often" if outer[0] > inner[1] else "Distance makes no sure difference"


def _pooled(rows: Sequence[Row]) -> tuple[float, float] | None:
    """Wilson's interval of 95 % for these planets' missions together, 0..1; None without any.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference (1927).
    """
    missions, successes = (sum(row[name] or 0 for row in rows) for name in ("nb_missions", "nb_success"))
    if not missions:
        return None
    z = 1.959964
    rate, spread = successes / missions, z * z / missions
    middle = (rate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(rate * (1 - rate) / missions + spread / (4 * missions))
    return middle - half, middle + half

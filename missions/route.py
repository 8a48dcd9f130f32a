"""How far a mission's ship is on its way, from what the registry knows: phase and seq. Pure, and an estimate.

A seq is a second of flight. A ship flies each axis by itself, at most STRIDE_KM a second, and loads for LOADING_S on
the planet (the company's flight manual); repairs make a way longer than this tells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from ships_client.contracts import PLANETS, Phase

STRIDE_KM: Final = 2.4e6
LOADING_S: Final = 30
LEFT, LENGTH = 4.0, 50.0
"""Where the bar's rails begin, and how long they are."""
OUT_Y, BACK_Y, MIDDLE_Y = 3.5, 8.5, 6.0


@dataclass(frozen=True, slots=True)
class RouteBar:
    """The way as a drawing of 58 by 12: the upper rail leads out, the lower one back, the head is the ship.

    `kind` is out, landed, back or lost; `y` the rail, `x` the head, `start` where the flown part begins.
    """

    kind: str
    y: float
    x: float
    start: float
    title: str

    @property
    def way(self) -> str:
        """The flown part of the rail, as a path."""
        return f"M{self.start:g} {self.y:g}H{self.x:g}"

    @property
    def rail(self) -> str:
        """The whole rail, as a path."""
        return f"M{LEFT:g} {self.y:g}H{LEFT + LENGTH:g}"

    @property
    def head(self) -> str:
        """The ship, as a path: an arrow, or a cross where it was lost."""
        x, y = self.x, self.y
        if self.kind == "lost":
            return f"M{x - 2.5:g} {y - 2.5:g}l5 5m0-5l-5 5"
        return f"M{x - 3:g} {y:g}l5-3v6z" if self.kind == "back" else f"M{x + 3:g} {y:g}l-5-3v6z"


def leg_s(target: str) -> int | None:
    """Seconds of flight from home to a planet without a repair; None for an unknown planet."""
    planet = PLANETS.get(target)
    return None if planet is None else math.ceil(max(abs(planet.x), abs(planet.y), abs(planet.z)) / STRIDE_KM)


def route_bar(target: str, phase: str | None, seq: int | None) -> RouteBar | None:
    """The bar of a mission; None when its ship told no phase, or flies to an unknown planet."""
    leg = leg_s(target)
    if phase is None or not leg:
        return None
    flown = (seq or 0) + 1
    out, back = min(flown / leg, 1.0), min(max((flown - leg - LOADING_S) / leg, 0.0), 1.0)
    if phase == Phase.ON_PLANET:
        return RouteBar("landed", MIDDLE_Y, LEFT + LENGTH, LEFT + LENGTH, f"on {target}")
    if phase == Phase.HOME:
        return RouteBar("back", BACK_Y, LEFT, LEFT + LENGTH, "home")
    if phase == Phase.RETURNING:
        return _at("back", back, f"about {back:.0%} of the way home")
    if phase == Phase.LOST:
        return _at("lost", back, "lost on the way home") if back else _at("lost", out, "lost on the way out")
    return _at("out", out, f"about {out:.0%} of the way to {target}")


def _at(kind: str, part: float, title: str) -> RouteBar:
    homeward = kind == "back" or title.endswith("home")
    x = LEFT + LENGTH * (1 - part if homeward else part)
    return RouteBar(kind, BACK_Y if homeward else OUT_Y, round(x, 1), LEFT + LENGTH if homeward else LEFT, title)

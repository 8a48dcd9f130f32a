"""Which missions there were: ships, captains, planets, times, and how each went. Pure.

Chances and strides are those of the flight rules; captains and ships differ a little in luck, so that comparing them
shows something.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np

from ships_client.contracts import CAPTAINS, PLANETS, SHIPS, TARGETS

STRIDE_KM: Final = 2.4e6
LOADING_TICKS: Final = 30
MALFUNCTION_CHANCE: Final = 0.005
"""For each tick in flight."""
REPAIR_FAILS: Final = (0.05, 0.04, 0.03, 0.02, 0.01)
"""Chance that the ship is lost, on each tick of a repair."""
INTERVALS_MIN: Final = (5, 10, 15)
BUSY: Final = (1.15, 1.2, 1.1, 1.05, 1.0, 0.65, 0.6)
"""Missions on a day of the week, Monday first, over the mean."""
NEAR: Final = {"inner": 3.0, "middle": 2.0, "outer": 1.0}
"""How often a band is flown to, over the outer one."""


@dataclass(frozen=True)
class Flight:
    """A mission as it will have been flown.

    Attributes:
        started_at: time of its first tick, UTC.
        out: ticks of flight one way.
        strikes: flying ticks (0 is the first) that ended with a malfunction, rising.
        lost_in: tick of the last repair (1 to 5) on which the ship was lost; None when it came home.
    """

    ship: str
    captain: str
    target: str
    interval_min: int
    started_at: dt.datetime
    out: int
    strikes: tuple[int, ...]
    lost_in: int | None


def flights_drawn(rng: np.random.Generator, begin: dt.date, end: dt.date, per_day: float) -> list[Flight]:
    """Flights started from `begin` until before `end` in the order of their start, about `per_day` a day."""
    weights = np.array([NEAR[PLANETS[name].band.value] for name in TARGETS])
    luck = {name: float(rng.uniform(0.6, 1.4)) for name in (*CAPTAINS, *SHIPS)}
    days, flights = (end - begin).days, []
    for day in range(days):
        date = begin + dt.timedelta(days=day)
        growth = 0.7 + 0.6 * day / max(days - 1, 1)
        for second in np.sort(rng.uniform(0, 86_400 - 3_600, rng.poisson(per_day * growth * BUSY[date.weekday()]))):
            target = TARGETS[rng.choice(len(TARGETS), p=weights / weights.sum())]
            ship, captain = SHIPS[rng.integers(len(SHIPS))], CAPTAINS[rng.integers(len(CAPTAINS))]
            out = way_ticks(target)
            strikes, lost_in = _mishaps(rng, 2 * out, MALFUNCTION_CHANCE * luck[ship] * luck[captain])
            start = dt.datetime.combine(date, dt.time(), dt.UTC) + dt.timedelta(seconds=float(second // 1))
            interval = int(rng.choice(INTERVALS_MIN))
            flights.append(Flight(ship, captain, target, interval, start, out, strikes, lost_in))
    return flights


def way_ticks(target: str) -> int:
    """Ticks of flight to a planet: each axis moves at most a stride a tick."""
    planet = PLANETS[target]
    return int(np.ceil(max(abs(planet.x), abs(planet.y), abs(planet.z)) / STRIDE_KM))


def _mishaps(rng: np.random.Generator, flying: int, chance: float) -> tuple[tuple[int, ...], int | None]:
    """Flying ticks that ended with a malfunction, up to the one that lost the ship, and on which tick of its repair."""
    struck = np.flatnonzero(rng.random(flying - 1) < chance)
    for number, _ in enumerate(struck):
        failed = np.flatnonzero(rng.random(len(REPAIR_FAILS)) < REPAIR_FAILS)
        if len(failed):
            return tuple(int(tick) for tick in struck[: number + 1]), int(failed[0]) + 1
    return tuple(int(tick) for tick in struck), None

"""Health and condition of ships, as pure functions of their readings. Source: the company's flight manual."""

from typing import Final

import numpy as np

from ships_client.contracts.limits import LIMITS
from ships_client.contracts.telemetry import Condition
from ships_client.sim import rules
from ships_client.sim.state import Flags, Floats, Ints

# motor °C, engine kPa, power core °C: the best value, and the span over which health falls to 0.
_PARTS: Final = [LIMITS[column] for column in ("motor_temp_c", "engine_pressure_kpa", "power_core_temp_c")]
_BEST: Final = np.array([part.best for part in _PARTS])
_BROKEN_BELOW: Final = np.array([part.low for part in _PARTS])
_BROKEN_ABOVE: Final = np.array([part.high for part in _PARTS])
_FUEL_BROKEN_PRC: Final = LIMITS["fuel_prc"].low
_WEIGHT: Final = 0.3
"""Of motor, engine and core each."""
_FUEL_WEIGHT: Final = 0.1
_MOST: Final = np.array([{"OK": 0.3, "REPAIR": 0.4, "FAILURE": 0.0}[status] for status in rules.STATUSES])
"""Most total health of a ship that has malfunctioned or failed, by its status."""

_GOOD, _MID, _BAD, _CRITICAL, _REPAIRING, _UNOPERATIONAL = (rules.CONDITIONS.index(c) for c in Condition)
_GOOD_FROM: Final = 0.8
_WORSE_FROM: Final = np.array([0.3, 0.5])
_WORSE: Final = np.array([_CRITICAL, _BAD, _MID], dtype=np.int8)
"""Below the first of _WORSE_FROM, from the first on, from the second on."""
_SURELY_WHOLE: Final = float(1 - (np.minimum(_BEST - _BROKEN_BELOW, _BROKEN_ABOVE - _BEST) / _BEST).min())
"""A part in better health than this is within its limits."""


def scores(readings: Floats, fuel_prc: Floats) -> tuple[Floats, Flags]:
    """Health 0..1 of motor, engine, core and fuel, (n, 4), and which ships have a broken part, (n); that part has 0."""
    health = np.empty((len(readings), 4), order="F")
    three, parts = readings[:, :3], health[:, :3]
    np.subtract(three, _BEST, out=parts)
    np.abs(parts, out=parts)
    parts /= -_BEST
    parts += 1.0
    np.divide(fuel_prc, 100, out=health[:, 3])
    lowest = np.minimum(np.minimum(health[:, 0], health[:, 1]), health[:, 2])
    few = np.flatnonzero((lowest <= _SURELY_WHOLE) | (fuel_prc <= _FUEL_BROKEN_PRC))
    broken = np.zeros(len(readings), dtype=np.bool_)
    if len(few):
        out = fuel_prc[few] <= _FUEL_BROKEN_PRC
        bad = np.column_stack([(three[few] < _BROKEN_BELOW) | (three[few] > _BROKEN_ABOVE), out])
        health[few] = np.where(bad, 0.0, np.maximum(health[few], 0.0))
        broken[few] = bad.any(axis=1)
    return health, broken


def total(health: Floats, status: Ints, component: Ints) -> Floats:
    """Total health 0..1, (n): at most 0.4 in repair, 0.3 with a malfunction, 0 after a failure."""
    whole: Floats = health[:, 0] + health[:, 1]
    whole += health[:, 2]
    whole *= _WEIGHT
    whole += _FUEL_WEIGHT * health[:, 3]
    np.minimum(whole, 1.0, out=whole)
    few = np.flatnonzero((status != rules.OK) | (component != rules.NONE))
    whole[few] = np.minimum(whole[few], _MOST[status[few]])
    return whole


def condition(health_total: Floats, broken: Flags, status: Ints, component: Ints) -> Ints:
    """Condition codes, (n): GOOD from 0.8, MID from 0.5, BAD from 0.3, CRITICAL below, unless something stands."""
    codes = np.full(len(health_total), _GOOD, dtype=np.int8)
    worse = np.flatnonzero(health_total < _GOOD_FROM)
    codes[worse] = _WORSE[np.searchsorted(_WORSE_FROM, health_total[worse], side="right")]
    few = np.flatnonzero((status != rules.OK) | broken | (component != rules.NONE))
    codes[few] = np.where(status[few] == rules.REPAIR, _REPAIRING, _UNOPERATIONAL)
    return codes

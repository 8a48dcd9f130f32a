"""Health and condition of ships, as pure functions of their readings. Source: the company's flight manual."""

from typing import Final

import numpy as np

from ships_client.contracts.telemetry import Condition
from ships_client.sim import rules
from ships_client.sim.state import Flags, Floats, Ints

# motor °C, engine kPa, power core °C: the best value, and the span over which health falls to 0.
_BEST: Final = np.array([90.0, 325.0, 600.0])
_BROKEN_BELOW: Final = np.array([30.0, 100.0, 300.0])
_BROKEN_ABOVE: Final = np.array([180.0, 600.0, 950.0])
_FUEL_BROKEN_PRC: Final = 5.0
_WEIGHTS: Final = np.array([0.3, 0.3, 0.3, 0.1])
_MOST_IN_REPAIR: Final = 0.4
_MOST_IN_MALFUNCTION: Final = 0.3

_GOOD, _MID, _BAD, _CRITICAL, _REPAIRING, _UNOPERATIONAL = (rules.CONDITIONS.index(c) for c in Condition)


def scores(readings: Floats, fuel_prc: Floats) -> tuple[Floats, Flags]:
    """Health 0..1 of motor, engine, core and fuel, (n, 4), and which ships have a broken part, (n); that part has 0."""
    three = readings[:, :3]
    parts = np.clip(1 - np.abs(three - _BEST) / _BEST, 0.0, 1.0)
    broken = (three < _BROKEN_BELOW) | (three > _BROKEN_ABOVE)
    fuel = np.clip(fuel_prc / 100, 0.0, 1.0)
    out = fuel_prc <= _FUEL_BROKEN_PRC
    health = np.column_stack([np.where(broken, 0.0, parts), np.where(out, 0.0, fuel)])
    return health, broken.any(axis=1) | out


def total(health: Floats, status: Ints, component: Ints) -> Floats:
    """Total health 0..1, (n): at most 0.4 in repair, 0.3 with a malfunction, 0 after a failure."""
    whole = np.clip(health @ _WEIGHTS, 0.0, 1.0)
    most = np.select(
        [status == rules.FAILURE, status == rules.REPAIR, component != rules.NONE],
        [0.0, _MOST_IN_REPAIR, _MOST_IN_MALFUNCTION],
        1.0,
    )
    limited: Floats = np.minimum(whole, most)
    return limited


def condition(health_total: Floats, broken: Flags, status: Ints, component: Ints) -> Ints:
    """Condition codes, (n): GOOD from 0.8, MID from 0.5, BAD from 0.3, CRITICAL below, unless something stands."""
    stands = (status == rules.FAILURE) | broken | (component != rules.NONE)
    return np.select(
        [status == rules.REPAIR, stands, health_total >= 0.8, health_total >= 0.5, health_total >= 0.3],
        [_REPAIRING, _UNOPERATIONAL, _GOOD, _MID, _BAD],
        _CRITICAL,
    )

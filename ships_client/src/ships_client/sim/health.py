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
_WEIGHT: Final = 0.3
"""Of motor, engine and core each."""
_FUEL_WEIGHT: Final = 0.1
_MOST_IN_REPAIR: Final = 0.4
_MOST_IN_MALFUNCTION: Final = 0.3

_REPAIRING: Final = rules.CONDITIONS.index(Condition.REPAIRING)
_UNOPERATIONAL: Final = rules.CONDITIONS.index(Condition.UNOPERATIONAL)
_GOOD_FROM: Final = 0.8
_MID_FROM: Final = 0.5
_BAD_FROM: Final = 0.3


def scores(readings: Floats, fuel_prc: Floats) -> tuple[Floats, Flags]:
    """Health 0..1 of motor, engine, core and fuel, (n, 4), and which ships have a broken part, (n); that part has 0."""
    health = np.empty((len(readings), 4), order="F")
    three, parts = readings[:, :3], health[:, :3]
    np.subtract(three, _BEST, out=parts)
    np.abs(parts, out=parts)
    parts /= -_BEST
    parts += 1.0
    health[:, 3] = fuel_prc / 100
    np.clip(health, 0.0, 1.0, out=health)
    bad = (three < _BROKEN_BELOW) | (three > _BROKEN_ABOVE)
    broken: Flags = bad[:, 0] | bad[:, 1] | bad[:, 2] | (fuel_prc <= _FUEL_BROKEN_PRC)
    few = np.flatnonzero(broken)
    parts[few] *= ~bad[few]
    health[few[fuel_prc[few] <= _FUEL_BROKEN_PRC], 3] = 0.0
    return health, broken


def total(health: Floats, status: Ints, component: Ints) -> Floats:
    """Total health 0..1, (n): at most 0.4 in repair, 0.3 with a malfunction, 0 after a failure."""
    whole: Floats = health[:, 0] + health[:, 1]
    whole += health[:, 2]
    whole *= _WEIGHT
    whole += _FUEL_WEIGHT * health[:, 3]
    np.minimum(whole, 1.0, out=whole)
    few = np.flatnonzero((status != rules.OK) | (component != rules.NONE))
    most = np.select(
        [status[few] == rules.FAILURE, status[few] == rules.REPAIR], [0.0, _MOST_IN_REPAIR], _MOST_IN_MALFUNCTION
    )
    whole[few] = np.minimum(whole[few], most)
    return whole


def condition(health_total: Floats, broken: Flags, status: Ints, component: Ints) -> Ints:
    """Condition codes, (n): GOOD from 0.8, MID from 0.5, BAD from 0.3, CRITICAL below, unless something stands."""
    # GOOD, MID, BAD, CRITICAL are 0, 1, 2, 3: one more for each limit that isn't reached.
    codes = (health_total < _GOOD_FROM).astype(np.int64)
    codes += health_total < _MID_FROM
    codes += health_total < _BAD_FROM
    repairing = status == rules.REPAIR
    few = np.flatnonzero((status != rules.OK) | broken | (component != rules.NONE))
    codes[few] = np.where(repairing[few], _REPAIRING, _UNOPERATIONAL)
    return codes

"""The ticks of a flight: place, readings and health at each, one array a column. Pure.

An approximation of the ships' own simulation by the numbers of the flight rules: the same paths, drifts, repairs and
scores, drawn for a whole flight at once.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ships_client.contracts import HOME, PLANETS

from .draw import LOADING_TICKS, REPAIR_FAILS, STRIDE_KM, Flight

START: Final = np.array([90.0, 325.0, 600.0])
"""Motor °C, engine kPa, power core °C; the best values of all three."""
DRIFT: Final = np.array([0.3, 0.8, 0.5])
LOW: Final = np.array([20.0, 100.0, 300.0])
HIGH: Final = np.array([130.0, 600.0, 950.0])
STATUSES: Final = np.array(["OK", "REPAIR", "FAILURE"])
CONDITIONS: Final = np.array(["GOOD", "MID", "BAD", "CRITICAL", "REPAIRING", "UNOPERATIONAL"])

_FLY, _LOAD, _REPAIR = range(3)


def ticks_counted(flight: Flight) -> int:
    """How many ticks the flight has."""
    return len(_kinds(flight)[0])


def ticks_flown(rng: np.random.Generator, flight: Flight) -> dict[str, NDArray[Any]]:
    """Columns of ll.ship_state but mission_id, timestamp and planet by their names, and `on`: the planet or ""."""
    kinds, struck = _kinds(flight)
    count = len(kinds)
    readings = np.clip(START + np.cumsum(rng.uniform(-DRIFT, DRIFT, (count, 3)), axis=0), LOW, HIGH)
    fuel = np.maximum(100.0 - 0.01 * np.arange(1, count + 1), 0.0)
    parts = np.maximum(1 - np.abs(readings - START) / START, 0)
    status = (kinds == _REPAIR).astype(np.int64)
    total = np.minimum(0.3 * parts.sum(axis=1) + fuel / 1000, 1.0)
    total[kinds == _REPAIR] = np.minimum(total[kinds == _REPAIR], 0.4)
    total[struck] = np.minimum(total[struck], 0.3)
    condition = np.searchsorted(np.array([-0.8, -0.5, -0.3]), -total)
    condition[kinds == _REPAIR], condition[struck] = 4, 5
    integrity = np.maximum(100 - 2.5 * np.cumsum(struck), 0)
    if flight.lost_in is not None:
        status[-1], condition[-1], total[-1], integrity[-1] = 2, 5, 0.0, 0.0
    coords = _path(flight, np.cumsum(kinds == _FLY))
    distance = np.sqrt((coords**2).sum(axis=1))
    on = np.where(kinds == _LOAD, flight.target, "").astype(object)
    if flight.lost_in is None:
        on[-1] = HOME
    return {
        "seq": np.arange(count),
        "status": STATUSES[status],
        "ship_condition": CONDITIONS[condition],
        "normalized_health_total": np.round(total, 4),
        "motor_health": np.round(parts[:, 0], 4),
        "engine_health": np.round(parts[:, 1], 4),
        "core_health": np.round(parts[:, 2], 4),
        "fuel_health": np.round(fuel / 100, 4),
        "fuel_prc": np.round(fuel, 2),
        "temperature_c": np.round(21 + 0.08 * (readings[:, 0] - START[0]) + 0.01 * (readings[:, 2] - START[2]), 2),
        "radiation_usv": np.round(0.3 + 4e-9 * distance + 0.02 * np.maximum(readings[:, 2] - START[2], 0), 3),
        "cargo_integrity_prc": integrity.astype(np.float64),
        "coord_x": coords[:, 0],
        "coord_y": coords[:, 1],
        "coord_z": coords[:, 2],
        "on": on,
    }


def _kinds(flight: Flight) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """What the ship did at each tick, and at which a malfunction struck; up to its end."""
    kinds = np.concatenate([np.full(flight.out, _FLY), np.full(LOADING_TICKS, _LOAD), np.full(flight.out, _FLY)])
    # A strike on the way back comes after the loading.
    strikes = np.array([tick + (LOADING_TICKS if tick >= flight.out else 0) for tick in flight.strikes], np.int64)
    struck = np.zeros(len(kinds), np.bool_)
    struck[strikes] = True
    after = np.repeat(strikes + 1, len(REPAIR_FAILS))
    kinds, struck = np.insert(kinds, after, _REPAIR), np.insert(struck, after, False)
    if flight.lost_in is not None:
        end = int(np.flatnonzero(struck)[-1]) + 1 + flight.lost_in
        kinds, struck = kinds[:end], struck[:end]
    return kinds, struck


def _path(flight: Flight, flown: NDArray[np.int64]) -> NDArray[np.float64]:
    """Coordinates, km, after so many ticks of flight; out and back each axis moves on its own."""
    planet = PLANETS[flight.target]
    goal = np.array([planet.x, planet.y, planet.z])
    there = np.minimum(np.abs(goal), STRIDE_KM * np.minimum(flown, flight.out)[:, None])
    back = np.minimum(np.abs(goal), STRIDE_KM * np.maximum(flown - flight.out, 0)[:, None])
    path: NDArray[np.float64] = np.sign(goal) * (there - back)
    return path

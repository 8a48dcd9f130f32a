"""What the instruments show: the columns of telemetry and of a report's ship_state, derived from the state.

Rounded once, here, to what the instruments resolve, so that messages and reports never differ.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ships_client.contracts.telemetry import MissionStatus
from ships_client.sim import health as health_rules
from ships_client.sim import rules
from ships_client.sim.state import FleetState, Floats, Ints

OUTCOMES: Final = (MissionStatus.SUCCESS, MissionStatus.FAILURE)
_SUCCESS, _FAILURE = range(2)

# Fuel in hundredths of a percent, which are exact.
_FUEL_START: Final = round(rules.FUEL_START_PRC * 100)
_FUEL_PER_TICK: Final = round(rules.FUEL_PER_TICK_PRC * 100)

_CABIN_C: Final = 21.0
_CABIN_PER_MOTOR_C: Final = 0.08
_CABIN_PER_CORE_C: Final = 0.01
_BACKGROUND_USV: Final = 0.3
_COSMIC_USV_PER_KM: Final = 4.0e-9
_LEAK_USV_PER_C: Final = 0.02
_INTEGRITY_PER_MALFUNCTION_PRC: Final = 2.5


@dataclass(frozen=True, slots=True)
class Frame:
    """Instruments of n ships at one tick; units as in the contracts, codes as in rules."""

    seq: Ints
    coords: Floats
    fuel: Floats
    readings: Floats
    distance: Floats
    phase: Ints
    status: Ints
    component: Ints
    health: Floats
    total: Floats
    condition: Ints
    outcome: Ints
    """Code in OUTCOMES on a last message, else NONE."""


@dataclass(frozen=True, slots=True)
class Cabin:
    """What only the captain's reports tell of n ships: °C, µSv/h and % of the cargo unharmed."""

    temperature: Floats
    radiation: Floats
    integrity: Floats


def observe(state: FleetState) -> Frame:
    """Read the instruments of all ships that telemetry tells of."""
    fuel = fuel_left(state.tick)
    readings = np.round(state.readings, 3)
    x, y, z = state.position.T
    distance = np.round(np.sqrt(x * x + y * y + z * z), 1)
    health, broken = health_rules.scores(readings, fuel)
    whole = np.round(health_rules.total(health, state.status, state.component), 4)
    outcome = np.full(len(state), rules.NONE, dtype=np.int8)
    ended = np.flatnonzero(state.ended)
    outcome[ended] = np.where(state.phase[ended] == rules.LOST, _FAILURE, _SUCCESS)
    return Frame(
        seq=state.tick,
        coords=state.position,
        fuel=fuel,
        readings=readings,
        distance=distance,
        phase=state.phase,
        status=state.status,
        component=state.component,
        health=np.round(health, 4),
        total=whole,
        condition=health_rules.condition(whole, broken, state.status, state.component),
        outcome=outcome,
    )


def observe_cabin(state: FleetState, frame: Frame) -> Cabin:
    """Read the instruments of all ships that only reports tell of; `frame` is what `observe` has read."""
    return Cabin(
        temperature=np.round(cabin_temperature(frame.readings), 2),
        radiation=np.round(radiation(frame.readings, frame.distance), 3),
        integrity=np.where(state.phase == rules.LOST, 0.0, cargo_integrity(state.malfunctions)),
    )


def fuel_left(ticks: Ints) -> Floats:
    """% of fuel after so many ticks of flight: 0.01 less at each, and never below 0."""
    fuel: Floats = _FUEL_START - _FUEL_PER_TICK * ticks.astype(np.float64)
    np.maximum(fuel, 0.0, out=fuel)
    fuel /= 100
    return fuel


def cabin_temperature(readings: Floats) -> Floats:
    """°C in the cabin: 21, and what the heat of motor and power core adds to it or lacks."""
    motor, core = readings[:, 0] - rules.READING_START[0], readings[:, 2] - rules.READING_START[2]
    cabin: Floats = _CABIN_C + _CABIN_PER_MOTOR_C * motor + _CABIN_PER_CORE_C * core
    return cabin


def radiation(readings: Floats, distance_km: Floats) -> Floats:
    """µSv/h: background, cosmic rays that grow with the distance from Hocotate, and the leak of a hot core."""
    leak = _LEAK_USV_PER_C * np.maximum(readings[:, 2] - rules.READING_START[2], 0.0)
    dose: Floats = _BACKGROUND_USV + _COSMIC_USV_PER_KM * distance_km + leak
    return dose


def cargo_integrity(malfunctions: Ints) -> Floats:
    """% of the cargo unharmed: each malfunction jolts 2.5 % of it; a lost ship has none left."""
    unharmed: Floats = np.maximum(100.0 - _INTEGRITY_PER_MALFUNCTION_PRC * malfunctions, 0.0)
    return unharmed

"""Numbers of the flight rules. One tick is one second of mission time. Source: the company's flight manual."""

from typing import Final

import numpy as np

from ships_client.contracts.telemetry import Component, Condition, Phase, ShipStatus

STRIDE_KM: Final = 2.4e6
"""Most that each axis moves in a tick, each on its own."""
LOADING_TICKS: Final = 30
"""Ticks on the planet, in which items are collected."""
FUEL_START_PRC: Final = 100.0
FUEL_PER_TICK_PRC: Final = 0.01

# One entry a component, in the order of Component: motor °C, engine kPa, power core °C, navigation dB.
READING_START: Final = np.array([90.0, 325.0, 600.0, -70.0])
READING_DRIFT: Final = np.array([0.3, 0.8, 0.5, 0.2])
READING_LOW: Final = np.array([20.0, 100.0, 300.0, -100.0])
READING_HIGH: Final = np.array([130.0, 600.0, 950.0, -50.0])

MALFUNCTION_CHANCE: Final = 0.005
"""For each tick in flight."""
REPAIR_FAILS: Final = np.array([0.05, 0.04, 0.03, 0.02, 0.01])
"""Chance that the ship is lost, on each tick of a repair."""
REPAIR_TICKS: Final = len(REPAIR_FAILS)

# Codes: the index of the member, as arrays hold them; -1 is "none" where there may be none.
PHASES: Final = tuple(Phase)
STATUSES: Final = tuple(ShipStatus)
COMPONENTS: Final = tuple(Component)
CONDITIONS: Final = tuple(Condition)
NONE: Final = -1

OUTBOUND: Final = PHASES.index(Phase.OUTBOUND)
ON_PLANET: Final = PHASES.index(Phase.ON_PLANET)
RETURNING: Final = PHASES.index(Phase.RETURNING)
HOME: Final = PHASES.index(Phase.HOME)
LOST: Final = PHASES.index(Phase.LOST)

OK: Final = STATUSES.index(ShipStatus.OK)
REPAIR: Final = STATUSES.index(ShipStatus.REPAIR)
FAILURE: Final = STATUSES.index(ShipStatus.FAILURE)

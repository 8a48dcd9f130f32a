"""The flight itself: pure functions over arrays of ships; no clock, no network, randomness comes in as draws."""

from ships_client.sim.chance import Draws, draw_pairs, flight_draws, flight_keys
from ships_client.sim.flight import abandon, step
from ships_client.sim.instruments import Cabin, Frame, observe, observe_cabin
from ships_client.sim.rows import ROW, from_rows, to_rows
from ships_client.sim.state import FleetState, docked, launch, places

__all__ = [
    "ROW",
    "Cabin",
    "Draws",
    "FleetState",
    "Frame",
    "abandon",
    "docked",
    "draw_pairs",
    "flight_draws",
    "flight_keys",
    "from_rows",
    "launch",
    "observe",
    "observe_cabin",
    "places",
    "step",
    "to_rows",
]

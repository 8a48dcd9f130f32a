"""The flight itself: pure functions over arrays of ships; no clock, no network, randomness comes in as draws."""

from ships_client.sim.draws import draw
from ships_client.sim.flight import abandon, step
from ships_client.sim.instruments import Frame, observe
from ships_client.sim.state import FleetState, docked, launch

__all__ = ["FleetState", "Frame", "abandon", "docked", "draw", "launch", "observe", "step"]

"""What is left of flights, out and back, if nothing more befalls them."""

from dataclasses import dataclass

import numpy as np

from ships_client.sim import rules
from ships_client.sim.instruments import fuel_left
from ships_client.sim.state import FleetState, Floats, Ints


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of n flights; all 0 but the fuel for those that have ended."""

    ticks_out: Ints
    """Until the ship stands on its planet, 0 from then on; one tick is one second of mission time."""
    ticks: Ints
    """Until the flight ends: home again, or on the planet of a one-way mission."""
    distance_out: Floats
    """km to the planet in a straight line, 0 from then on."""
    distance: Floats
    """km in straight lines until the flight ends."""
    fuel: Floats
    """% at the end of the flight."""


def forecast(state: FleetState) -> Forecast:
    """Look ahead from `state`: repairs that have begun, loading, and both ways at full speed."""
    alive = ~state.ended
    outbound = alive & (state.phase == rules.OUTBOUND)
    back = alive & ~state.one_way
    here = np.where((outbound | (state.phase == rules.ON_PLANET))[:, None], state.target, state.position)
    repair = np.where(alive & (state.component != rules.NONE), rules.REPAIR_TICKS - state.repair, 0)
    loading = np.where(outbound, rules.LOADING_TICKS, state.loading)

    ticks_out = np.where(outbound, _ticks(state.target - state.position) + repair, 0)
    # On the way back a repair still holds the ship up; on the way out it counts there.
    ticks_back = np.where(back, _ticks(here) + loading + np.where(outbound, 0, repair), 0)
    distance_out = np.where(outbound, np.linalg.norm(state.target - state.position, axis=1), 0.0)
    ticks = ticks_out + ticks_back
    return Forecast(
        ticks_out=ticks_out,
        ticks=ticks,
        distance_out=distance_out,
        distance=distance_out + np.where(back, np.linalg.norm(here, axis=1), 0.0),
        fuel=fuel_left(state.tick + ticks),
    )


def _ticks(way: Floats) -> Ints:
    """Ticks for a way of (n, 3) km: those of its longest axis; even a way of nothing takes one."""
    ticks: Ints = np.maximum(np.ceil(np.abs(way).max(axis=1) / rules.STRIDE_KM), 1).astype(np.int64)
    return ticks

"""One tick of flight for many ships at once, as a pure function.

Most ships fly on in most ticks: that is done for all of them at once. What befalls a few (malfunctions, repairs,
arrivals, loading) is done for these few, by their indices.
"""

from dataclasses import replace

import numpy as np

from ships_client.sim import rules
from ships_client.sim.chance import Draws
from ships_client.sim.state import Flags, FleetState, Floats, Ints


def step(state: FleetState, draws: Draws, malfunction_chance: float | Floats = rules.MALFUNCTION_CHANCE) -> FleetState:
    """The state one tick later; ended ships stay as they are. The chance, 0..1, is for all ships or (n).

    In order: a mended ship flies on; a ship under repair stands and may be lost; a flying ship moves, and may arrive or
    else malfunction; a ship on a planet loads. A malfunction costs five ticks; it can't strike on the planet.
    """
    alive = ~state.ended
    phase, status, component = state.phase.copy(), state.status.copy(), state.component.copy()
    repair, loading, malfunctions = state.repair.copy(), state.loading.copy(), state.malfunctions.copy()
    flying = alive & (phase != rules.ON_PLANET)

    hurt = np.flatnonzero(alive & (component != rules.NONE))
    mended = hurt[repair[hurt] == rules.REPAIR_TICKS]
    component[mended], repair[mended], status[mended] = rules.NONE, 0, rules.OK
    standing = hurt[component[hurt] != rules.NONE]
    flying[standing] = False
    repair[standing] += 1
    status[standing] = rules.REPAIR
    lost = standing[draws.pick[standing] < rules.REPAIR_FAILS[repair[standing] - 1]]
    status[lost], phase[lost] = rules.FAILURE, rules.LOST

    loads = np.flatnonzero(alive & (state.phase == rules.ON_PLANET))
    loading[loads] -= 1
    phase[loads[loading[loads] == 0]] = rules.RETURNING

    position, arrived = _move(state, flying)
    outbound = state.phase[arrived] == rules.OUTBOUND
    phase[arrived] = np.where(outbound, rules.ON_PLANET, rules.HOME)
    loading[arrived[outbound]] = rules.LOADING_TICKS

    flying[arrived] = False
    struck = np.flatnonzero(flying & (draws.strike < malfunction_chance))
    component[struck] = (draws.pick[struck] * len(rules.COMPONENTS)).astype(np.int64)
    malfunctions[struck] += 1
    return replace(
        state,
        tick=state.tick + alive,
        position=position,
        phase=phase,
        status=status,
        component=component,
        repair=repair,
        loading=loading,
        readings=_drift(state.readings, draws.drift, alive),
        malfunctions=malfunctions,
    )


def abandon(state: FleetState, which: Flags) -> FleetState:
    """The state one tick later in which the ships `which`, if in flight, are given up for lost."""
    lost = which & ~state.ended
    return replace(
        state,
        tick=state.tick + lost,
        phase=np.where(lost, np.int8(rules.LOST), state.phase),
        status=np.where(lost, np.int8(rules.FAILURE), state.status),
    )


def _move(state: FleetState, flying: Flags) -> tuple[Floats, Ints]:
    """Each axis moves on its own, at most a stride; the indices of those arrived, every axis within one."""
    goal = np.where((state.phase == rules.RETURNING)[:, None], 0.0, state.target)
    stride = (rules.STRIDE_KM * flying)[:, None]
    ahead = state.position + stride
    np.minimum(ahead, goal, out=ahead)
    np.maximum(ahead, state.position - stride, out=ahead)
    there = ahead == goal
    return ahead, np.flatnonzero(flying & there[:, 0] & there[:, 1] & there[:, 2])


def _drift(readings: Floats, uniform: Floats, alive: Flags) -> Floats:
    drifted: Floats = uniform * (2 * rules.READING_DRIFT)
    drifted -= rules.READING_DRIFT
    drifted += readings
    np.clip(drifted, rules.READING_LOW, rules.READING_HIGH, out=drifted)
    if not alive.all():
        still = np.flatnonzero(~alive)
        drifted[still] = readings[still]
    return drifted

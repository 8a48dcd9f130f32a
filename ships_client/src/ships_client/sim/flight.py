"""One tick of flight for many ships at once, as a pure function."""

from dataclasses import replace
from typing import Final

import numpy as np

from ships_client.sim import rules
from ships_client.sim.state import Flags, FleetState, Floats

# What each column of the draws decides.
_DRIFT: Final = slice(0, 4)
_STRIKES, _WHICH, _REPAIR = 4, 5, 6


def step(state: FleetState, draws: Floats) -> FleetState:
    """The state one tick later. `draws` are uniform in [0, 1), shape (n, at least 7); ended ships stay as they are.

    In order: a mended ship flies on; a ship under repair stands and may be lost; a flying ship moves, and may arrive or
    else malfunction; a ship on a planet loads. A malfunction costs five ticks; it can't strike on the planet.
    """
    alive = ~state.ended
    mended = alive & (state.repair == rules.REPAIR_TICKS)
    component = np.where(mended, rules.NONE, state.component)
    repair = np.where(mended, 0, state.repair)

    under_repair = alive & (component != rules.NONE)
    repair = repair + under_repair
    lost = under_repair & (draws[:, _REPAIR] < rules.REPAIR_FAILS[np.maximum(repair, 1) - 1])

    flying = alive & ~under_repair & (state.phase != rules.ON_PLANET)
    position, arrives = _move(state, flying)
    strikes = flying & ~arrives & (draws[:, _STRIKES] < rules.MALFUNCTION_CHANCE)
    which = (draws[:, _WHICH] * len(rules.COMPONENTS)).astype(np.int64)

    on_ground = alive & (state.phase == rules.ON_PLANET)
    loading = np.where(arrives & (state.phase == rules.OUTBOUND), rules.LOADING_TICKS, state.loading - on_ground)
    takes_off = on_ground & (loading == 0)

    phase = np.select(
        [lost, takes_off, arrives & (state.phase == rules.OUTBOUND), arrives],
        [rules.LOST, rules.RETURNING, rules.ON_PLANET, rules.HOME],
        state.phase,
    )
    status = np.select([~alive, lost, under_repair], [state.status, rules.FAILURE, rules.REPAIR], rules.OK)
    return replace(
        state,
        tick=state.tick + alive,
        position=position,
        phase=phase,
        status=status,
        component=np.where(strikes, which, component),
        repair=repair,
        loading=loading,
        readings=np.where(alive[:, None], _drift(state.readings, draws[:, _DRIFT]), state.readings),
        malfunctions=state.malfunctions + strikes,
    )


def abandon(state: FleetState, which: Flags) -> FleetState:
    """The state one tick later in which the ships `which`, if in flight, are given up for lost."""
    lost = which & ~state.ended
    return replace(
        state,
        tick=state.tick + lost,
        phase=np.where(lost, rules.LOST, state.phase),
        status=np.where(lost, rules.FAILURE, state.status),
    )


def _move(state: FleetState, flying: Flags) -> tuple[Floats, Flags]:
    """Each axis moves on its own, at most a stride; arrived when every axis was within one."""
    goal = np.where((state.phase == rules.RETURNING)[:, None], 0.0, state.target)
    way = goal - state.position
    within = np.abs(way) <= rules.STRIDE_KM
    ahead = np.where(within, goal, state.position + np.sign(way) * rules.STRIDE_KM)
    return np.where(flying[:, None], ahead, state.position), flying & within.all(axis=1)


def _drift(readings: Floats, uniform: Floats) -> Floats:
    drifted = readings + (2 * uniform - 1) * rules.READING_DRIFT
    within: Floats = np.clip(drifted, rules.READING_LOW, rules.READING_HIGH)
    return within

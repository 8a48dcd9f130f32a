from collections.abc import Sequence
from dataclasses import fields
from itertools import count
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ships_client.contracts import PLANETS, TARGETS
from ships_client.sim import (
    Draws,
    FleetState,
    abandon,
    docked,
    flight_draws,
    flight_keys,
    from_rows,
    launch,
    observe,
    places,
    rules,
    step,
    to_rows,
)
from ships_client.sim.instruments import fuel_left


def drawn(n: int = 1, strike: float = 0.5, pick: float = 0.5) -> Draws:
    """No drift, and no malfunction unless it is asked for."""
    return Draws(np.full((n, 4), 0.5), np.full(n, strike), np.full(n, pick))


def calmly(state: FleetState) -> FleetState:
    return step(state, drawn(len(state)))


def ready(*names: str, one_way: bool = False, seed: int = 1, numbers: Sequence[int] | None = None) -> FleetState:
    keys = flight_keys(seed, np.array(numbers or range(len(names)), dtype=np.uint64))
    return launch(places([PLANETS[name] for name in names]), np.full(len(names), one_way), keys)


def onward(state: FleetState) -> FleetState:
    return step(state, flight_draws(state.key, state.tick))


def same(one: FleetState, other: FleetState) -> bool:
    return all((getattr(one, f.name) == getattr(other, f.name)).all() for f in fields(one))


def flown(name: str, *, one_way: bool = False) -> tuple[FleetState, list[int]]:
    """The end of a calm flight and the tick at which each phase began."""
    state, began = ready(name, one_way=one_way), {rules.OUTBOUND: 0}
    while not state.ended[0]:
        state = calmly(state)
        began.setdefault(int(state.phase[0]), int(state.tick[0]))
    return state, list(began.values())


@pytest.mark.parametrize(("name", "ticks"), [("PNF-404", 63), ("Maxima", 605)])
def test_a_planet_is_reached_in_its_ticks_and_home_in_as_many(name: str, ticks: int) -> None:
    state, began = flown(name)
    assert began == [0, ticks, ticks + 30, 2 * ticks + 30]
    assert state.position.tolist() == [[0.0, 0.0, 0.0]]


@pytest.mark.parametrize("name", TARGETS)
def test_every_flight_is_as_long_as_its_longest_axis(name: str) -> None:
    planet = PLANETS[name]
    state, _ = flown(name, one_way=True)
    assert state.tick[0] == np.ceil(max(abs(planet.x), abs(planet.y), abs(planet.z)) / 2.4e6)
    assert state.position[0].tolist() == [planet.x, planet.y, planet.z]


def test_axes_move_on_their_own_and_never_more_than_a_stride() -> None:
    state = ready("Karut")
    for _ in range(10):
        state = calmly(state)
    assert state.position[0].tolist() == [2.4e7, 2.4e7, 1.0e7]


def test_a_malfunction_stops_the_ship_for_five_ticks() -> None:
    state = ready("Maxima")
    state = step(state, drawn(strike=0.004, pick=0.3))
    assert state.component[0] == 1
    assert state.status[0] == rules.OK
    there = state.position.copy()
    for _ in range(5):
        state = calmly(state)
        assert state.status[0] == rules.REPAIR
        assert (state.position == there).all()
    state = calmly(state)
    assert (state.status[0], state.component[0], state.repair[0]) == (rules.OK, rules.NONE, 0)
    assert state.position[0, 0] == there[0, 0] + 2.4e6


def test_no_malfunction_strikes_on_arrival_nor_on_the_planet() -> None:
    state = ready("Nijo")
    while state.phase[0] == rules.OUTBOUND:
        state = step(state, drawn(strike=0.0 if state.tick[0] == 45 else 0.5))
    while state.phase[0] == rules.ON_PLANET:
        assert state.component[0] == rules.NONE
        state = step(state, drawn(strike=0.0))
    assert (state.tick[0], state.malfunctions[0]) == (76, 0)


def test_each_ship_may_have_a_chance_of_its_own() -> None:
    state = step(ready("Maxima", "Maxima"), drawn(2, strike=0.1), np.array([0.05, 0.2]))
    assert state.component.tolist() == [rules.NONE, 2]
    assert state.malfunctions.tolist() == [0, 1]


@pytest.mark.parametrize(("attempt", "chance"), list(enumerate([0.05, 0.04, 0.03, 0.02, 0.01])))
def test_each_repair_tick_fails_with_its_own_chance(attempt: int, chance: float) -> None:
    def after(roll: float) -> int:
        state = step(ready("Maxima"), drawn(strike=0, pick=0))
        for _ in range(attempt):
            state = calmly(state)
        return int(step(state, drawn(pick=roll)).phase[0])

    assert after(chance - 1e-9) == rules.LOST
    assert after(chance) == rules.OUTBOUND


def test_an_ended_ship_stays_as_it_is() -> None:
    state, _ = flown("Nijo")
    again = step(state, drawn(strike=0, pick=0))
    assert same(again, state)


def test_an_empty_berth_never_moves_until_a_ship_is_put_there() -> None:
    state = step(docked(3), drawn(3, strike=0, pick=0))
    assert state.tick.tolist() == [0, 0, 0]
    state = calmly(state.put(np.array([1]), ready("Giya")))
    assert state.tick.tolist() == [0, 1, 0]
    assert state.ended.tolist() == [True, False, True]


def test_an_abandoned_ship_is_lost_one_tick_later_and_an_ended_one_is_left() -> None:
    home, _ = flown("Nijo")
    state = abandon(docked(2).put(np.array([0]), ready("Giya")).put(np.array([1]), home), np.array([True, True]))
    assert state.phase.tolist() == [rules.LOST, rules.HOME]
    assert state.tick.tolist() == [1, home.tick[0]]
    assert observe(state).outcome.tolist() == [1, 0]


@settings(max_examples=8, deadline=None)
@given(
    st.integers(0, 2**64 - 1),
    st.lists(st.sampled_from(TARGETS), min_size=1, max_size=40),
    st.randoms(use_true_random=False),
    st.sets(st.integers(0, 1240), max_size=20),
)
def test_a_flight_is_the_same_alone_in_any_fleet_and_after_any_restart(
    seed: int, names: list[str], shuffle: Random, restarts: set[int]
) -> None:
    numbers = shuffle.sample(range(10**6), len(names))
    fleet, alone = ready(*names, seed=seed, numbers=numbers), ready(names[-1], seed=seed, numbers=numbers[-1:])
    order = np.array(shuffle.sample(range(len(names)), len(names)))
    other = fleet.take(order)
    for tick in count():
        if tick in restarts:
            rows = to_rows(fleet, np.arange(len(names)))
            fleet = from_rows(rows, fleet.target, fleet.one_way, fleet.key)
        assert same(fleet.take(np.array([len(names) - 1])), alone)
        assert same(fleet.take(order), other)
        if fleet.ended.all():
            break
        fleet, alone, other = onward(fleet), onward(alone), onward(other)


def test_a_state_made_of_its_rows_is_the_same_state() -> None:
    state = ready(*TARGETS, seed=3)
    for _ in range(150):
        state = onward(state)
    again = from_rows(to_rows(state, np.arange(len(state))), state.target, state.one_way, state.key)
    assert same(again, state)
    assert all(getattr(again, f.name).dtype == getattr(state, f.name).dtype for f in fields(state))


def test_some_ships_are_taken_by_index_or_by_flag() -> None:
    state = ready(*TARGETS)
    some = np.array([True, False] * (len(TARGETS) // 2))
    assert same(state.take(some), state.take(np.flatnonzero(some)))


def test_fuel_falls_by_a_hundredth_a_tick_and_never_below_nothing() -> None:
    hundredths = fuel_left(np.arange(12_000)) * 100
    assert hundredths.tolist() == pytest.approx([*range(10_000, 0, -1), *[0] * 2_000])
    assert fuel_left(np.array([0, 1, 9_999, 10_000, 10_001])).tolist() == [100, 99.99, 0.01, 0, 0]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**64 - 1), st.floats(0, 0.2))
def test_a_fleet_conserves_its_ships_fuel_and_way(seed: int, chance: float) -> None:
    state = ready(*TARGETS, seed=seed)
    while not state.ended.all():
        before = state
        state = step(state, flight_draws(state.key, state.tick), chance)
        frame, alive = observe(state), ~before.ended
        assert (state.tick == before.tick + alive).all()
        assert (np.round(100 * (observe(before).fuel - frame.fuel)) == alive).all()
        moved = np.abs(state.position - before.position)
        assert (moved <= rules.STRIDE_KM).all()
        assert (moved[(state.status == rules.REPAIR) | (before.phase == rules.ON_PLANET) | ~alive] == 0).all()
        assert (state.phase >= before.phase).all()
        assert ((state.readings >= rules.READING_LOW) & (state.readings <= rules.READING_HIGH)).all()
        assert (np.abs(state.readings - before.readings) <= rules.READING_DRIFT + 1e-9).all()
        assert ((frame.health >= 0) & (frame.health <= 1)).all()
        assert ((frame.total >= 0) & (frame.total <= 1)).all()
        assert ((frame.outcome != rules.NONE) == state.ended).all()
    assert (np.abs(state.position[state.phase == rules.HOME]) == 0).all()

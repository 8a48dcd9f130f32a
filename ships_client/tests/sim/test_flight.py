from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ships_client.contracts import PLANETS, TARGETS
from ships_client.sim import FleetState, abandon, docked, draw, launch, observe, rules, step
from ships_client.sim.draws import DRAWS

CALM = np.full(DRAWS, 0.5)
"""No drift, no malfunction."""


def calmly(state: FleetState) -> FleetState:
    return step(state, np.tile(CALM, (len(state), 1)))


def flown(name: str, *, one_way: bool = False) -> tuple[FleetState, list[int]]:
    """The end of a calm flight and the tick at which each phase began."""
    state, began = launch([PLANETS[name]], 0, one_way=one_way), {rules.OUTBOUND: 0}
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
    state = launch([PLANETS["Karut"]], 0)
    for _ in range(10):
        state = calmly(state)
    assert state.position[0].tolist() == [2.4e7, 2.4e7, 1.0e7]


def test_a_malfunction_stops_the_ship_for_five_ticks() -> None:
    state = launch([PLANETS["Maxima"]], 0)
    state = step(state, np.array([[0.5, 0.5, 0.5, 0.5, 0.004, 0.3, 0.5, 0.5]]))
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


@pytest.mark.parametrize(("attempt", "chance"), list(enumerate([0.05, 0.04, 0.03, 0.02, 0.01])))
def test_each_repair_tick_fails_with_its_own_chance(attempt: int, chance: float) -> None:
    def after(roll: float) -> int:
        state = step(launch([PLANETS["Maxima"]], 0), np.array([[0.5, 0.5, 0.5, 0.5, 0, 0, 0.5, 0]]))
        for _ in range(attempt):
            state = calmly(state)
        return int(step(state, np.array([[0.5, 0.5, 0.5, 0.5, 0.5, 0.5, roll, 0]])).phase[0])

    assert after(chance - 1e-9) == rules.LOST
    assert after(chance) == rules.OUTBOUND


def test_an_ended_ship_stays_as_it_is() -> None:
    state, _ = flown("Nijo")
    again = step(state, np.zeros((1, DRAWS)))
    assert all((getattr(again, f.name) == getattr(state, f.name)).all() for f in fields(state))


def test_an_empty_berth_never_moves_until_a_ship_is_put_there() -> None:
    state = step(docked(3), np.zeros((3, DRAWS)))
    assert state.tick.tolist() == [0, 0, 0]
    state = calmly(state.put(1, launch([PLANETS["Giya"]], 0)))
    assert state.tick.tolist() == [0, 1, 0]
    assert state.ended.tolist() == [True, False, True]


def test_an_abandoned_ship_is_lost_one_tick_later_and_an_ended_one_is_left() -> None:
    home, _ = flown("Nijo")
    state = abandon(docked(2).put(0, launch([PLANETS["Giya"]], 0)).put(1, home), np.array([True, True]))
    assert state.phase.tolist() == [rules.LOST, rules.HOME]
    assert state.tick.tolist() == [1, home.tick[0]]
    assert observe(state).outcome.tolist() == [1, 0]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**64 - 1), st.lists(st.sampled_from(TARGETS), min_size=2, max_size=6))
def test_a_flight_is_the_same_alone_and_in_a_fleet(seed: int, names: list[str]) -> None:
    numbers = np.arange(len(names)) * 1000
    fleet = launch([PLANETS[name] for name in names], 0)
    alone = launch([PLANETS[names[-1]]], 0)
    for tick in range(1, 200):
        fleet = step(fleet, draw(seed, numbers, np.full(len(names), tick)))
        alone = step(alone, draw(seed, numbers[-1], tick))
    last = fleet.take(np.array([len(names) - 1]))
    assert all((getattr(last, f.name) == getattr(alone, f.name)).all() for f in fields(alone))


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**64 - 1))
def test_a_fleet_neither_gains_nor_loses_ships_and_its_readings_stay_in_their_ranges(seed: int) -> None:
    state = launch([PLANETS[name] for name in TARGETS], 0)
    numbers = np.arange(len(state))
    before = np.zeros(len(state), dtype=np.int64)
    for tick in range(1, 300):
        state = step(state, draw(seed, numbers, np.full(len(state), tick)))
        frame = observe(state)
        order = np.where(state.phase == rules.LOST, rules.LOST, state.phase)
        assert (order >= before).all()
        before = order
        assert ((state.readings >= rules.READING_LOW) & (state.readings <= rules.READING_HIGH)).all()
        assert ((frame.health >= 0) & (frame.health <= 1)).all()
        assert ((frame.total >= 0) & (frame.total <= 1)).all()
        assert ((frame.outcome != rules.NONE) == state.ended).all()
    assert len(state) == len(TARGETS)

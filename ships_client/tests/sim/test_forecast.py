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
    launch,
    observe,
    places,
    rules,
    step,
)
from ships_client.sim.forecast import forecast


def ready(*names: str, seed: int = 1, one_way: bool = False) -> FleetState:
    keys = flight_keys(seed, np.arange(len(names), dtype=np.uint64))
    return launch(places([PLANETS[name] for name in names]), np.full(len(names), one_way), keys)


def undisturbed(state: FleetState) -> FleetState:
    n = len(state)
    return step(state, Draws(np.full((n, 4), 0.5), np.full(n, 0.5), np.full(n, 0.5)), 0.0)


@pytest.mark.parametrize(("name", "ticks"), [("PNF-404", 63), ("Maxima", 605)])
def test_a_flight_is_known_before_it_begins(name: str, ticks: int) -> None:
    planet = PLANETS[name]
    kilometres = float(np.hypot(np.hypot(planet.x, planet.y), planet.z))
    ahead = forecast(ready(name))
    assert (ahead.ticks_out[0], ahead.ticks[0]) == (ticks, 2 * ticks + 30)
    assert (ahead.distance_out[0], ahead.distance[0]) == pytest.approx((kilometres, 2 * kilometres))
    assert ahead.fuel[0] == pytest.approx(100 - 0.01 * (2 * ticks + 30))


def test_a_one_way_flight_ends_on_its_planet() -> None:
    ahead = forecast(ready("Nijo", one_way=True))
    assert ahead.ticks[0] == ahead.ticks_out[0] == 46
    assert ahead.distance[0] == ahead.distance_out[0] > 0


@pytest.mark.parametrize("repaired", range(6))
def test_a_repair_takes_five_ticks_in_all(repaired: int) -> None:
    state = step(ready("Maxima"), Draws(np.full((1, 4), 0.5), np.zeros(1), np.full(1, 0.5)))
    for _ in range(repaired):
        state = undisturbed(state)
    assert state.repair[0] == repaired
    assert forecast(state).ticks_out[0] == 605 - 1 + 5 - repaired


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**64 - 1), st.integers(0, 400), st.booleans())
def test_flights_end_when_it_was_said_unless_something_befalls_them(seed: int, looks: int, one_way: bool) -> None:
    state = ready(*TARGETS[:6], seed=seed, one_way=one_way)
    for _ in range(looks):
        state = step(state, flight_draws(state.key, state.tick), 0.02)
    began, ahead, landed = state, forecast(state), np.full(len(state), -1)
    while True:
        there = (landed < 0) & (state.phase >= rules.ON_PLANET)
        landed[there] = (state.tick - began.tick)[there]
        if state.ended.all():
            break
        state = undisturbed(state)
    assert ahead.ticks.tolist() == (state.tick - began.tick).tolist()
    assert ahead.ticks_out.tolist() == landed.tolist()
    assert ahead.fuel.tolist() == observe(state).fuel.tolist()


def test_nothing_is_left_of_an_ended_flight() -> None:
    lost = abandon(ready("Giya"), np.array([True]))
    for state in (docked(1), lost):
        ahead = forecast(state)
        assert (ahead.ticks_out[0], ahead.ticks[0], ahead.distance_out[0], ahead.distance[0]) == (0, 0, 0, 0)
    assert forecast(lost).fuel[0] == 99.99


def test_the_way_left_shrinks_to_nothing() -> None:
    state, before = ready("Karut"), np.inf
    while not state.ended[0]:
        left = forecast(state).distance[0]
        assert left <= before
        before, state = left, undisturbed(state)
    assert forecast(state).distance[0] == 0

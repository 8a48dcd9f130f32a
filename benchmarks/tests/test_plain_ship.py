"""What the arrays are measured against does the same work by the same rules."""

from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.plain_ship import PlainShip
from ships_client.contracts import PLANETS
from ships_client.sim import Draws, flight_draws, flight_keys, launch, observe, places, rules, step
from ships_client.sim.instruments import OUTCOMES


def asked_for(draws: Draws, *, under_repair: bool) -> Iterator[float]:
    """The numbers of a tick in the order in which a ship asks for them."""
    yield from draws.drift[0].tolist()
    if not under_repair:
        yield float(draws.strike[0])
    yield float(draws.pick[0])


@pytest.mark.parametrize("seed", range(12))
def test_a_plain_ship_flies_as_the_arrays_do(seed: int) -> None:
    planet = PLANETS["Karut"]
    numbers: Iterator[float] = iter(())
    ship = PlainShip(planet, lambda: next(numbers))
    state = launch(places([planet]), np.zeros(1, dtype=np.bool_), flight_keys(seed, np.zeros(1, dtype=np.uint64)))
    while not ship.ended:
        draws = flight_draws(state.key, state.tick)
        under_repair = ship.component is not None and ship.repair < rules.REPAIR_TICKS
        numbers = asked_for(draws, under_repair=under_repair)
        state = step(state, draws)
        ship.fly()
        frame, seen = observe(state), ship.observe()
        component, outcome = int(frame.component[0]), int(frame.outcome[0])
        assert seen["seq"] == frame.seq[0]
        assert seen["coords"] == tuple(frame.coords[0])
        assert seen["phase"] is rules.PHASES[frame.phase[0]]
        assert seen["status"] is rules.STATUSES[frame.status[0]]
        assert seen["component"] is (None if component == rules.NONE else rules.COMPONENTS[component])
        assert seen["condition"] is rules.CONDITIONS[frame.condition[0]]
        assert seen["outcome"] is (None if outcome == rules.NONE else OUTCOMES[outcome])
        assert seen["fuel"] == frame.fuel[0]
        assert seen["readings"] == pytest.approx(frame.readings[0].tolist(), abs=1.1e-3)
        assert seen["health"] == pytest.approx(frame.health[0].tolist(), abs=1.1e-4)
        assert seen["total"] == pytest.approx(frame.total[0], abs=1.1e-4)
        assert seen["distance"] == pytest.approx(frame.distance[0], abs=0.11)
    assert state.ended[0]

"""The bar of a ship's way."""

import pytest

from missions.route import LEFT, LENGTH, leg_s, route_bar
from ships_client.contracts import Phase


@pytest.mark.parametrize(("planet", "seconds"), [("PNF-404", 63), ("Maxima", 605)])
def test_a_leg_takes_what_the_flight_manual_says(planet: str, seconds: int) -> None:
    assert leg_s(planet) == seconds


@pytest.mark.parametrize(
    ("phase", "seq", "kind", "x"),
    [
        (Phase.OUTBOUND, 0, "out", LEFT),
        (Phase.OUTBOUND, 141, "out", LEFT + LENGTH / 2),
        (Phase.OUTBOUND, 5000, "out", LEFT + LENGTH),
        (Phase.ON_PLANET, 300, "landed", LEFT + LENGTH),
        (Phase.RETURNING, 284 + 30 + 142 - 1, "back", LEFT + LENGTH / 2),
        (Phase.HOME, 600, "back", LEFT),
        (Phase.LOST, 142, "lost", LEFT + LENGTH / 2),
        (Phase.LOST, 284 + 30 + 142 - 1, "lost", LEFT + LENGTH / 2),
    ],
)
def test_the_head_stands_where_the_ship_is(phase: Phase, seq: int, kind: str, x: float) -> None:
    assert leg_s("Koppai") == 284
    bar = route_bar("Koppai", phase, seq)

    assert bar is not None
    assert bar.kind == kind
    assert bar.x == pytest.approx(x, abs=0.3)


def test_a_ship_that_tells_no_phase_or_flies_nowhere_known_has_no_bar() -> None:
    assert route_bar("Koppai", None, 5) is None
    assert route_bar("Earth", Phase.OUTBOUND, 5) is None
    assert route_bar("Hocotate", Phase.OUTBOUND, 5) is None

"""What a scrape costs is measured on the radar's own fleet, gauges and server."""

import pytest

from benchmarks.metrics_cost import cost, gauged, percentile, served


def test_a_scrape_tells_every_ship_and_what_it_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_SHIPS", "40")
    with served(50) as (process, port, most):
        found = cost(process, port, scrapes=3, every_s=0.05)
        assert process.is_running()
    assert not process.is_running()
    assert (found.ships, found.left_out, most) == (40, 10, 40)
    assert 0 < found.median_ms <= found.p95_ms
    assert 0 <= found.core_percent < 200
    assert 1_000 < found.sent < 100_000


def test_ships_with_gauges_and_those_left_out_are_counted() -> None:
    text = 'ship_fuel_percent{ship_id="A"} 9.0\nship_fuel_percent{ship_id="B"} 8.0\nship_gauges_left_out 7998\n'
    assert gauged(text) == (2, 7_998)
    with pytest.raises(RuntimeError, match="ship_gauges_left_out"):
        gauged("")


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.95) == 3.0
    assert percentile([float(n) for n in range(1, 25)], 0.95) == 23.0

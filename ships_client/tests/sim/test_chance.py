import numpy as np
import pytest

from ships_client.sim import draw_pairs, flight_draws, flight_keys
from ships_client.sim.chance import FLIGHT, ITEMS, PLAN, mix

KNOWN = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC]
"""The first words of SplitMix64 from 0, as in the appendix of the paper's reference programs."""


def test_mix_gives_the_published_sequence() -> None:
    golden = np.uint64(0x9E3779B97F4A7C15)
    places = np.arange(1, 5, dtype=np.uint64) * golden
    assert [int(word) for word in mix(places)] == KNOWN


def test_draws_are_uniform_and_uncorrelated_over_flights_and_ticks() -> None:
    for keys, ticks in (
        (flight_keys(7, np.arange(40_000, dtype=np.uint64)), np.full(40_000, 3)),
        (np.repeat(flight_keys(7, np.array([5], dtype=np.uint64)), 40_000), np.arange(40_000)),
    ):
        draws = flight_draws(keys, ticks)
        columns = np.column_stack([draws.drift, draws.strike, draws.pick])
        assert ((columns > 0) & (columns < 1)).all()
        assert columns.mean(axis=0) == pytest.approx(0.5, abs=0.01)
        assert np.abs(np.corrcoef(columns.T) - np.eye(6)).max() < 0.03
        for column in columns.T:
            counts = np.histogram(column, bins=100, range=(0, 1))[0]
            chi_square = ((counts - 400) ** 2 / 400).sum()
            assert 50 < chi_square < 170  # 99 degrees of freedom: outside once in 10^4
        assert abs(np.corrcoef(columns[:-1, 0], columns[1:, 0])[0, 1]) < 0.03


def test_flights_of_other_seeds_and_numbers_differ() -> None:
    numbers = np.arange(1000, dtype=np.uint64)
    keys = np.concatenate([flight_keys(seed, numbers) for seed in (0, 1, 2**64 - 1)])
    assert len(np.unique(keys)) == 3000


def test_streams_never_share_a_draw_and_each_is_uniform() -> None:
    pairs = {stream: draw_pairs(3, 9, range(20_000), stream) for stream in (FLIGHT, PLAN, ITEMS)}
    for drawn in pairs.values():
        assert drawn.mean(axis=0) == pytest.approx(0.5, abs=0.01)
        assert np.abs(np.corrcoef(drawn.T) - np.eye(2)).max() < 0.03
    assert len(np.unique(np.concatenate([drawn[:, 0] for drawn in pairs.values()]))) > 59_000
    assert (draw_pairs(3, 9, [5, 7], PLAN) == pairs[PLAN][[5, 7]]).all()

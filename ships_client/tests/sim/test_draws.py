import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ships_client.sim.draws import DRAWS, FLIGHT, ITEMS, PLAN, draw, philox

# Known answers published with Random123, file kat_vectors, philox4x32 10 rounds.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_published_answers(
    counter: tuple[int, ...], key: tuple[int, int], answer: tuple[int, ...]
) -> None:
    c0, c1, c2, c3 = (np.array([word], dtype=np.uint64) for word in counter)
    assert tuple(int(word[0]) for word in philox((c0, c1, c2, c3), key)) == answer


@given(st.integers(0, 2**64 - 1), st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=5), st.integers(0, 2**31))
def test_draws_depend_on_nothing_but_seed_number_and_tick(seed: int, numbers: list[int], tick: int) -> None:
    together = draw(seed, np.array(numbers, dtype=np.uint64), tick)
    assert together.shape == (len(numbers), DRAWS)
    assert ((together >= 0) & (together < 1)).all()
    for row, number in zip(together, numbers, strict=True):
        assert (row == draw(seed, number, tick)[0]).all()


def test_draws_differ_by_seed_number_tick_and_stream() -> None:
    base = draw(1, 2, 3)
    others = [draw(2, 2, 3), draw(1, 3, 3), draw(1, 2, 4), draw(1, 2, 3, PLAN), draw(1, 2, 3, ITEMS)]
    assert all((base != other).all() for other in others)
    assert (base == draw(1, 2, 3, FLIGHT)).all()


def test_draws_are_uniform() -> None:
    many = draw(7, np.arange(20_000), 1)
    assert many.mean(axis=0) == pytest.approx(0.5, abs=0.01)
    assert many.var(axis=0) == pytest.approx(1 / 12, abs=0.003)
    assert np.abs(np.corrcoef(many.T) - np.eye(DRAWS)).max() < 0.03

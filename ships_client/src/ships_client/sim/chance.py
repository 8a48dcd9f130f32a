"""What chance has in store for each flight and tick: a function of seed, flight number and tick, and of nothing else.

A flight is therefore the same alone, in any fleet, and from any tick on. SplitMix64 of Steele, Lea and Flood, "Fast
splittable pseudorandom number generators" (OOPSLA 2014), read at any place of its sequence; two words a tick.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ships_client.sim.state import Floats, Ints, Keys

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_TWICE_GOLDEN: Final = np.uint64(2 * 0x9E3779B97F4A7C15 % 2**64)
_MIX1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX2: Final = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)


FLIGHT, PLAN, ITEMS = range(3)
"""Streams, which never share a draw: the flight itself, what it is to do, what it collects."""


class Draws(NamedTuple):
    """Uniform numbers in (0, 1) for n ships at one tick; those that decide one event after the other may be one."""

    drift: Floats
    """(n, 4): of each reading, to 1/65536."""
    strike: Floats
    """(n): whether a malfunction strikes."""
    pick: Floats
    """(n): which component it strikes, or whether a repair fails."""


def flight_keys(seed: int, numbers: Keys, stream: int = FLIGHT) -> Keys:
    """The key of each flight in a stream, (n): where its own sequence begins. `seed` below 2**64."""
    start = mix(np.array([seed], dtype=np.uint64) + _GOLDEN)
    if stream != FLIGHT:
        start = mix(start + np.array([stream], dtype=np.uint64) * _GOLDEN)
    return mix(start + mix(numbers * _GOLDEN + _GOLDEN))


def flight_draws(key: Keys, tick: Ints) -> Draws:
    """The draws of n flights for the tick after `tick`, (n)."""
    words = np.empty((2, len(key)), dtype=np.uint64)
    first, second = words
    np.multiply(tick.astype(np.uint64), _TWICE_GOLDEN, out=first)
    first += key
    first += _GOLDEN
    np.add(first, _GOLDEN, out=second)
    _mix_in_place(words)
    words = words.astype("<u8", copy=False)
    strike, pick = _unit(words[1].view("<u4").reshape(-1, 2).T, 32)
    return Draws(drift=_unit(words[0].view("<u2").reshape(-1, 4).T, 16).T, strike=strike, pick=pick)


def draw_pairs(seed: int, number: int, places: Sequence[int], stream: int) -> Floats:
    """Uniform numbers in (0, 1), (n, 2), at `places` (n) of what a stream has in store for a flight."""
    key = flight_keys(seed, np.array([number], dtype=np.uint64), stream)
    words = mix(key + (np.array(places, dtype=np.uint64) + np.uint64(1)) * _GOLDEN)
    return _unit(words.astype("<u8", copy=False).view("<u4").reshape(-1, 2), 32)


def mix(words: Keys) -> Keys:
    """SplitMix64's finalizer (Stafford's variant 13)."""
    mixed = words.copy()
    _mix_in_place(mixed)
    return mixed


def _mix_in_place(words: Keys) -> None:
    shifted = words >> _S30
    words ^= shifted
    words *= _MIX1
    words ^= np.right_shift(words, _S27, out=shifted)
    words *= _MIX2
    words ^= np.right_shift(words, _S31, out=shifted)


def _unit(words: NDArray[np.unsignedinteger], bits: int) -> Floats:
    """Numbers in (0, 1), one after the other in memory."""
    unit = words.astype(np.float64, order="C")
    unit += 0.5
    unit *= 2.0**-bits
    return unit

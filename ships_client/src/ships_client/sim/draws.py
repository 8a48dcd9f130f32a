"""Counter-based randomness: a draw depends on the seed, the flight's number and the tick, and on nothing before it.

So a flight is the same alone, in any fleet, and from any tick on. Philox4x32-10 of Salmon et al., "Parallel random
numbers: as easy as 1, 2, 3" (SC 2011), over whole arrays.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

DRAWS: Final = 8
"""Uniform numbers a flight and tick."""
FLIGHT, PLAN, ITEMS = range(3)
"""Streams, which never share a draw: the flight itself, what it is to do, what it collects."""

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)

Words = NDArray[np.uint64]


def philox(counter: tuple[Words, Words, Words, Words], key: tuple[int, int]) -> tuple[Words, Words, Words, Words]:
    """Ten rounds over four arrays of 32-bit words, which broadcast."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (
            (p1 >> _SHIFT) ^ c1 ^ np.uint64(k0),
            p1 & _LOW,
            (p0 >> _SHIFT) ^ c3 ^ np.uint64(k1),
            p0 & _LOW,
        )
        k0, k1 = (k0 + _W0) & 0xFFFFFFFF, (k1 + _W1) & 0xFFFFFFFF
    return c0, c1, c2, c3


def draw(seed: int, number: ArrayLike, tick: ArrayLike, stream: int = FLIGHT) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1), shape (n, DRAWS), for flights `number` (n) at `tick` (n); seed below 2**64."""
    numbers = np.atleast_1d(np.asarray(number, dtype=np.uint64))[:, None]
    ticks = np.atleast_1d(np.asarray(tick, dtype=np.uint64))[:, None]
    lanes = np.arange(DRAWS // 4, dtype=np.uint64)[None, :]
    high = lanes | np.uint64(stream << 8)
    ticks, numbers, high = np.broadcast_arrays(ticks, numbers, high)
    words = philox(
        (ticks & _LOW, numbers & _LOW, numbers >> _SHIFT, high),
        (seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF),
    )
    return np.stack(words, axis=-1).reshape(len(ticks), DRAWS).astype(np.float64) * 2.0**-32

"""`python -m benchmarks.viewer_ages SITE`: one browser without a page; prints a line a second, until it is ended.

A line is the ages of that second's updates as JSON: [[bin, count], ...], bins of limits.BIN_MS. A process of its own,
so that its work is not counted as the server's.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import numpy as np

from benchmarks.limits import BIN_MS, BINS, Ages
from benchmarks.viewer import Viewer
from radar.records import SEEN_MASK, SEEN_MS, SIZE
from radar.wire import FrameIn

EVERY_S = 1.0


def ages_of(frame: FrameIn, now_ms: float) -> Ages:
    """The ages of a frame's updates at a moment, as counts for each bin."""
    raw = np.frombuffer(frame.records, np.uint8).reshape(-1, SIZE)
    seen = raw[:, 14:18].copy().view("<u4")[:, 0].astype(np.int64)
    # Clocks run on while a frame is on its way, so that no age is negative but by a clock that was set.
    ago = ((int(now_ms) // SEEN_MS - seen + 2**31 & SEEN_MASK) - 2**31) * SEEN_MS // BIN_MS
    return np.bincount(np.clip(ago, 0, BINS - 1), minlength=BINS)


async def main(site: str) -> None:
    """Watch, and tell, until the server closes the socket, which is an error."""
    ages, told = np.zeros(BINS, np.int64), time.monotonic()
    async with Viewer(site) as viewer:
        async for frame in viewer:
            if not frame.full:
                ages += ages_of(frame, time.time() * 1000)
            if time.monotonic() - told >= EVERY_S:
                bins = np.flatnonzero(ages)
                print(json.dumps([[int(place), int(ages[place])] for place in bins]), flush=True)
                ages, told = np.zeros(BINS, np.int64), time.monotonic()
    raise RuntimeError("The server closed the browser's socket.")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

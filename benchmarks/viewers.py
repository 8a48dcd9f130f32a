"""`python -m benchmarks.viewers SITE CLIENTS SECONDS`: browsers without pages, all at once; prints JSON.

A process of its own, so that its work is not counted as the server's. An update is one record of one ship in a frame
that goes on from another; its age is this machine's clock minus the moment at which the ship was seen, which is its own
clock cut to 10 ms.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.viewer import Viewer
from radar.records import SEEN_MASK, SEEN_MS, SIZE
from radar.wire import FrameIn

LONGEST_MS = 20_000
JOIN_EVERY_S = 0.02


class Seen:
    """What all browsers saw together."""

    def __init__(self) -> None:
        self.ages = np.zeros(LONGEST_MS, np.int64)
        self.frames = self.merged = self.bytes = 0
        self.messages: list[int] = []

    def take(self, frame: FrameIn) -> None:
        """Count a frame that goes on from another."""
        now = time.time() * 1000
        raw = np.frombuffer(frame.records, np.uint8).reshape(-1, SIZE)
        seen = raw[:, 14:18].copy().view("<u4")[:, 0].astype(np.int64)
        ago: NDArray[np.int64] = ((int(now) // SEEN_MS & SEEN_MASK) - seen) * SEEN_MS + int(now) % SEEN_MS
        np.add.at(self.ages, np.clip(ago, 0, LONGEST_MS - 1), 1)
        self.frames += 1
        self.merged += frame.merged


async def main(site: str, clients: int, seconds: float) -> None:
    """Watch for so long, from the moment at which the last browser has joined."""
    seen = Seen()
    begins = asyncio.Event()
    watching = [asyncio.create_task(_watch(site, seen, begins, number * JOIN_EVERY_S)) for number in range(clients)]
    await asyncio.sleep(clients * JOIN_EVERY_S + 5)
    began = time.monotonic()
    begins.set()
    await asyncio.sleep(seconds)
    for task in watching:
        if task.done():
            task.result()
        task.cancel()
    took = time.monotonic() - began
    total = np.cumsum(seen.ages)
    updates = int(total[-1])
    told = {
        "seconds": took,
        "updates": updates,
        "p50_ms": int(np.searchsorted(total, updates * 0.5)),
        "p99_ms": int(np.searchsorted(total, updates * 0.99)),
        "frames_a_second": seen.frames / clients / took,
        "merged": seen.merged,
        "bytes_a_second": seen.bytes / clients / took,
    }
    sys.stdout.write(json.dumps(told) + "\n")


async def _watch(site: str, seen: Seen, begins: asyncio.Event, after: float) -> None:
    await asyncio.sleep(after)
    async with Viewer(site) as viewer:
        before: int | None = None
        async for frame in viewer:
            if not begins.is_set() or frame.full:
                continue
            if before is not None:
                seen.bytes += viewer.bytes - before
                seen.take(frame)
            before = viewer.bytes
        raise RuntimeError("The server closed a browser's socket.")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))

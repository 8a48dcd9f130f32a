"""How old a message is when a browser has it."""

from __future__ import annotations

import asyncio
import statistics
import time

from benchmarks.bench_platform import fleet, running
from benchmarks.figures import Result
from benchmarks.viewer import Viewer
from radar.records import split, unpack
from stack.services.base import Context

SHIPS = 200
SPREAD_S = 0.05
SETTLE_S = 20
SAMPLE_S = 30


def measure() -> list[Result]:
    """e2e_latency_p50_ms and e2e_latency_p99_ms.

    200 ships send a message a second each. A WebSocket client of the radar takes, for each ship's update, its own
    clock minus the message's timestamp (the ship's clock at the tick, cut to 10 ms; both run on this machine), for 30 s
    after the fleet has been up for 20 s. Medians of three such samples.
    """
    with (
        running() as context,
        fleet(context, "--ships", str(SHIPS), "--spread", str(SPREAD_S), "--keep", "--seed", "11"),
    ):
        time.sleep(SPREAD_S * SHIPS + SETTLE_S)
        samples = [asyncio.run(_listen(context)) for _ in range(3)]
    for sample in samples:
        if len(sample) < SHIPS * SAMPLE_S * 0.8:
            raise RuntimeError(f"Only {len(sample)} updates of {SHIPS} ships came in {SAMPLE_S} s.")
    halves = [statistics.median(sample) for sample in samples]
    tails = [statistics.quantiles(sample, n=100)[98] for sample in samples]
    return [
        Result("e2e_latency_p50_ms", round(statistics.median(halves))),
        Result("e2e_latency_p99_ms", round(statistics.median(tails))),
    ]


async def _listen(context: Context) -> list[float]:
    """Ages in ms of the updates that one client receives."""
    ages: list[float] = []
    until = time.monotonic() + SAMPLE_S
    async with Viewer(context.settings["SITE_URL"]) as viewer:
        async for frame in viewer:
            now = time.time() * 1000
            if not frame.full:
                ages += [now - unpack(record, frame.made).seen for _slot, record in split(frame.records)]
            if time.monotonic() > until:
                break
    return ages

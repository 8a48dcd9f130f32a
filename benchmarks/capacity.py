"""How many ships one machine carries through the whole platform."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console

from benchmarks.bench_platform import own_platform
from benchmarks.capacity_probe import Load, probe
from benchmarks.capacity_told import Carried, say, tell
from benchmarks.figures import Result
from benchmarks.search import greatest, held
from stack import start
from stack.progress import Progress

RUNGS: Final = tuple(1_000 * n for n in (2, 4, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20))
"""Finer where the bar is. Fifteen of them take four tries."""
PROBE_S: Final = 90.0
HOLD_S: Final = 60 * float(os.environ.get("BENCH_HOLD_MINUTES", "10"))
HOLDS: Final = 3
"""Most numbers that are held for so long."""
CORES: Final = 2


def measure() -> list[Result]:
    """capacity: the greatest number of ships, at a message a second each, that the whole platform carries on two cores.

    Carried means: of all updates 99 % reach a viewer of the radar within 1 s of the ship's clock; the lake never lacks
    a message that is older than 30 s; and neither radar nor tracker nor lake writer falls behind by more than 5 s of
    messages. The number is searched for among RUNGS by halving, with 90 s each after half a minute to settle, and then
    held for ten minutes (BENCH_HOLD_MINUTES sets another time, for a try); where it can't be held, the next lower one
    is. Each time the platform begins with nothing, and what breaks a limit is stopped at once. Reports are a day apart
    and no ship fails, so it is a figure of telemetry. The fleet, the viewer and the measuring run on the same two cores
    and are listed apart. On a machine with more cores all are kept to two. 0: not even the lowest was carried.
    """
    tried: list[Carried] = []
    began = time.monotonic()
    # What other figures have left there would be a part of the load.
    start.down(own_platform(), Progress(Console(stderr=True)))
    shutil.rmtree(own_platform().home, ignore_errors=True)
    with kept_to(CORES) as cores:

        def carried(ships: int, seconds: float) -> bool:
            tried.append(probe(Load(ships, seconds, cores)))
            tell(tried[-1])
            return tried[-1].broken is None

        found = greatest(RUNGS, lambda ships: carried(ships, PROBE_S))
        most = held(RUNGS, found, lambda ships: carried(ships, HOLD_S), HOLDS)
    say(f"In {(time.monotonic() - began) / 60:.0f} minutes, on {cores} cores:")
    for one in tried[:-1]:
        say(one.sentence)
    # Told once more, so that it stands at the end.
    tell(tried[-1])
    if most is None:
        say(f"Not even {RUNGS[0]:,} ships were carried." if found is None else f"None was held for {HOLD_S:.0f} s.")
    return [Result("capacity", most or 0)]


@contextmanager
def kept_to(cores: int) -> Iterator[int]:
    """This process and all that it starts meanwhile run on so many cores at most; how many there are."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:cores])
    try:
        yield len(os.sched_getaffinity(0))
    finally:
        os.sched_setaffinity(0, allowed)

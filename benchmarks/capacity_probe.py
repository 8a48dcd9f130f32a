"""One load on a platform that begins with nothing: is it carried, which limit breaks, and what does each part take?"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Final

import httpx
import psutil
from confluent_kafka import KafkaException

from benchmarks import parts
from benchmarks.bench_platform import running_once
from benchmarks.capacity_load import NotAloft, Watched, fleet, viewer
from benchmarks.capacity_told import Carried, measured, progress, say
from benchmarks.lags import Consumers
from benchmarks.limits import Broken, Look, broken_already, broken_at_last
from stack.services import SERVICES
from stack.services.base import Context
from stack.supervisor import Supervisor

PARTS: Final = tuple(name for name in SERVICES if name != "fleet")
"""The whole platform, with those that watch it where they are installed; the demo fleet is off."""
SETTLE_S: Final = 30.0
LOOK_S: Final = 3.0
LINES: Final = 20
"""Most lines of progress of one sample; they are 15 s apart at least."""
LEAST_S: Final = 15.0


@dataclass(frozen=True)
class Load:
    """So many ships, for so long, on so many cores."""

    ships: int
    seconds: float
    cores: int


def probe(load: Load) -> Carried:
    """Fly the load, and stop as soon as a limit is broken."""
    say(f"{load.ships:,} ships for {load.seconds:.0f} s, on {load.cores} cores:")
    with running_once(PARTS) as context:
        try:
            with fleet(context, load.ships) as ships, viewer(context) as watched, Consumers(context) as consumers:
                say(f"{load.ships:,} ships are in the air; settling for {SETTLE_S:.0f} s")
                time.sleep(SETTLE_S)
                roots = {**_programs(context), parts.FLEET: ships.pid, parts.VIEWER: watched.pid}
                return _sample(load, roots, watched, consumers)
        except NotAloft as error:
            return Carried(load.ships, 0.0, Broken("launch", str(error)), "nothing was measured", "", ())


def _sample(load: Load, roots: dict[str, int], watched: Watched, consumers: Consumers) -> Carried:
    before, busy, began = parts.look(), _busy_s(), time.monotonic()
    watched.begin()
    looks: list[Look] = []
    broken = _watch(load, began, looks, watched, consumers)
    seconds, ages, after = time.monotonic() - began, watched.ages, parts.look()
    busy = (_busy_s() - busy) / seconds
    broken = broken or broken_at_last(looks, ages, load.ships)
    took = parts.taken(before, parts.weighed(after, roots), roots, seconds)
    limit = parts.at_limit(took, load.cores, busy)
    return Carried(load.ships, seconds, broken, measured(load.ships, looks, ages), limit, took)


def _watch(load: Load, began: float, looks: list[Look], watched: Watched, consumers: Consumers) -> Broken | None:
    """Look until the load's time is over, or a limit is broken for good; `looks` is filled."""
    told, every_s = began, max(LEAST_S, load.seconds / LINES)
    while time.monotonic() - began < load.seconds:
        time.sleep(LOOK_S)
        try:
            looks.append(consumers.look())
        except (httpx.HTTPError, KafkaException) as error:
            return Broken("answers", f"A part did not say in time how far it is: {error}.")
        if watched.lost:
            return Broken("radar p99", "The site closed the viewer's connection.")
        ages = watched.ages
        if broken := broken_already(looks, ages, load.ships, load.seconds):
            return broken
        if looks[-1].at - told >= every_s:
            told = looks[-1].at
            say(f"{told - began:.0f} of {load.seconds:.0f} s: {progress(load.ships, looks, ages, consumers)}")
    return None


def _programs(context: Context) -> dict[str, int]:
    """The pids of the platform's programs and of this one, by name."""
    supervisor = Supervisor(context.platform)
    found = {name: int(info["pid"]) for name, info in supervisor.states().items() if info["pid"]}
    return {**found, "supervisord": supervisor.pid() or 0, parts.MEASURING: os.getpid()}


def _busy_s() -> float:
    """Processor time of all programs on the cores that this process may use, in s."""
    each = psutil.cpu_times(percpu=True)
    mine = [each[core] for core in os.sched_getaffinity(0) if core < len(each)]
    return sum(float(times.user + times.nice + times.system + times.irq + times.softirq) for times in mine)

"""How long a start takes, and how much memory the platform takes then, as a whole and part by part."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import compose
from benchmarks.bench_platform import own_platform, resident_mb, running
from benchmarks.figures import Result
from stack import start
from stack.config import Platform
from stack.progress import Progress
from stack.services import CORE, SERVICES, WATCHING
from stack.supervisor import Supervisor

SETTLE_S = 60
ALL: Final = tuple(SERVICES)
_NAMES: Final = {service.title: name for name, service in SERVICES.items()}


@dataclass(frozen=True)
class Booted:
    """A part: seconds from the start of all until it answered well, those since its own process began, and MB."""

    name: str
    after_s: float | None
    own_s: float | None
    mb: float


class Clocked(Progress):
    """Notes when each part has answered well, by `clock`."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self.answered: dict[str, float] = {}

    def done(self, title: str, detail: str, seconds: float) -> None:
        """A line, and a note where it is of a part."""
        if title in _NAMES:
            self.answered[_NAMES[title]] = clock()
        super().done(title, detail, seconds)


def measure() -> list[Result]:
    """boot_seconds and rss_mb.

    boot_seconds: from `make run` on a machine that ran it before (environment, jars, data there; all stopped) until
    every part, the demo fleet of 20 included, has answered well. One start first makes it "before"; the second
    counts.
    rss_mb: a minute after that, the resident memory of all processes under supervisord, itself included, with pages
    that several processes share counted once (PSS), with 20 ships in flight.
    Those that watch the platform, Prometheus, Alertmanager and Pushgateway, are started last, where they are installed.
    They are in the table of parts, and in neither figure: the platform works without them. Where a Docker engine
    answers, the same is measured of the containers and printed, with no bar.
    """
    with running(ALL):
        pass
    platform, progress = own_platform(), Clocked(Console(stderr=True))
    began = clock()
    try:
        start.up(platform, ALL, progress)
        since = process_starts(platform)
        time.sleep(SETTLE_S)
        sizes = resident_mb(platform)
    finally:
        start.down(platform, progress)
    parts = booted(began, progress.answered, since, sizes)
    show(parts)
    show_containers()
    boot = max(part.after_s or 0.0 for part in parts if part.name in CORE)
    core = sum(part.mb for part in parts if part.name not in WATCHING)
    return [Result("boot_seconds", round(boot, 1)), Result("rss_mb", round(core))]


def process_starts(platform: Platform) -> dict[str, float]:
    """When the process of each part began, by `clock`."""
    states, booted_at = Supervisor(platform).states(), psutil.boot_time()
    return {name: psutil.Process(info["pid"]).create_time() - booted_at for name, info in states.items() if info["pid"]}


def clock() -> float:
    """Seconds since the machine booted: the clock by which Linux notes the beginnings of processes."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def booted(
    began: float, answered: Mapping[str, float], since: Mapping[str, float], sizes: Mapping[str, float]
) -> list[Booted]:
    """The parts in the order in which they answered; those that answer nobody, as supervisord, come last."""
    names = sorted(answered, key=lambda name: answered[name])
    parts = [
        Booted(
            name,
            answered[name] - began,
            # One that died and was started anew since it answered has no such time.
            answered[name] - since[name] if since.get(name, answered[name]) < answered[name] else None,
            sizes.get(name, 0.0),
        )
        for name in names
    ]
    return parts + [Booted(name, None, None, size) for name, size in sizes.items() if name not in answered]


def show(parts: list[Booted]) -> None:
    """The table of parts."""
    table = Table("part", box=None)
    for title in ("answers after, s", "since its process began, s", "MB"):
        table.add_column(title, justify="right")
    for part in parts:
        table.add_row(part.name, _seconds(part.after_s), _seconds(part.own_s), f"{part.mb:,.0f}")
    watching = sum(part.mb for part in parts if part.name in WATCHING)
    core = sum(part.mb for part in parts) - watching
    table.add_row("all but those that watch", "", "", f"{core:,.0f}")
    table.add_row("those that watch", "", "", f"{watching:,.0f}")
    Console(stderr=True).print(table)


def show_containers() -> None:
    """Start and memory of the containers, or why they were not measured."""
    console = Console(stderr=True)
    try:
        found = compose.measure(SETTLE_S)
    except compose.NotMeasured as error:
        console.print(f"  {error}", highlight=False, markup=False, soft_wrap=True)
        return
    table = Table("container", box=None)
    table.add_column("MB", justify="right")
    for name, size in sorted(found.mb.items(), key=lambda item: -item[1]):
        table.add_row(name, f"{size:,.0f}")
    table.add_row("all", f"{sum(found.mb.values()):,.0f}")
    console.print(table)
    console.print(f"  docker compose up --wait took {found.boot_s:.1f} s.", highlight=False)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"

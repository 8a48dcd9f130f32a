"""How long a start takes, and how much memory the platform takes then."""

from __future__ import annotations

import time

from rich.console import Console

from benchmarks.bench_platform import own_platform, resident_mb, running
from benchmarks.figures import Result
from stack import start
from stack.progress import Progress
from stack.services import CORE

SETTLE_S = 60


def measure() -> list[Result]:
    """boot_seconds and rss_mb.

    boot_seconds: from `make run` on a machine that ran it before (environment, jars, data there; all stopped) until
    every part, the demo fleet of 20 included, has answered well. One start first makes it "before"; the second
    counts.
    rss_mb: a minute after that, the resident memory of all processes under supervisord, itself included, with pages
    that several processes share counted once (PSS), with 20 ships in flight.
    """
    with running(CORE):
        pass
    platform, progress = own_platform(), Progress(Console(stderr=True))
    began = time.monotonic()
    try:
        start.up(platform, CORE, progress)
        boot = time.monotonic() - began
        time.sleep(SETTLE_S)
        parts = resident_mb(platform)
    finally:
        start.down(platform, progress)
    console = Console(stderr=True)
    for name, size in sorted(parts.items(), key=lambda item: -item[1]):
        console.print(f"  {name:12} {size:7.0f} MB", highlight=False)
    return [Result("boot_seconds", round(boot, 1)), Result("rss_mb", round(sum(parts.values())))]

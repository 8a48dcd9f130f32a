"""What the process of a query may take of the machine; set by itself, before it knows the query."""

from __future__ import annotations

import os
import resource
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

OWN_MB: Final = 512
"""Beside DuckDB's memory: Python, the extensions, the result, and stacks of threads."""

NICE: Final = 10
"""The site's own work goes first."""

GRACE_S: Final = 3.0
"""DuckDB interrupts itself at the time limit; what has not ended so long after it is killed."""


def confine(memory_mb: int) -> None:
    """Bound memory, forbid to write files, give way to others, and be the first to go when memory is short."""
    limit = (memory_mb + OWN_MB) * 2**20
    # RLIMIT_DATA counts what is written to; RLIMIT_AS would count what threads only reserve.
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    os.nice(NICE)
    with suppress(OSError):  # not Linux, or /proc is not mounted
        Path("/proc/self/oom_score_adj").write_text("1000")


def end_after(seconds: float) -> None:
    """Have the kernel end this process so many seconds from now; 0 calls it off."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def resident_mb() -> float:
    """Memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20

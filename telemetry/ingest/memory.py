"""A bound on what the reading of one file may take of the machine's memory."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

_DATA: Final = 5
"""Field of /proc/self/statm: pages of data and stacks, which is what RLIMIT_DATA bounds."""

_inside = 0
_before = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
_lock = Lock()


@contextmanager
def memory_bound(size: int) -> Iterator[None]:
    """Let the process take about `size` bytes more than it has; beyond them an allocation fails.

    A parquet file says itself how large it unpacks, and may not say the truth. The kernel bounds the whole process,
    so of several threads inside the first one sets the bound and the last one lifts it.

    Raises:
        MemoryError: the work within asked for more.
    """
    global _inside, _before
    with _lock:
        if not _inside:
            _before = resource.getrlimit(resource.RLIMIT_DATA)
            _bound(size)
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                resource.setrlimit(resource.RLIMIT_DATA, _before)


def _bound(size: int) -> None:
    try:
        fields = Path("/proc/self/statm").read_text().split()
    except OSError:
        # Not Linux: a kernel that does not tell what was taken does not bound it either.
        return
    taken = int(fields[_DATA]) * resource.getpagesize()
    soft, hard = _before
    ceilings = [value for value in (soft, hard) if value != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([taken + size, *ceilings]), hard))

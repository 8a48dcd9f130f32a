"""Where the installed commands begin: a process of their own, kept small."""

import ctypes
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Final


def ship_command() -> None:
    """`hocotate-ship`."""
    _stay_small()
    from ships_client.cli.ship import ship

    ship()


def fleet_command() -> None:
    """`hocotate-fleet`."""
    _stay_small()
    from ships_client.cli.fleet import fleet

    fleet()


def _stay_small() -> None:
    """Set the process up, before anything loads pyarrow."""
    _give_back()
    _spare_pandas()


_MALLOPT: Final = ((-1, 2**17), (-3, 2**17), (-8, 2))
"""glibc's M_TRIM_THRESHOLD, M_MMAP_THRESHOLD (bytes) and M_ARENA_MAX, by their numbers in malloc.h."""


def _give_back() -> None:
    """Have freed memory given back, so that a fleet which lands and starts anew stays as small as it was.

    Left alone, glibc raises both thresholds to the largest piece that was ever freed, and keeps arenas for each thread;
    pyarrow has a pool of its own, of which each thread keeps about 5 MB once it has made a report. Without glibc only
    the latter is changed.
    """
    # Read when pyarrow is loaded; its set_memory_pool doesn't reach the writer of Parquet.
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in _MALLOPT:
            mallopt(option, value)


class _NoPandas(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is spared.", name=fullname)


def _spare_pandas() -> None:
    """Keep pyarrow from loading pandas, 45 MB, wherever it is installed: nothing here uses it.

    pyarrow looks for it once, when it first makes an array.
    """
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    import pyarrow as pa

    pa.array([0])
    sys.meta_path.remove(finder)

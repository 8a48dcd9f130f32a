"""Where the installed commands begin: a process of their own, kept small."""

import ctypes
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Final

from ships_client.cli.fleet import fleet
from ships_client.cli.ship import ship


def ship_command() -> None:
    """`hocotate-ship`."""
    _spare_pandas()
    _give_back()
    ship()


def fleet_command() -> None:
    """`hocotate-fleet`."""
    _spare_pandas()
    _give_back()
    fleet()


_MALLOPT: Final = ((-1, 2**17), (-3, 2**17), (-8, 2))
"""glibc's M_TRIM_THRESHOLD, M_MMAP_THRESHOLD (bytes) and M_ARENA_MAX, by their numbers in malloc.h."""


def _give_back() -> None:
    """Have freed memory given back, so that a fleet which lands and starts anew stays as small as it was.

    Left alone, glibc raises both thresholds to the largest piece that was ever freed, and keeps arenas for each thread;
    pyarrow has a pool of its own that keeps what reports were made in. Without glibc only the latter is changed.
    """
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
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

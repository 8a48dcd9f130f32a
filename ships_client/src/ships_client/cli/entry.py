"""Where the installed commands begin: a process of their own, kept small."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

from ships_client.cli.fleet import fleet
from ships_client.cli.ship import ship


def ship_command() -> None:
    """`hocotate-ship`."""
    _spare_pandas()
    ship()


def fleet_command() -> None:
    """`hocotate-fleet`."""
    _spare_pandas()
    fleet()


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

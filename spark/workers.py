"""The parent of Spark's Python workers; Spark runs it instead of `pyspark.daemon`.

It loads what every worker needs before it forks them, so that they share that memory.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType


class WithoutPandas(MetaPathFinder):
    """pyarrow loads pandas wherever it is installed, 45 MB a worker, and nothing here uses it."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Say of pandas that it is missing."""
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is kept out of Spark's workers.", name=fullname)


sys.meta_path.insert(0, WithoutPandas())

from pyspark.daemon import manager  # noqa: E402

import spark.transforms.verdicts  # noqa: E402, F401

if __name__ == "__main__":
    manager()  # type: ignore[no-untyped-call]  # PySpark leaves it untyped

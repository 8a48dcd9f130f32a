"""The parent of Spark's Python workers; Spark runs it instead of `pyspark.daemon`.

It loads what every worker needs before it forks them, so that they share that memory.
"""

import sys

# pyarrow loads pandas wherever it is installed, 45 MB a worker, and nothing here uses it.
sys.modules["pandas"] = None  # type: ignore[assignment]  # this is how Python is told that a module is missing

from pyspark.daemon import manager  # noqa: E402

import spark.transforms.verdicts  # noqa: E402, F401

if __name__ == "__main__":
    manager()  # type: ignore[no-untyped-call]  # PySpark leaves it untyped

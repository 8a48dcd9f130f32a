"""A Spark session of a test's own over a lake of its own, without the application."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession

from spark.session import jvm_process, own_session, start_session
from spark.settings import lake_settings
from spark.tests.lakes import Lake


@contextmanager
def session_of(lake: Lake) -> Iterator[SparkSession]:
    """A session that sees each table as it is now; its JVM ends with it."""
    (lake.folder / "spark").mkdir(exist_ok=True)
    settings = lake_settings(lake.environment())
    first = start_session(settings)
    try:
        yield own_session(first, settings)
    finally:
        process = jvm_process(first)
        first.stop()
        SparkSession._instantiatedSession = None
        gateway = first.sparkContext._gateway
        if gateway is not None:
            gateway.shutdown()
        type(first.sparkContext)._gateway = None
        type(first.sparkContext)._jvm = None
        if process.stdin is not None:
            process.stdin.close()
        process.wait(20)
        # PySpark's sockets are closed here, and not in some later test that would be blamed for them.
        del first, gateway
        gc.collect()

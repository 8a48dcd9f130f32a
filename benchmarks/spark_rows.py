"""`python -m benchmarks.spark_rows`: rows a second into Iceberg, and into nothing, by the same stream; prints JSON.

A process of its own, because Spark's JVM belongs to one. It reads the environment of the lake writer.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from pyspark.sql import SparkSession

from spark.running import transformed
from spark.session import start_session
from spark.settings import LakeSettings, lake_settings
from spark.sources import telemetry_stream
from spark.tables import RAW, ddl

ROUNDS = 7
BENCH_TABLE = replace(RAW, name="bench")


def main() -> None:
    """One round to warm up, then rounds of both sinks in turn."""
    settings = lake_settings(os.environ)
    session = start_session(settings)
    session.sql("CREATE NAMESPACE IF NOT EXISTS fleet.telemetry")
    rates: dict[str, list[float]] = {"iceberg": [], "noop": []}
    for number in range(ROUNDS + 1):
        for sink in rates:
            rate = _rate(session, settings, sink)
            if number:
                rates[sink].append(rate)
    session.sql(f"DROP TABLE {BENCH_TABLE.identifier} PURGE")
    session.stop()
    sys.stdout.write(json.dumps(rates) + "\n")


def _rate(session: SparkSession, settings: LakeSettings, sink: str) -> float:
    """Rows a second of one pass over the topic, from the start of its query to the end of its last batch."""
    session.sql(f"DROP TABLE IF EXISTS {BENCH_TABLE.identifier} PURGE")
    session.sql(ddl(BENCH_TABLE))
    stream = transformed(telemetry_stream(session, settings, "earliest"), RAW).selectExpr(
        "*", "current_timestamp() as ingest_time"
    )
    with tempfile.TemporaryDirectory(dir=settings.local_dir) as folder:
        writer = stream.writeStream.trigger(availableNow=True).option(
            "checkpointLocation", f"file:{Path(folder) / sink}"
        )
        began = time.monotonic()
        if sink == "iceberg":
            query = writer.format("iceberg").option("fanout-enabled", "true").toTable(BENCH_TABLE.identifier)
        else:
            query = writer.format("noop").start()
        query.awaitTermination()
        took = time.monotonic() - began
        rows = sum(progress.numInputRows for progress in query.recentProgress)
    return rows / took


if __name__ == "__main__":
    main()

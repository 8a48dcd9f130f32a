"""`python -m benchmarks.hour`: an hour of a fleet's messages in the lake, as its stream would have left it.

A process of its own, because Spark's JVM belongs to one. It reads the environment of the lake writer.
"""

from __future__ import annotations

import os
import time

from pyspark.sql import DataFrame, SparkSession

from spark.derive import COMMIT_PROPERTY
from spark.migrations import migrate
from spark.session import own_session, start_session
from spark.settings import lake_settings
from spark.tables import RAW, SHIP_MINUTE, TRACK, LakeTable, iceberg_table

SHIPS = 2_000
SECONDS = 3_600
FILE_ROWS = SHIPS * 5 // 2
"""A commit every 5 s writes two files."""

HEALTH = ("health_motor", "health_engine", "health_core", "health_fuel", "normalized_health_total")


def main() -> None:
    """Fill raw and track; ship_minute is told that it has read them."""
    settings = lake_settings(os.environ)
    session = own_session(start_session(settings), settings)
    migrate(session)
    rows = messages(session)
    _write(session, rows.select(*(column.name for column in RAW.columns)), RAW, None)
    _write(session, rows.select(*(column.name for column in TRACK.columns)), TRACK, RAW)
    _write(session, session.table(SHIP_MINUTE.identifier).limit(0), SHIP_MINUTE, TRACK)
    session.stop()


def messages(session: SparkSession) -> DataFrame:
    """7,200,000 messages of the hour that ended a minute ago, in files as a stream writes them."""
    begin = (int(time.time()) - SECONDS - 60) * 1_000_000
    sent = f"timestamp_micros({begin} + seq * 1000000L)"
    count = SHIPS * SECONDS
    return (
        session.range(0, count, 1, count // FILE_ROWS)
        .selectExpr("id", f"id div {SHIPS} as seq")
        .selectExpr(
            f"{sent} as event_time",
            f"1000000000L + id % {SHIPS} as mission_id",
            f"concat('BENCH_', lpad(id % {SHIPS}, 4, '0')) as ship_id",
            "seq",
            "'OUTBOUND' as phase",
            "1.2e6 * (seq % 600) + rand(1) as coord_x",
            "-2.1e6 * (seq % 600) + rand(2) as coord_y",
            "1e5 * (seq % 600) as coord_z",
            "2.4e6 * (seq % 600) + rand(3) as distance_from_hocotate_km",
            "100 - (seq % 600) * 0.01D as fuel_prc",
            "round(90 + 10 * rand(4), 2) as motor_temp_c",
            "round(325 + 20 * rand(5), 2) as engine_pressure_kpa",
            "round(600 + 10 * rand(6), 2) as power_core_temp_c",
            "round(rand(7) - 70, 2) as navigation_signal_db",
            "'OK' as status",
            "cast(null as string) as malfunctioned_component",
            *(f"round(0.9D + rand({place}) / 10, 4) as {name}" for place, name in enumerate(HEALTH, 8)),
            "'GOOD' as ship_condition",
            "cast(null as string) as mission_status",
            "'telemetry/2' as contract",
            "'telemetry.raw' as kafka_topic",
            # Before the topic's first offset, so that the stream begins at the first.
            "cast(id % 6 as int) as kafka_partition",
            f"id div 6 - {count // 6} as kafka_offset",
            f"{sent} as kafka_time",
            f"{sent} as ingest_time",
        )
    )


def _write(session: SparkSession, rows: DataFrame, table: LakeTable, source: LakeTable | None) -> None:
    if source is not None:
        read = iceberg_table(session, source).currentSnapshot().snapshotId()
        session.conf.set(COMMIT_PROPERTY, str(read))
    rows.writeTo(table.identifier).option("fanout-enabled", "true").append()
    session.conf.unset(COMMIT_PROPERTY)


if __name__ == "__main__":
    main()

"""Rows of track into rows of ship_minute: what each ship said in each minute, summed up."""

from __future__ import annotations

from typing import Final

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql.functions import (
    avg,
    col,
    count_if,
    date_trunc,
    expr,
    greatest,
    lag,
    lit,
    max_by,
    min_by,
    struct,
    unix_micros,
    when,
)
from pyspark.sql.functions import count as count_rows
from pyspark.sql.functions import max as highest
from pyspark.sql.functions import min as lowest
from pyspark.sql.functions import sum as total

from spark.columns import READINGS, SHIP_MINUTE

LATE_S: Final = 60
AXES: Final = ("x", "y", "z")


def touched(rows: DataFrame) -> DataFrame:
    """The minutes (ship_id, minute) that new rows of track change.

    Beside their own also the minute after, whose gap before its first message may have closed.
    """
    own = rows.select("ship_id", date_trunc("minute", "event_time").alias("minute")).distinct()
    return own.union(own.selectExpr("ship_id", "minute + INTERVAL 1 MINUTE AS minute")).distinct()


def with_minute_before(minutes: DataFrame) -> DataFrame:
    """The minutes that must be read to sum up `minutes`: these, and the ones before, for gaps across the minute."""
    return minutes.union(minutes.selectExpr("ship_id", "minute - INTERVAL 1 MINUTE AS minute")).distinct()


def summed_up(track: DataFrame) -> DataFrame:
    """A row a ship and minute; columns of ship_minute."""
    flight = Window.partitionBy("mission_id").orderBy("seq", "event_time")
    minute = date_trunc("minute", "event_time")
    missing = greatest(col("seq") - lag("seq").over(flight) - 1, lit(0))
    # A row further back than the minute before is just the last that was read, not the last that there is.
    adjoins = lag("event_time").over(flight) >= minute - expr("INTERVAL 1 MINUTE")
    rows = track.withColumns({"minute": minute, "missing": when(adjoins, missing)})
    by_time = struct("event_time", "seq")
    sums = rows.groupBy("minute", "ship_id").agg(
        max_by("mission_id", by_time).alias("mission_id"),
        count_rows("*").alias("messages"),
        # Nothing is known to be missing before a first message.
        total(expr("coalesce(missing, 0)")).alias("gaps"),
        count_if(unix_micros("kafka_time") - unix_micros("event_time") > LATE_S * 1_000_000).alias("late"),
        min_by("seq", by_time).alias("first_seq"),
        max_by("seq", by_time).alias("last_seq"),
        lowest("event_time").alias("first_time"),
        highest("event_time").alias("last_time"),
        *(min_by(f"coord_{axis}", by_time).alias(f"first_{axis}") for axis in AXES),
        *(max_by(f"coord_{axis}", by_time).alias(f"last_{axis}") for axis in AXES),
        *(column for reading, _ in READINGS for column in _spread(reading)),
        count_if(col("status") == "REPAIR").alias("repairs"),
        count_if(col("status") == "FAILURE").alias("failures"),
    )
    return sums.select(*(column.name for column in SHIP_MINUTE))


def _spread(reading: str) -> tuple[Column, Column, Column]:
    return (
        lowest(reading).alias(f"{reading}_min"),
        avg(reading).alias(f"{reading}_avg"),
        highest(reading).alias(f"{reading}_max"),
    )

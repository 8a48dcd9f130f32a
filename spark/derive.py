"""Extends the tables that follow from others: track from raw, ship_minute from track.

Both are right whatever comes late, twice or out of order, because a step looks its rows up by what they are about, not
by when they came: track takes a message that it does not hold, ship_minute sums up anew each minute that new rows
touch. A step that a kill cuts off leaves nothing, and is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql.functions import broadcast, date_trunc, lit, unix_seconds

from spark.increments import DERIVED_FROM, Increment, ranges, unread
from spark.tables import RAW, SHIP_MINUTE, TRACK, current_id
from spark.transforms import ship_minute
from spark.transforms.track import first_of_each, not_held

STEP_ROWS: Final = 200_000
"""About so many rows of its source a step takes in; bounds its memory."""

MOST_RANGES: Final = 40
"""Ranges that a scan is narrowed to."""

COMMIT_PROPERTY: Final = f"spark.sql.iceberg.snapshot-property.{DERIVED_FROM}"
MINUTE_S: Final = 60


def extend_track(session: SparkSession, newest: int, most_rows: int = STEP_ROWS) -> bool:
    """Take the next rows of raw, up to snapshot `newest`, into track; False when there are none."""
    increment = unread(session, RAW, TRACK, newest, most_rows)
    if increment is None:
        return False
    source = increment.read(session, RAW)
    rows = first_of_each(source)
    looked_at = current_id(session, TRACK)
    if looked_at is not None:
        held = session.table(TRACK.identifier)
        if increment.bounded:
            held = held.where(within("mission_id", (row["mission_id"] for row in _distinct(source, "mission_id"))))
        rows = not_held(rows, held, few=increment.bounded)
    writer = rows.writeTo(TRACK.identifier).option("fanout-enabled", "true")
    with _reaching(session, increment):
        if looked_at is None:
            writer.append()
        else:
            # An append that Iceberg refuses if anybody has added rows since they were looked at: an application that
            # has lost its lock in the middle of a step can't double what the next one has taken in.
            unchanged = {"validate-from-snapshot-id": str(looked_at), "isolation-level": "serializable"}
            writer.options(**unchanged).overwrite(lit(False))
    return True


def extend_minutes(session: SparkSession, newest: int, most_rows: int = STEP_ROWS) -> bool:
    """Sum up anew the minutes that rows of track up to snapshot `newest` touch; False when there are no new ones."""
    increment = unread(session, TRACK, SHIP_MINUTE, newest, most_rows)
    if increment is None:
        return False
    touched = ship_minute.touched(increment.read(session, TRACK)).persist()
    try:
        _sum_up(session, touched, increment)
    finally:
        touched.unpersist()
    return True


def _sum_up(session: SparkSession, touched: DataFrame, increment: Increment) -> None:
    few: Callable[[DataFrame], DataFrame] = broadcast if increment.bounded else lambda rows: rows
    minutes = {row["at"] // MINUTE_S for row in _distinct(touched.select(unix_seconds("minute").alias("at")), "at")}
    needed = ship_minute.with_minute_before(touched)
    rows = (
        session.table(TRACK.identifier)
        .where(in_minutes("event_time", minutes | {minute - 1 for minute in minutes}))
        .withColumn("minute", date_trunc("minute", "event_time"))
        .join(few(needed), ["ship_id", "minute"], "left_semi")
    )
    sums = ship_minute.summed_up(rows).join(few(touched), ["ship_id", "minute"], "left_semi")
    sums.createOrReplaceTempView("summed")
    with _reaching(session, increment):
        session.sql(
            f"""
            MERGE INTO {SHIP_MINUTE.identifier} AS held USING summed
            ON held.ship_id = summed.ship_id AND held.minute = summed.minute AND {in_minutes("held.minute", minutes)}
            WHEN MATCHED THEN UPDATE SET *
            WHEN NOT MATCHED THEN INSERT *
            """
        )


def _distinct(rows: DataFrame, column: str) -> list[Row]:
    return rows.select(column).distinct().collect()


def within(column: str, values: Iterable[int]) -> str:
    """A condition by which Iceberg can skip files: the column lies near one of the values, or is one of them."""
    each = (f"{column} BETWEEN {first} AND {last}" for first, last in ranges(values, MOST_RANGES))
    return f"({' OR '.join(each) or 'false'})"


def in_minutes(column: str, minutes: Iterable[int]) -> str:
    """A condition by which Iceberg can skip files: the time lies in or near one of the minutes (since 1970)."""
    found = ranges(minutes, MOST_RANGES)
    each = (
        f"({column} >= timestamp_seconds({first * MINUTE_S}) AND {column} < timestamp_seconds({(last + 1) * MINUTE_S}))"
        for first, last in found
    )
    return f"({' OR '.join(each) or 'false'})"


@contextmanager
def _reaching(session: SparkSession, increment: Increment) -> Iterator[None]:
    """What is committed meanwhile says that it has read up to the end of the increment."""
    session.conf.set(COMMIT_PROPERTY, str(increment.end))
    try:
        yield
    finally:
        session.conf.unset(COMMIT_PROPERTY)

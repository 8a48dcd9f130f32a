"""Rows of raw into rows of track: of what a ship sent twice, one stands.

A message is named by mission and seq; one of version 1, which has no seq, by mission and time.
"""

from __future__ import annotations

from typing import Final

from pyspark.sql import DataFrame, Window
from pyspark.sql.functions import broadcast, coalesce, col, lit, row_number, timestamp_micros, when

from spark.columns import TRACK

NAME: Final = ("mission_id", "seq_or_none", "time_or_none")


def named(rows: DataFrame) -> DataFrame:
    """Rows with the columns that name a message, none of them null."""
    return rows.withColumns(
        {
            "seq_or_none": coalesce(col("seq"), lit(-1)),
            "time_or_none": when(col("seq").isNull(), col("event_time")).otherwise(timestamp_micros(lit(0))),
        }
    )


def first_of_each(rows: DataFrame) -> DataFrame:
    """Of the rows of one message the one that the broker took first; columns of track."""
    order = Window.partitionBy(*NAME).orderBy("kafka_time", "kafka_partition", "kafka_offset")
    numbered = named(rows).withColumn("place", row_number().over(order))
    return numbered.where(col("place") == 1).select(*(column.name for column in TRACK))


def not_held(rows: DataFrame, held: DataFrame, *, few: bool) -> DataFrame:
    """Those rows whose message does not stand among `held` yet; `few` when all names of `rows` fit into memory."""
    wanted = named(rows)
    # A few go to where the many are read, and only the names of both come back.
    names = broadcast(wanted.select(*NAME)) if few else wanted.select(*NAME)
    doubled = named(held).select(*NAME).join(names, list(NAME), "left_semi").distinct()
    return wanted.join(doubled, list(NAME), "left_anti").select(*rows.columns)

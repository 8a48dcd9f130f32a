"""Streams into Iceberg's own sink, which commits each micro-batch exactly once."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql.functions import current_timestamp
from pyspark.sql.streaming.query import StreamingQuery

from spark.settings import LakeSettings
from spark.tables import LakeTable


def checkpoint(settings: LakeSettings, table: LakeTable) -> str:
    """Where the query of a table keeps which offsets its batches have."""
    return f"{settings.checkpoints}/{table.name}"


def start_query(stream: DataFrame, table: LakeTable, settings: LakeSettings) -> StreamingQuery:
    """Write `stream` into `table` until it is stopped.

    Iceberg stores query and batch number in each snapshot and skips a batch that it holds already; that makes a
    batch which is run again after a crash count once. foreachBatch would not.
    """
    return (
        stream.withColumn("ingest_time", current_timestamp())
        .writeStream.queryName(table.name)
        .format("iceberg")
        .outputMode("append")
        .trigger(processingTime=f"{settings.trigger_seconds} seconds")
        .option("fanout-enabled", "true")
        .option("checkpointLocation", checkpoint(settings, table))
        .toTable(table.identifier)
    )

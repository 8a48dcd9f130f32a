"""The topic (telemetry.raw) as a stream of rows."""

from __future__ import annotations

from typing import Final

from pyspark.sql import DataFrame, SparkSession

from spark.broker import java_credentials
from spark.settings import LakeSettings

HEADER: Final = "contract"
LONGEST_CONTRACT: Final = 64
"""Characters kept of what a producer claims."""


def kafka_options(settings: LakeSettings, starting_offsets: str) -> dict[str, str]:
    """How Spark reads the topic.

    `starting_offsets` counts for a new checkpoint only. A gap that the broker made by deleting old messages fails
    the query, unless the settings accept it: nobody should learn of it from the audit alone.
    """
    return {
        **{f"kafka.{name}": value for name, value in java_credentials(settings).items()},
        "kafka.bootstrap.servers": settings.kafka_bootstrap,
        "subscribe": settings.topic,
        "startingOffsets": starting_offsets,
        "maxOffsetsPerTrigger": str(settings.max_offsets),
        "failOnDataLoss": str(not settings.accept_data_loss).lower(),
        "includeHeaders": "true",
        # Half of Kafka's defaults: a broker that hangs is noticed within the stall limit.
        "kafka.default.api.timeout.ms": "30000",
        "kafka.request.timeout.ms": "15000",
        "kafka.max.partition.fetch.bytes": str(2 * 2**20),
        "fetchOffset.numRetries": "10",
        "fetchOffset.retryIntervalMs": "1000",
    }


def telemetry_stream(session: SparkSession, settings: LakeSettings, starting_offsets: str) -> DataFrame:
    """The topic as a stream: `value` and the Kafka columns, in as many tasks as there are cores."""
    options = kafka_options(settings, starting_offsets)
    stream = session.readStream.format("kafka").options(**options).load()
    return rows(stream).coalesce(session.sparkContext.defaultParallelism)


def rows(kafka: DataFrame) -> DataFrame:
    """Kafka's columns under the lake's names."""
    header = f"filter(headers, header -> header.key = '{HEADER}')[0]"
    return kafka.selectExpr(
        "value",
        "key as kafka_key",
        # A header may hold any bytes; in a text column they would make the whole file unreadable.
        f"left(make_valid_utf8(cast({header}.value as string)), {LONGEST_CONTRACT}) as contract",
        "topic as kafka_topic",
        "partition as kafka_partition",
        "offset as kafka_offset",
        "timestamp as kafka_time",
    )

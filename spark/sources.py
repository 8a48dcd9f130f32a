"""The topic (telemetry.raw) as a stream of rows."""

from __future__ import annotations

from typing import Final

from pyspark.sql import DataFrame, SparkSession

from spark.settings import LakeSettings

HEADER: Final = "contract"


def kafka_options(settings: LakeSettings, starting_offsets: str) -> dict[str, str]:
    """How Spark reads the topic.

    `starting_offsets` counts for a new checkpoint only. A gap that the broker made by deleting old messages fails
    the query, unless the settings accept it: nobody should learn of it from the audit alone.
    """
    return {
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


def telemetry_range(session: SparkSession, settings: LakeSettings) -> DataFrame:
    """All that the topic holds now, as a batch with the same columns: for measuring."""
    options = kafka_options(settings, "earliest") | {"endingOffsets": "latest"}
    del options["maxOffsetsPerTrigger"]
    return rows(session.read.format("kafka").options(**options).load())


def rows(kafka: DataFrame) -> DataFrame:
    """Kafka's columns under the lake's names."""
    return kafka.selectExpr(
        "value",
        f"cast(filter(headers, header -> header.key = '{HEADER}')[0].value as string) as contract",
        "topic as kafka_topic",
        "partition as kafka_partition",
        "offset as kafka_offset",
        "timestamp as kafka_time",
    )

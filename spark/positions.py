"""Where a query begins that has no checkpoint: after what its table holds.

A query reads each partition in order and commits whole ranges of offsets. So all messages of its kind up to the
highest offset in its table are in it, and those between that offset and the lost checkpoint's were not of its kind:
reading them again, with the same verdict, yields no row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from pyspark.sql import SparkSession
from pyspark.sql.functions import max as highest

from spark.broker import librdkafka
from spark.errors import LakeError
from spark.session import jvm
from spark.settings import LakeSettings
from spark.sinks import checkpoint
from spark.tables import LakeTable

EARLIEST: Final = -2
"""Kafka's mark for a partition's oldest message."""


def starting_offsets(session: SparkSession, settings: LakeSettings, table: LakeTable) -> str:
    """Kafka's startingOffsets for a table's query; used by Spark only where there is no checkpoint."""
    if has_checkpoint(session, settings, table):
        return "earliest"
    held = highest_offsets(session, table)
    if not held:
        return "earliest"
    return offsets_after(held, settings.topic, topic_partitions(settings))


def has_checkpoint(session: SparkSession, settings: LakeSettings, table: LakeTable) -> bool:
    """Whether the query of a table has planned a batch before."""
    path = jvm(session).org.apache.hadoop.fs.Path(f"{checkpoint(settings, table)}/offsets")
    files = path.getFileSystem(session.sparkContext._jsc.hadoopConfiguration())
    return bool(files.exists(path)) and any(status.getPath().getName().isdigit() for status in files.listStatus(path))


def highest_offsets(session: SparkSession, table: LakeTable) -> dict[int, int]:
    """The highest offset of each Kafka partition that has rows in a table."""
    found = session.table(table.identifier).groupBy("kafka_partition").agg(highest("kafka_offset").alias("offset"))
    return {row["kafka_partition"]: row["offset"] for row in found.collect()}


def offsets_after(held: Mapping[int, int], topic: str, partitions: int) -> str:
    """startingOffsets right after the held offsets; a partition without any begins at its oldest message."""
    count = max(partitions, max(held) + 1)
    offsets = {str(number): held[number] + 1 if number in held else EARLIEST for number in range(count)}
    return json.dumps({topic: offsets})


def topic_partitions(settings: LakeSettings, timeout_s: float = 10) -> int:
    """How many partitions the topic has.

    Raises:
        LakeError: Kafka does not answer, or has no such topic.
    """
    bootstrap, topic = settings.kafka_bootstrap, settings.topic
    try:
        topics = AdminClient(librdkafka(settings)).list_topics(topic, timeout=timeout_s).topics
    except KafkaException as error:
        raise LakeError(f"Kafka at {bootstrap} does not answer: {error.args[0]}.") from error
    partitions = len(topics[topic].partitions)
    if not partitions:
        raise LakeError(f"Kafka at {bootstrap} has no topic {topic}. `make run` creates it.")
    return partitions

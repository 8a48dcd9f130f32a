"""The topics of the platform."""

from __future__ import annotations

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from stack.services.base import Context
from stack.services.kafka import HEALTH_TOPIC, admin

DAY_MS = 24 * 3600 * 1000

TOPICS: dict[str, tuple[int, dict[str, str]]] = {
    # LogAppendTime: the broker's clock judges how late a message is, and a replay judges the same
    "telemetry.raw": (6, {"retention.ms": str(7 * DAY_MS), "message.timestamp.type": "LogAppendTime"}),
    "telemetry.dlq": (1, {"retention.ms": str(30 * DAY_MS)}),
    HEALTH_TOPIC: (1, {"retention.ms": "600000", "segment.ms": "600000", "segment.bytes": "1048576"}),
}
"""Topic: its partitions and settings."""


def ensure(context: Context) -> None:
    """Make the topics that are missing; those that are there stay as they are."""
    client: AdminClient = admin(context)
    wanted = [
        NewTopic(name, num_partitions=partitions, replication_factor=1, config=config)
        for name, (partitions, config) in TOPICS.items()
    ]
    for made in client.create_topics(wanted, operation_timeout=15).values():
        try:
            made.result(timeout=20)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise

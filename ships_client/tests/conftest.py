"""Kafka without a server: librdkafka's own in-memory cluster, which speaks the protocol over TCP."""

from collections.abc import Callable, Iterator
from time import monotonic

import pytest
from confluent_kafka import Consumer, Message, Producer, TopicPartition

from ships_client.contracts.telemetry import TOPIC

NOWHERE = "127.0.0.1:1"


@pytest.fixture
def nowhere() -> str:
    """Address at which no broker answers."""
    return NOWHERE


@pytest.fixture
def bootstrap() -> Iterator[str]:
    """Address of a cluster of one broker."""
    cluster = Producer({"bootstrap.servers": NOWHERE, "test.mock.num.brokers": 1})
    broker = next(iter(cluster.list_topics(timeout=10).brokers.values()))
    yield f"{broker.host}:{broker.port}"
    cluster.flush(0)


@pytest.fixture
def stored(bootstrap: str) -> Callable[[int], list[Message]]:
    """The first records of the topic, at least so many, by partition in order; waits for them."""

    def read(count: int) -> list[Message]:
        consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "test", "enable.partition.eof": True})
        topic = consumer.list_topics(TOPIC, timeout=10).topics[TOPIC]
        consumer.assign([TopicPartition(TOPIC, partition, 0) for partition in topic.partitions])
        records: list[Message] = []
        ends: set[int] = set()
        until = monotonic() + 20
        while (len(records) < count or len(ends) < len(topic.partitions)) and monotonic() < until:
            for message in consumer.consume(1000, timeout=0.2):
                if message.error():
                    ends.add(message.partition())
                else:
                    records.append(message)
        consumer.close()
        return records

    return read

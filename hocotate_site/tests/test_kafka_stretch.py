"""Looking at stretches of a topic, on a real broker."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from pytest_django import Settings

from hocotate_site import kafka_stretch
from stack.services.base import Context

NOWHERE = "127.0.0.1:1"


@pytest.fixture
def topic(backing: Context, settings: Settings) -> Iterator[str]:
    """Two partitions; the first holds 0 to 9, the second nothing."""
    name = f"test.stretch.{uuid.uuid4().hex[:12]}"
    admin = AdminClient({"bootstrap.servers": settings.KAFKA_BOOTSTRAP})
    config = {"message.timestamp.type": "LogAppendTime"}
    admin.create_topics([NewTopic(name, 2, 1, config=config)])[name].result(10)
    producer = Producer({"bootstrap.servers": settings.KAFKA_BOOTSTRAP})
    for number in range(10):
        producer.produce(name, str(number), partition=0, headers=[("number", str(number)), ("bad", b"\xff")])
    assert producer.flush(10) == 0
    yield name
    admin.delete_topics([name])[name].result(10)


def values(topic: str, stretches: dict[int, range]) -> list[str]:
    found = kafka_stretch.messages(topic, stretches, seconds=20)
    return [(one.value() or b"").decode() for one in found]


def test_bounds_are_the_oldest_and_the_next_offset(topic: str) -> None:
    assert kafka_stretch.bounds(topic) == {0: range(10), 1: range(0)}


def test_exactly_the_messages_of_a_stretch_are_read(topic: str) -> None:
    assert values(topic, {0: range(3, 7), 1: range(0)}) == ["3", "4", "5", "6"]
    assert values(topic, kafka_stretch.bounds(topic)) == [str(number) for number in range(10)]
    assert values(topic, {1: range(0)}) == []


def test_a_moment_is_found_and_one_after_the_last_message_is_the_end(topic: str) -> None:
    now = datetime.now(UTC)

    assert kafka_stretch.offsets_at(topic, [0, 1], now - timedelta(hours=1)) == {0: 0, 1: 0}
    assert kafka_stretch.offsets_at(topic, [0, 1], now + timedelta(hours=1)) == {0: 10, 1: 0}


def test_headers_are_read_as_text(topic: str) -> None:
    first = next(kafka_stretch.messages(topic, {0: range(1)}, seconds=20))

    assert kafka_stretch.headers(first, "number") == ["0"]
    assert kafka_stretch.headers(first, "bad") == ["\N{REPLACEMENT CHARACTER}"]
    assert kafka_stretch.headers(first, "none") == []


def test_a_broker_that_is_away_or_too_slow_is_an_error(topic: str, settings: Settings) -> None:
    with pytest.raises(KafkaException, match="was not read within 0 s"):
        list(kafka_stretch.messages(topic, {0: range(10)}, seconds=0))
    settings.KAFKA_BOOTSTRAP = NOWHERE
    with pytest.raises(KafkaException):
        kafka_stretch.bounds(topic, patience_s=1)


def test_a_topic_that_is_not_there_is_an_error(topic: str) -> None:
    with pytest.raises(KafkaException):
        kafka_stretch.bounds(f"{topic}.none")

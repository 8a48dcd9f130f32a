"""The Kafka wrapper, over librdkafka's own mock cluster."""

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from confluent_kafka import Consumer, KafkaError, Message, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from django.conf import settings as django_settings
from pytest_django import Settings

from hocotate_site import kafka
from hocotate_site.trouble import Trouble

TOPIC = "telemetry.test"


@pytest.fixture(autouse=True)
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """No trouble of an earlier test is known."""
    monkeypatch.setattr(kafka, "_trouble", Trouble())


@pytest.fixture
def cluster(settings: Settings) -> Iterator[Producer]:
    """A broker; the producer keeps it alive and can write to it."""
    broker = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "x:1"})
    address = next(iter(broker.list_topics(timeout=10).brokers.values()))
    settings.KAFKA_BOOTSTRAP = f"{address.host}:{address.port}"
    yield broker
    broker.flush(10)


def write(broker: Producer, *values: str, topic: str = TOPIC) -> None:
    """Write messages and wait until they stand."""
    for value in values:
        broker.produce(topic, value.encode(), key=b"SS_MOTH")
    assert broker.flush(10) == 0


def read(consumer: Consumer, stop: kafka.Stop, until: Callable[[list[Message]], bool]) -> list[str]:
    """Read batches until `until` holds of all messages so far, commit them, and stop."""
    messages: list[Message] = []
    deadline = time.monotonic() + 30
    for batch in kafka.batches(consumer, stop, wait_s=0.05):
        messages += batch
        kafka.commit(consumer, batch)
        if until(messages) or time.monotonic() > deadline:
            stop.request()
    return [(message.value() or b"").decode() for message in messages]


def has(count: int) -> Callable[[list[Message]], bool]:
    """Whether so many messages came."""
    return lambda messages: len(messages) >= count


def turns(count: int) -> Callable[[list[Message]], bool]:
    """Whether the loop turned so often, with messages or without."""
    left = iter(range(count))
    return lambda _messages: next(left, None) is None


def test_a_group_reads_from_the_oldest_and_goes_on_after_what_it_committed(cluster: Producer) -> None:
    write(cluster, "1", "2", "3")
    assert read(kafka.consumer("g", [TOPIC]), kafka.Stop(), has(3)) == ["1", "2", "3"]

    write(cluster, "4")
    assert read(kafka.consumer("g", [TOPIC]), kafka.Stop(), has(1)) == ["4"]


def test_what_is_not_committed_comes_again(cluster: Producer) -> None:
    write(cluster, "1", "2")
    stop = kafka.Stop()
    for batch in kafka.batches(kafka.consumer("g", [TOPIC]), stop, wait_s=0.05):
        if batch:
            stop.request()

    assert read(kafka.consumer("g", [TOPIC]), kafka.Stop(), has(2)) == ["1", "2"]


@pytest.mark.usefixtures("backing")
def test_a_reader_since_a_time_passes_over_what_it_committed() -> None:
    broker, topic = kafka.producer(), f"test.{uuid.uuid4().hex}"
    admin = AdminClient({"bootstrap.servers": django_settings.KAFKA_BOOTSTRAP})
    for made in admin.create_topics([NewTopic(topic, 1, 1)]).values():
        made.result(timeout=30)
    try:
        write(broker, "1", "2", topic=topic)
        for _ in range(2):
            reader = kafka.consumer("g", [topic], since=timedelta(minutes=5))
            assert read(reader, kafka.Stop(), has(2)) == ["1", "2"]
        later = kafka.consumer("g2", [topic], since=timedelta(minutes=-5))
        assert read(later, kafka.Stop(), turns(10)) == []
    finally:
        for removed in admin.delete_topics([topic]).values():
            removed.result(timeout=30)


def test_a_loop_turns_without_messages_and_ends_when_asked(cluster: Producer) -> None:
    write(cluster, "1")
    consumer = kafka.consumer("g", [TOPIC], auto_offset_reset="latest")

    assert read(consumer, kafka.Stop(), turns(5)) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_loop_after_its_turn(cluster: Producer, number: signal.Signals) -> None:
    before = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)}
    stop = kafka.Stop().on_signals()
    try:
        for _batch in kafka.batches(kafka.consumer("g", [TOPIC]), stop, wait_s=0.01):
            os.kill(os.getpid(), number)
            assert stop.wait(5)
    finally:
        for n, handler in before.items():
            signal.signal(n, handler)

    assert stop.requested


def test_a_broker_that_is_away_is_borne_and_told_in_one_line(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.KAFKA_BOOTSTRAP = "127.0.0.1:1"
    refused: list[KafkaError] = []

    class Counting(Trouble):
        def __call__(self, error: KafkaError) -> None:
            refused.append(error)
            super().__call__(error)

    kafka._trouble = Counting()
    stop, producer = kafka.Stop(), kafka.producer()
    producer.produce(TOPIC, b"1")
    deadline = time.monotonic() + 30
    for batch in kafka.batches(kafka.consumer("g", [TOPIC]), stop, wait_s=0.05):
        producer.poll(0)
        assert batch == []
        if len(refused) >= 30 or time.monotonic() > deadline:
            stop.request()
    producer.purge()

    assert len(refused) >= 30
    assert [record.name for record in caplog.records] == ["hocotate_site.trouble"]
    assert "Kafka at 127.0.0.1:1" in caplog.text
    assert "trying again" in caplog.text


def test_offsets_that_the_broker_does_not_take_are_said_within_the_time_to_stop(
    settings: Settings, caplog: pytest.LogCaptureFixture, cluster: Producer
) -> None:
    write(cluster, "1")
    stop = kafka.Stop()
    reader = kafka.consumer("g", [TOPIC])
    settings.KAFKA_BOOTSTRAP = "127.0.0.1:1"
    outsider = kafka.consumer("g", [TOPIC])
    for batch in kafka.batches(reader, stop, wait_s=0.05):
        if batch:
            start = time.monotonic()
            assert kafka.commit(outsider, batch) is False
            assert time.monotonic() - start < 10
            stop.request()
    outsider.close()

    assert "not committed" in caplog.text
    assert kafka.commit(outsider, []) is True


def test_a_producer_tells_of_each_delivery(cluster: Producer) -> None:
    delivered: list[Message] = []
    producer = kafka.producer(client_id="test")
    producer.produce(TOPIC, b"1", on_delivery=lambda error, message: delivered.append(message))

    assert producer.flush(10) == 0
    assert [message.value() for message in delivered] == [b"1"]
    assert delivered[0].error() is None

from collections.abc import Iterator
from time import monotonic

import msgspec
import pytest
from confluent_kafka import Consumer, KafkaError, Message, Producer, TopicPartition

from ships_client.contracts import Telemetry, decode, encode, examples
from ships_client.contracts.telemetry import TOPIC
from ships_client.transports import TelemetryProducer
from ships_client.transports.kafka import hopeless, linger_ms

NOWHERE = "127.0.0.1:1"
MESSAGE = decode(examples.valid()["v2"], examples.RECEIVED)


@pytest.fixture
def bootstrap() -> Iterator[str]:
    """Address of librdkafka's own in-memory broker."""
    cluster = Producer({"bootstrap.servers": NOWHERE, "test.mock.num.brokers": 1})
    broker = next(iter(cluster.list_topics(timeout=10).brokers.values()))
    yield f"{broker.host}:{broker.port}"
    cluster.flush(0)


def message(seq: int, ship: str = "SS_MOTH") -> Telemetry:
    return msgspec.structs.replace(MESSAGE, ship_id=ship, seq=seq)


def stored(bootstrap: str, count: int) -> list[tuple[bytes | None, Telemetry, object]]:
    """The first `count` records of the topic: key, message, headers."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "test", "auto.offset.reset": "earliest"})
    partitions = consumer.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions
    consumer.assign([TopicPartition(TOPIC, partition, 0) for partition in partitions])
    records = consumer.consume(count, timeout=20)
    consumer.close()
    return [(r.key(), decode(r.value(), examples.RECEIVED), r.headers()) for r in records]


def test_a_broker_that_is_there_passes_the_check(bootstrap: str) -> None:
    TelemetryProducer(bootstrap).check(10)


@pytest.mark.parametrize(("messages_a_second", "wait_ms"), [(1, 5), (1_000, 5), (1_001, 25), (50_000, 25)])
def test_few_messages_hardly_wait_for_others_and_many_do(messages_a_second: float, wait_ms: int) -> None:
    assert linger_ms(messages_a_second) == wait_ms


class Reports:
    """Delivery reports, as they come."""

    def __init__(self) -> None:
        self.errors: list[KafkaError | None] = []

    def __call__(self, error: KafkaError | None, message: Message | None) -> None:
        self.errors.append(error)


def serve(producer: TelemetryProducer, reports: Reports, count: int) -> None:
    until = monotonic() + 20
    while len(reports.errors) < count and monotonic() < until:
        producer.serve(0.1)


def test_messages_are_taken_in_order_until_the_queue_is_full_without_waiting(bootstrap: str) -> None:
    producer, reports = TelemetryProducer(bootstrap, queue_buffering_max_messages=3), Reports()
    keys, values = [b"SS_MOTH"] * 5, [encode(message(seq)) for seq in range(5)]
    taken = producer.produce(keys, values, reports)
    assert 3 <= taken <= 5
    serve(producer, reports, taken)
    producer.produce(keys[taken:], values[taken:], reports)
    serve(producer, reports, 5)
    assert reports.errors == [None] * 5
    assert [m.seq for _, m, _ in stored(bootstrap, 5)] == list(range(5))


def test_a_message_that_is_too_large_to_be_queued_is_reported_at_once_and_the_next_are_taken(bootstrap: str) -> None:
    producer, reports = TelemetryProducer(bootstrap, message_max_bytes=1000), Reports()
    assert producer.produce([b"SS_MOTH"] * 2, [b"x" * 2000, encode(message(0))], reports) == 2
    (error,) = reports.errors
    assert error is not None
    assert hopeless(error)
    serve(producer, reports, 2)
    assert reports.errors[1] is None


def test_a_renewed_producer_reports_what_it_gives_up_and_delivers_what_comes_next(bootstrap: str) -> None:
    producer, given_up, delivered = TelemetryProducer(NOWHERE), Reports(), Reports()
    producer.produce([b"SS_MOTH"] * 3, [encode(message(seq)) for seq in range(3)], given_up)
    producer._config["bootstrap.servers"] = bootstrap
    producer._on_error(KafkaError(KafkaError._FATAL, "fenced", fatal=True))
    assert producer.broken
    producer.renew()
    assert not producer.broken
    assert [error.code() for error in given_up.errors if error] == [KafkaError._PURGE_QUEUE] * 3
    producer.produce([b"SS_MOTH"], [encode(message(0))], delivered)
    serve(producer, delivered, 1)
    assert delivered.errors == [None]

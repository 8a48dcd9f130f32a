from collections.abc import Iterator
from threading import Event
from time import monotonic

import msgspec
import pytest
from confluent_kafka import Consumer, KafkaError, Message, Producer, TopicPartition

from ships_client.contracts import Telemetry, decode, encode, examples
from ships_client.contracts.telemetry import TOPIC
from ships_client.exceptions import BrokerAway
from ships_client.transports import TelemetryProducer
from ships_client.transports.kafka import hopeless

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


def test_messages_are_acknowledged_counted_and_carry_key_and_contract(bootstrap: str) -> None:
    producer = TelemetryProducer(bootstrap)
    moth, kitty = producer.delivery(), producer.delivery()
    for seq in range(10):
        producer.send(message(seq), moth)
        producer.send(message(seq, "SS_KITTY"), kitty)
    assert producer.flush(20) == 0
    assert [(d.sent, d.acknowledged, d.failed, d.pending) for d in (moth, kitty)] == [(10, 10, 0, 0)] * 2
    records = stored(bootstrap, 20)
    assert [m.seq for key, m, _ in records if key == b"SS_MOTH"] == list(range(10))
    assert all(key == m.ship_id.encode() for key, m, _ in records)
    assert all(headers == [("contract", b"telemetry/2")] for _, _, headers in records)


def test_a_broker_that_is_away_is_told_with_its_address_and_loses_nothing() -> None:
    producer = TelemetryProducer(NOWHERE)
    delivery = producer.delivery()
    with pytest.raises(BrokerAway, match=f"{NOWHERE}.*KAFKA_BOOTSTRAP"):
        producer.check(0.5)
    producer.send(message(0), delivery)
    assert producer.flush(0.5) >= 1
    assert (delivery.pending, delivery.failed) == (1, 0)
    assert producer.away


def test_a_broker_that_is_there_passes_the_check(bootstrap: str) -> None:
    TelemetryProducer(bootstrap).check(10)


def test_messages_that_were_given_up_are_sent_again() -> None:
    producer = TelemetryProducer(NOWHERE, message_timeout_ms=100)
    delivery = producer.delivery()
    for seq in range(3):
        producer.send(message(seq), delivery)
    producer.poll(2)
    assert (delivery.pending, delivery.failed) == (3, 0)
    assert producer.waiting >= 3  # the client library counts its own requests among them


def test_a_new_producer_takes_over_from_one_that_has_failed_for_good(bootstrap: str) -> None:
    producer = TelemetryProducer(NOWHERE)
    delivery = producer.delivery()
    for seq in range(5):
        producer.send(message(seq), delivery)
    producer._config["bootstrap.servers"] = bootstrap
    producer._on_error(KafkaError(KafkaError._FATAL, "fenced", fatal=True))
    assert producer.flush(20) == 0
    assert (delivery.acknowledged, delivery.failed) == (5, 0)
    assert [m.seq for _, m, _ in stored(bootstrap, 5)] == [0, 1, 2, 3, 4]


def test_a_full_queue_makes_the_sender_wait_until_it_is_told_to_stop() -> None:
    stop = Event()
    producer = TelemetryProducer(NOWHERE, stop=stop, queue_buffering_max_messages=2)
    delivery = producer.delivery()
    stop.set()
    for seq in range(5):
        producer.send(message(seq), delivery)
    assert (delivery.sent, delivery.pending, delivery.failed) == (5, 5, 0)


def test_a_queue_smaller_than_the_load_loses_nothing(bootstrap: str) -> None:
    producer = TelemetryProducer(bootstrap, queue_buffering_max_messages=10)
    delivery = producer.delivery()
    for seq in range(500):
        producer.send(message(seq), delivery)
    assert producer.flush(20) == 0
    assert delivery.acknowledged == 500
    assert sorted(m.seq or 0 for _, m, _ in stored(bootstrap, 500)) == list(range(500))


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
    messages = [(b"SS_MOTH", encode(message(seq))) for seq in range(5)]
    taken = producer.produce(messages, reports)
    assert 3 <= taken <= 5
    serve(producer, reports, taken)
    producer.produce(messages[taken:], reports)
    serve(producer, reports, 5)
    assert reports.errors == [None] * 5
    assert [m.seq for _, m, _ in stored(bootstrap, 5)] == list(range(5))


def test_a_message_that_is_too_large_to_be_queued_is_reported_at_once_and_the_next_are_taken(bootstrap: str) -> None:
    producer, reports = TelemetryProducer(bootstrap, message_max_bytes=1000), Reports()
    assert producer.produce([(b"SS_MOTH", b"x" * 2000), (b"SS_MOTH", encode(message(0)))], reports) == 2
    (error,) = reports.errors
    assert error is not None
    assert hopeless(error)
    serve(producer, reports, 2)
    assert reports.errors[1] is None


def test_a_renewed_producer_reports_what_it_gives_up_and_delivers_what_comes_next(bootstrap: str) -> None:
    producer, given_up, delivered = TelemetryProducer(NOWHERE), Reports(), Reports()
    producer.produce([(b"SS_MOTH", encode(message(seq))) for seq in range(3)], given_up)
    producer._config["bootstrap.servers"] = bootstrap
    producer._on_error(KafkaError(KafkaError._FATAL, "fenced", fatal=True))
    assert producer.broken
    producer.renew()
    assert not producer.broken
    assert [error.code() for error in given_up.errors if error] == [KafkaError._PURGE_QUEUE] * 3
    producer.produce([(b"SS_MOTH", encode(message(0)))], delivered)
    serve(producer, delivered, 1)
    assert delivered.errors == [None]

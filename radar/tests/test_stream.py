"""The stream on a real broker: the past first, then whatever comes, and no message without a verdict."""

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from confluent_kafka import Producer
from django.conf import settings

from hocotate_site.kafka import Stop
from radar.intake import Reading
from radar.stream import Batch, Stream
from radar.tests.factories import message
from radar.wire import Source
from ships_client.contracts import Reason, encode


@contextmanager
def following(look_back_s: float = 60) -> Iterator[Stream]:
    stop = Stop()
    stream = Stream(stop, look_back_s=look_back_s)
    stream.start()
    try:
        yield stream
    finally:
        stop.request()
        stream.join(10)
        assert not stream.is_alive()


def collect(stream: Stream, enough: Callable[[list[Batch]], bool], within_s: float = 30) -> list[Batch]:
    found: list[Batch] = []
    deadline = time.monotonic() + within_s
    while not enough(found):
        try:
            found.append(stream.batches.get(timeout=max(0.01, deadline - time.monotonic())))
        except queue.Empty:
            pytest.fail(f"Only {found} came within {within_s} s.")
    return found


def reach(stream: Stream, source: Source, within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while stream.source != source:
        assert time.monotonic() < deadline, f"Still {stream.source} after {within_s} s."
        time.sleep(0.05)


def produce(topic: str, *values: bytes) -> None:
    producer = Producer({"bootstrap.servers": settings.KAFKA_BOOTSTRAP})
    for number, value in enumerate(values):
        producer.produce(topic, value, key=str(number))
    assert producer.flush(30) == 0


def readings(batches: list[Batch]) -> list[Reading]:
    return [reading for batch in batches for reading in batch.readings]


def test_the_past_is_read_again_and_then_the_newest_followed(topic: str) -> None:
    produce(topic, *(encode(message(seq)) for seq in range(50)))

    with following() as stream:
        past = collect(stream, lambda found: len(readings(found)) >= 50)
        produce(topic, encode(message(50)))
        newest = collect(stream, lambda found: len(readings(found)) >= 1)
        assert stream.source == "following"

    assert sorted(reading.message.seq or 0 for reading in readings(past)) == list(range(50))
    assert [reading.message.seq for reading in readings(newest)] == [50]
    assert abs(newest[0].readings[0].arrived / 1000 - time.time()) < 60


def test_what_is_older_than_the_look_back_is_left_alone(topic: str) -> None:
    produce(topic, encode(message(0)))
    time.sleep(1.1)  # the broker's clock must move on; nothing to await

    with following(look_back_s=1) as stream:
        reach(stream, "following")
        produce(topic, encode(message(1)))
        found = collect(stream, lambda found: len(readings(found)) >= 1)

    assert [reading.message.seq for reading in readings(found)] == [1]


def test_invalid_messages_are_counted_by_reason_and_hold_nobody_up(topic: str) -> None:
    produce(topic, b"", b"{", b'{"timestamp": NaN}', encode(message(7)))

    with following() as stream:
        found = collect(stream, lambda found: len(readings(found)) >= 1 and refused(found) >= 3)

    assert sum((batch.invalid for batch in found), start=found[0].invalid.__class__()) == {
        Reason.EMPTY: 1,
        Reason.MALFORMED_JSON: 1,
        Reason.NOT_FINITE: 1,
    }


def refused(batches: list[Batch]) -> int:
    return sum(batch.invalid.total() for batch in batches)


def test_an_empty_topic_is_followed_at_once(topic: str) -> None:
    with following() as stream:
        reach(stream, "following")


def test_a_broker_that_is_not_there_is_said_to_be_unreachable(settings: object) -> None:
    settings.KAFKA_BOOTSTRAP = "127.0.0.1:1"  # type: ignore[attr-defined]
    with following() as stream:
        reach(stream, "unreachable")

"""Looking at stretches of a topic, without a group: where they begin and end, and the messages in between."""

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # OffsetSpec is public, but not in __all__
    AdminClient,
    OffsetSpec,
)

from hocotate_site import kafka
from hocotate_site.trouble import Trouble, librdkafka_log

PATIENCE_S: Final = 10.0
"""How long Kafka may take to answer."""

_trouble = Trouble()


def bounds(topic: str, *, patience_s: float = PATIENCE_S) -> dict[int, range]:
    """By partition, the offsets that the broker still holds: from the oldest message to the next.

    Raises:
        KafkaException: the broker does not answer, or has no such topic.
    """
    admin = AdminClient(kafka.address() | {"error_cb": _trouble, "logger": librdkafka_log()})
    found = admin.list_topics(topic, timeout=patience_s).topics[topic]
    if found.error is not None:
        raise KafkaException(found.error)
    places = [TopicPartition(topic, number) for number in found.partitions]
    oldest = admin.list_offsets(
        {place: OffsetSpec.earliest() for place in places},  # type: ignore[no-untyped-call]
        request_timeout=patience_s,
    )
    newest = admin.list_offsets(
        {place: OffsetSpec.latest() for place in places},  # type: ignore[no-untyped-call]
        request_timeout=patience_s,
    )
    ends = {place.partition: answer.result().offset for place, answer in newest.items()}
    return {place.partition: range(answer.result().offset, ends[place.partition]) for place, answer in oldest.items()}


def offsets_at(topic: str, partitions: Iterable[int], moment: datetime) -> dict[int, int]:
    """By partition, the first offset whose broker time is `moment` or later; the next one where all are older.

    Raises:
        KafkaException: the broker does not answer.
    """
    stamp = int(moment.timestamp() * 1000)
    consumer = _consumer()
    try:
        asked = [TopicPartition(topic, number, stamp) for number in partitions]
        found = consumer.offsets_for_times(asked, timeout=PATIENCE_S)
        return {
            place.partition: place.offset
            if place.offset >= 0
            else consumer.get_watermark_offsets(TopicPartition(topic, place.partition), timeout=PATIENCE_S)[1]
            for place in found
        }
    finally:
        consumer.close()


def messages(topic: str, stretches: Mapping[int, range], *, seconds: float) -> Iterator[Message]:
    """All messages of these offsets by partition, in the order of each; the stretches lie within `bounds`.

    Raises:
        KafkaException: the broker fails, or has not handed over all within `seconds` (_TIMED_OUT).
    """
    left = {number: stretch.stop for number, stretch in stretches.items() if stretch}
    if not left:
        return
    deadline = time.monotonic() + seconds
    consumer = _consumer()
    try:
        consumer.assign([TopicPartition(topic, number, stretches[number].start) for number in left])
        while left:
            if time.monotonic() > deadline:
                raise KafkaException(KafkaError(KafkaError._TIMED_OUT, f"{topic} was not read within {seconds:g} s"))
            # It waits for so many or so long, though the end may have been read before.
            for message in consumer.consume(1000, timeout=0.1):
                if (error := message.error()) is not None:
                    if error.code() == KafkaError._PARTITION_EOF:
                        left.pop(message.partition() or 0, None)
                        continue
                    raise KafkaException(error)
                number, offset = message.partition() or 0, message.offset() or 0
                if number not in left:
                    continue
                if offset < left[number]:
                    yield message
                if offset >= left[number] - 1:
                    del left[number]
    finally:
        consumer.close()


def follow(topic: str, starts: Mapping[int, int], stop: kafka.Stop) -> Iterator[list[Message]]:
    """What comes on some partitions from these offsets on, in batches, empty ones too, until the stop.

    Raises:
        KafkaException: librdkafka cannot go on in this process.
    """
    consumer = _consumer(enable_partition_eof=False)
    consumer.assign([TopicPartition(topic, number, offset) for number, offset in starts.items()])
    yield from kafka.batches(consumer, stop, wait_s=0.2, gather_s=0.01)


def headers(message: Message, name: str) -> list[str]:
    """The values of a message's headers of this name, as text."""
    found: Any = message.headers() or ()
    pairs = found.items() if isinstance(found, dict) else found
    return [bytes(value).decode("utf-8", "replace") for key, value in pairs if key == name and value is not None]


def _consumer(*, enable_partition_eof: bool = True) -> Consumer:
    return Consumer(
        kafka.address()
        | {
            "group.id": "hocotate.look",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "enable.partition.eof": enable_partition_eof,
            "fetch.wait.max.ms": 20,
            "error_cb": _trouble,
            "logger": librdkafka_log(),
        }
    )

"""The one way to Kafka: consumers, a loop over batches that stops cleanly, and a producer."""

import logging
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from confluent_kafka import Consumer, KafkaException, Message, Producer, TopicPartition
from django.conf import settings

from hocotate_site.trouble import Trouble, librdkafka_log

logger = logging.getLogger(__name__)

_trouble = Trouble()


def address() -> dict[str, Any]:
    """librdkafka's settings for where the broker is and how it is spoken to; every client begins with these."""
    config: dict[str, Any] = {
        "bootstrap.servers": settings.KAFKA_BOOTSTRAP,
        "security.protocol": settings.KAFKA_SECURITY_PROTOCOL,
    }
    if settings.KAFKA_SECURITY_PROTOCOL.startswith("SASL_"):
        config["sasl.mechanism"] = "SCRAM-SHA-512"
        config["sasl.username"] = settings.KAFKA_USER
        config["sasl.password"] = settings.KAFKA_PASSWORD
    if settings.KAFKA_SECURITY_PROTOCOL.endswith("SSL") and settings.KAFKA_CA_FILE:
        config["ssl.ca.location"] = settings.KAFKA_CA_FILE
    return config


class Stop:
    """Set once SIGTERM or SIGINT arrives; a loop asks `stop.requested` at each turn."""

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def requested(self) -> bool:
        return self._event.is_set()

    def request(self, *_signal: object) -> None:
        """Ask the loop to end after its present turn."""
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Wait, at most `seconds`, for the request; true once it is there."""
        return self._event.wait(seconds)

    def on_signals(self) -> "Stop":
        """Request the stop on SIGTERM and SIGINT from now on; main thread only."""
        signal.signal(signal.SIGTERM, self.request)
        signal.signal(signal.SIGINT, self.request)
        return self


def consumer(group: str, topics: Sequence[str], *, since: timedelta | None = None, **overrides: object) -> Consumer:
    """A subscribed consumer that commits only what `commit` is given.

    It goes on at the group's committed offsets, or at the oldest message where there are none. With `since`
    it ignores committed offsets and starts that long before now. `overrides` are librdkafka settings with
    `_` for `.` (`auto_offset_reset="latest"`).

    Raises:
        KafkaException: later, from polling, when with `since` the broker fails while partitions are assigned.
    """
    config: dict[str, Any] = {
        **address(),
        "group.id": group,
        "client.id": group,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        # What is fetched ahead of the reader; librdkafka's 64 MB would stay in the process after the first backlog.
        "queued.max.messages.kbytes": 4_096,
        "queued.min.messages": 5_000,
        # A killed member is missed, and a commit gives up, after 6 s and not after librdkafka's 45 s, so that
        # a loop ends within 10 s of SIGTERM though the broker is away.
        "session.timeout.ms": 6_000,
        "heartbeat.interval.ms": 2_000,
        "error_cb": _trouble,
        "logger": librdkafka_log(),
    }
    subscribed = Consumer(config | _dotted(overrides))

    def assigned(consumer: Consumer, partitions: list[TopicPartition]) -> None:
        if since is not None and partitions:
            start_ms = int((time.time() - since.total_seconds()) * 1000)
            wanted = [TopicPartition(p.topic, p.partition, start_ms) for p in partitions]
            partitions = consumer.offsets_for_times(wanted, timeout=10)
        consumer.assign(partitions)
        logger.info("Group %s now reads %s.", group, _names(partitions))

    def revoked(_consumer: Consumer, partitions: list[TopicPartition]) -> None:
        logger.info("Group %s gave up %s.", group, _names(partitions))

    subscribed.subscribe(list(topics), on_assign=assigned, on_revoke=revoked)
    return subscribed


def batches(
    consumer: Consumer, stop: Stop, *, size: int = 1000, wait_s: float = 0.5, gather_s: float | None = None
) -> Iterator[list[Message]]:
    """Batches of up to `size` messages, an empty one after `wait_s` without any, until `stop`.

    A batch is complete after `wait_s`; with `gather_s`, that long after its first message.

    Closes the consumer at the end, whichever way the loop over it ends. While the broker is away the
    batches are empty.

    Raises:
        KafkaException: librdkafka cannot go on in this process.
    """
    try:
        while not stop.requested:
            batch = []
            for message in _consumed(consumer, size, wait_s, gather_s):
                error = message.error()
                if error is None:
                    batch.append(message)
                elif error.fatal():
                    raise KafkaException(error)
                else:
                    _trouble(error)
            yield batch
    finally:
        consumer.close()


def _consumed(consumer: Consumer, size: int, wait_s: float, gather_s: float | None) -> list[Message]:
    if gather_s is None:
        return consumer.consume(size, timeout=wait_s)
    first = consumer.consume(1, timeout=wait_s)
    return [*first, *consumer.consume(size - 1, timeout=gather_s)] if first else first


def commit(consumer: Consumer, messages: Iterable[Message]) -> bool:
    """Commit the offsets behind `messages`, at once; false when the broker did not take them within 6 s.

    Then the same messages come again, after a restart or a rebalance: what handles them must bear that.
    """
    ends: dict[tuple[str, int], int] = {}
    for message in messages:
        topic, partition, offset = message.topic(), message.partition(), message.offset()
        if topic is not None and partition is not None and offset is not None:
            ends[topic, partition] = max(offset + 1, ends.get((topic, partition), 0))
    if not ends:
        return True
    try:
        consumer.commit(offsets=[TopicPartition(*where, end) for where, end in ends.items()], asynchronous=False)
    except KafkaException as error:
        logger.warning("Offsets were not committed (%s); the messages will be read again.", error.args[0].str())
        return False
    return True


def producer(**overrides: object) -> Producer:
    """An idempotent producer that keeps messages for two minutes while the broker is away.

    `overrides` as for `consumer`. Errors of one message go to its delivery callback.
    """
    config: dict[str, Any] = {
        **address(),
        "enable.idempotence": True,
        "linger.ms": 20,
        "delivery.timeout.ms": 120_000,
        "error_cb": _trouble,
        "logger": librdkafka_log(),
    }
    return Producer(config | _dotted(overrides))


def _dotted(overrides: dict[str, object]) -> dict[str, object]:
    return {name.replace("_", "."): value for name, value in overrides.items()}


def _names(partitions: Iterable[TopicPartition]) -> str:
    return ", ".join(f"{p.topic}[{p.partition}]" for p in partitions) or "nothing"

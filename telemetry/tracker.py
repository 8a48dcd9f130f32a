"""Follows telemetry.raw: missions learn how far they are, invalid messages go to telemetry.dlq.

Offsets are committed only once a batch is in PostgreSQL and its dead letters are acknowledged by Kafka. While
either is away the batch waits and is tried again; a batch that comes twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator

from confluent_kafka import Consumer, Message, Producer
from django.db import InterfaceError, OperationalError, connection

from hocotate_site import kafka
from hocotate_site.metrics import TRACKER_BATCH_SECONDS, TRACKER_INVALID, TRACKER_LOOP, TRACKER_MESSAGES
from missions.services import Progress, missions_record_progress
from ships_client.contracts import Reason

from .burial import Burial
from .dead_letters import Record
from .digest import digest

logger = logging.getLogger(__name__)

GROUP = "telemetry.tracker"
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 10.0


def run(consumer: Consumer, producer: Producer, stop: kafka.Stop) -> None:
    """Work off batches until `stop`; closes the consumer.

    Raises:
        KafkaException: a fatal error of librdkafka; a new process must go on.
    """
    for reason in Reason:
        # A count that begins at 1 rises from nothing, which no rate shows.
        TRACKER_INVALID.labels(reason.value)
    for batch in kafka.batches(consumer, stop):
        TRACKER_LOOP.set_to_current_time()
        if batch:
            with TRACKER_BATCH_SECONDS.time():
                work_off(batch, consumer, producer, stop)


def work_off(batch: list[Message], consumer: Consumer, producer: Producer, stop: kafka.Stop) -> bool:
    """Write what the batch says and commit its offsets; False, with nothing committed, when `stop` came first."""
    found = digest(record_of(message) for message in batch)
    if not _insist(lambda: _record(found.progress), "PostgreSQL", stop):
        return False
    if found.invalid and not _insist(Burial(found.invalid, producer).step, "Kafka", stop):
        return False
    TRACKER_MESSAGES.inc(len(batch))
    for letter in found.invalid:
        TRACKER_INVALID.labels(letter.error.reason.value).inc()
    return kafka.commit(consumer, batch)


def record_of(message: Message) -> Record:
    """The message as plain values; its time is the broker's (the topic keeps LogAppendTime)."""
    value = message.value()
    return Record(
        value=value.encode() if isinstance(value, str) else value,
        received=dt.datetime.fromtimestamp(message.timestamp()[1] / 1000, dt.UTC),
        topic=message.topic() or "",
        partition=message.partition() or 0,
        offset=message.offset() or 0,
    )


def _insist(step: Callable[[], str | None], whose: str, stop: kafka.Stop) -> bool:
    """Repeat `step` until it says None; it says what is wrong otherwise. False when `stop` came first."""
    for wait in _waits():
        problem = step()
        if problem is None:
            return True
        logger.warning("%s: %s; trying again in %.1f s.", whose, problem, wait)
        if stop.wait(wait):
            return False
    return False


def _waits() -> Iterator[float]:
    wait = FIRST_WAIT_S
    while True:
        yield wait
        wait = min(wait * 2, LONGEST_WAIT_S)


def _record(progress: list[Progress]) -> str | None:
    try:
        missions_record_progress(progress)
    except (OperationalError, InterfaceError) as error:
        # The next try needs a connection of its own; this one may be dead.
        connection.close()
        return str(error).strip()
    return None

"""The radar's ear on Kafka: from the last minutes to the newest message, in a thread, and on for ever."""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, NamedTuple

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition
from django.conf import settings

from hocotate_site import kafka
from radar.history import SPAN_MS
from radar.intake import Reading
from radar.wire import Source
from ships_client.contracts import InvalidMessage, Reason, decode

logger = logging.getLogger(__name__)

LOOK_BACK_S: Final = SPAN_MS / 1000
"""What is read again at the start: as much as the page shows of the past."""
QUIET_S: Final = 3.0
"""Without a message for so long, the broker is asked whether it is there."""
REBUILD_S: Final = 20.0
"""The past is worked off, or given up, after so long."""
PARTITIONS_S: Final = 30.0
RETRY_S: Final = 2.0
BATCH: Final = 2000
QUIET_POLL_S: Final = 0.5
GATHER_S: Final = 0.005
"""What comes so soon after a message is worked off with it."""
AHEAD: Final = 20
"""Batches that may wait for the radar's loop; then reading pauses."""


class Batch(NamedTuple):
    """What one poll brought: valid messages in order, and the others by reason."""

    readings: list[Reading]
    invalid: Counter[Reason]


class Stream(threading.Thread):
    """Reads every partition of telemetry.raw, without a consumer group's membership, into `batches`."""

    def __init__(
        self, stop: kafka.Stop, *, look_back_s: float = LOOK_BACK_S, arrived: Callable[[], None] = lambda: None
    ) -> None:
        """`arrived` is called, from this thread, whenever a batch is ready."""
        super().__init__(name="radar-stream", daemon=True)
        self.batches: queue.Queue[Batch] = queue.Queue(maxsize=AHEAD)
        self.source: Source = "rebuilding"
        self.failure: BaseException | None = None
        self._stop_request = stop
        self._look_back_s = look_back_s
        self._arrived = arrived

    def run(self) -> None:
        """Follow the topic until the stop; start anew after RETRY_S where the broker fails at the start."""
        try:
            while not self._stop_request.requested:
                try:
                    self._follow()
                except KafkaException as error:
                    self.source = "unreachable"
                    logger.warning("Reading %s stopped: %s. Trying again.", settings.TOPIC_RAW, error)
                    self._stop_request.wait(RETRY_S)
        except BaseException as error:
            self.failure = error
            raise

    def _follow(self) -> None:
        consumer = kafka.consumer(f"radar.{threading.get_native_id()}", [settings.TOPIC_RAW])
        # Partitions are assigned by hand: a membership would have to be renewed after each restart of the broker.
        consumer.unsubscribe()
        try:
            targets = _assign(consumer, self._look_back_s)
        except BaseException:
            consumer.close()
            raise
        started = heard = asked = looked = time.monotonic()
        for messages in kafka.batches(consumer, self._stop_request, size=BATCH, wait_s=QUIET_POLL_S, gather_s=GATHER_S):
            now = time.monotonic()
            if now - started > REBUILD_S:
                targets.clear()
            if messages:
                heard = now
                self._hand_over(verdicts(messages))
                _reached(targets, messages)
                self.source = "rebuilding" if targets else "following"
            elif not targets and now - max(heard, asked) > QUIET_S:
                self.source = "following" if _answers(consumer) else "unreachable"
                asked = time.monotonic()
            elif not targets and self.source == "rebuilding":
                self.source = "following"
            if now - looked > PARTITIONS_S and self.source == "following":
                looked = now
                if len(_partitions(consumer)) != len(consumer.assignment()):
                    logger.info("%s has other partitions now; reading them.", settings.TOPIC_RAW)
                    return

    def _hand_over(self, batch: Batch) -> None:
        while not self._stop_request.requested:
            with suppress(queue.Full):
                self.batches.put(batch, timeout=0.5)
                self._arrived()
                return


def verdicts(messages: Iterable[Message]) -> Batch:
    """Decode messages; each is either a reading or counted by the reason why it is invalid."""
    readings, invalid = [], Counter[Reason]()
    for message in messages:
        _kind, arrived = message.timestamp()
        try:
            decoded = decode(message.value(), datetime.fromtimestamp(arrived / 1000, UTC))
        except InvalidMessage as error:
            invalid[error.reason] += 1
        else:
            readings.append(Reading(decoded, arrived))
    return Batch(readings, invalid)


def _partitions(consumer: Consumer) -> list[int]:
    topic = consumer.list_topics(settings.TOPIC_RAW, timeout=5).topics[settings.TOPIC_RAW]
    if topic.error is not None:
        raise KafkaException(topic.error)
    return list(topic.partitions)


def _assign(consumer: Consumer, look_back_s: float) -> dict[int, int]:
    """Assign all partitions from `look_back_s` ago; the offsets to reach before the past is worked off."""
    start_ms = int((time.time() - look_back_s) * 1000)
    wanted = [TopicPartition(settings.TOPIC_RAW, p, start_ms) for p in _partitions(consumer)]
    targets, starts = {}, []
    for found in consumer.offsets_for_times(wanted, timeout=5):
        if found.error is not None:
            raise KafkaException(found.error)
        end = consumer.get_watermark_offsets(found, timeout=5)[1]
        # A negative offset: no message is that young. The end as of now leaves no gap to what comes next.
        start = found.offset if found.offset >= 0 else end
        starts.append(TopicPartition(found.topic, found.partition, start))
        if start < end:
            targets[found.partition] = end
    consumer.assign(starts)
    logger.info("Reading %s again from %.0f s ago.", settings.TOPIC_RAW, look_back_s)
    return targets


def _reached(targets: dict[int, int], messages: Iterable[Message]) -> None:
    """Drop the targets that these messages reach."""
    if not targets:
        return
    for message in messages:
        partition, offset = message.partition(), message.offset()
        if partition is not None and offset is not None and offset + 1 >= targets.get(partition, offset + 2):
            del targets[partition]


def _answers(consumer: Consumer) -> bool:
    try:
        _partitions(consumer)
    except KafkaException:
        return False
    return True

"""What librdkafka finds wrong, told once an outage and in one place.

It reports each failed connection, some 20 a second while the broker is away, and twice: to a client's error_cb and as a
line of its log. `Trouble` is the error_cb of all clients of a process; of the log those lines are left out.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from confluent_kafka import KafkaError
from django.conf import settings

logger = logging.getLogger(__name__)

OVER_S: Final = 30.0
"""Trouble has ended once it was not reported for so long: three times librdkafka's longest pause between two tries."""

_AWAY: Final = frozenset(
    {KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN, KafkaError._RESOLVE, KafkaError._TIMED_OUT}
)
"""Ways to find out that the broker is away, told as one."""


class Trouble:
    """Logs the first report of each kind of trouble, however often and by however many clients it is reported.

    It is logged again when it comes after OVER_S without it. librdkafka itself reconnects.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}
        self._lock = threading.Lock()

    def __call__(self, error: KafkaError) -> None:
        """Take a report."""
        said = error.str()
        kind = "away" if error.code() in _AWAY else said
        now = self._clock()
        with self._lock:
            began = now - self._last.get(kind, -OVER_S) >= OVER_S
            # What has ended is forgotten: sentences may hold times and numbers, and are then each a kind.
            self._last = {known: last for known, last in self._last.items() if now - last < OVER_S} | {kind: now}
        if began:
            logger.warning("Kafka at %s: %s; trying again.", settings.KAFKA_BOOTSTRAP, said)


def librdkafka_log() -> logging.Logger:
    """The log that librdkafka's clients write to, without the failed connections that they report to error_cb."""
    log = logging.getLogger("librdkafka")
    log.addFilter(_not_a_failed_connection)  # the same filter is added once
    return log


def _not_a_failed_connection(record: logging.LogRecord) -> bool:
    """librdkafka's facility is the first argument of its records."""
    return not (isinstance(record.args, tuple) and record.args[:1] == ("FAIL",))

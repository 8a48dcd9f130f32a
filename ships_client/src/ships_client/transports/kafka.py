"""Telemetry to Kafka: idempotent, in order, with a report of each delivery.

A message waits in the producer for as long as the broker is away. Its queue is bounded; what finds no room in it waits
in the flight recorder.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from ships_client.contracts.telemetry import CONTRACT_HEADER, TOPIC
from ships_client.exceptions import BrokerAway, BrokerRefused, TelemetryError
from ships_client.transports.kafka_security import PLAIN, KafkaSecurity

logger = logging.getLogger(__name__)

SETTINGS: Final[dict[str, object]] = {
    "enable.idempotence": True,
    "compression.type": "zstd",
    "compression.level": 1,
    "linger.ms": 25,
    "message.timeout.ms": 0,
    "queue.buffering.max.messages": 100_000,
    "queue.buffering.max.kbytes": 65_536,
    "partitioner": "murmur2_random",
    "reconnect.backoff.ms": 100,
    "reconnect.backoff.max.ms": 2_000,
    "retry.backoff.max.ms": 1_000,
    "topic.metadata.propagation.max.ms": 5_000,
    "socket.keepalive.enable": True,
}
"""Fewer and fuller batches cost broker and ship less than half as much as with a linger of 5 ms; level 1 compresses
telemetry as well as the default, 3, in three quarters of its time.
0 for the timeout is "for ever"; murmur2 is the partitioner of Java clients, so all agree on a ship's partition."""

_HEADERS: Final[list[tuple[str, str | bytes | None]]] = [CONTRACT_HEADER]
_HOPELESS: Final = frozenset(
    {
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.INVALID_MSG,
        KafkaError.INVALID_MSG_SIZE,
        KafkaError.INVALID_RECORD,
    }
)
"""Errors that sending again won't mend."""
_PURGE_S: Final = 5.0

FEW_A_SECOND: Final = 1_000
FEW_LINGER_MS: Final = 5
"""For so few messages fuller batches save next to nothing, and a ship is seen 20 ms sooner."""


def linger_ms(messages_a_second: float) -> int:
    """How long a message may wait for others to fill a batch with."""
    return FEW_LINGER_MS if messages_a_second <= FEW_A_SECOND else int(str(SETTINGS["linger.ms"]))


OnDelivery = Callable[[KafkaError | None, Message | None], None]
"""Takes a delivery report: what went wrong, or None, and the message."""


def hopeless(error: KafkaError) -> bool:
    """Whether the broker will never take this message, however often it is sent."""
    return error.code() in _HOPELESS


class TelemetryProducer:
    """The one producer of a process; used from one thread."""

    def __init__(
        self, bootstrap: str, *, topic: str = TOPIC, security: KafkaSecurity = PLAIN, **config: object
    ) -> None:
        self.away = False
        """Whether the broker was out of reach when last heard of."""
        self._refusal = ""
        self._security = security
        self.bootstrap = bootstrap
        self._topic = topic
        self._fatal = False
        self._config = {
            **SETTINGS,
            "bootstrap.servers": bootstrap,
            **security.config(),
            "client.id": "ships-client",
            "error_cb": self._on_error,
            **{name.replace("_", "."): value for name, value in config.items()},
        }
        self._producer = self._connect()

    def check(self, seconds: float) -> None:
        """Wait up to `seconds` for broker and topic.

        Raises:
            BrokerAway: the broker doesn't answer in time.
            BrokerRefused: it refuses user and password, isn't trusted, or lets the user not write to the topic.
            TelemetryError: it answers, but there is no such topic.
        """
        bootstrap = self._config["bootstrap.servers"]
        try:
            topics = self._producer.list_topics(self._topic, timeout=seconds).topics
        except KafkaException:
            self._producer.poll(0)  # the reason, if there is one, waits for its callback
            if self._refusal:
                raise BrokerRefused(f"Kafka at {bootstrap} {self._refusal}") from None
            raise BrokerAway(
                f"Kafka at {bootstrap} didn't answer within {seconds:g} s. Start it, or set KAFKA_BOOTSTRAP."
                + self._security.hint
            ) from None
        error = topics[self._topic].error
        if error is not None and error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:
            raise BrokerRefused(f"Kafka at {bootstrap} {self._security.no_right(self._topic)}")
        if error is not None:
            raise TelemetryError(f"Kafka at {bootstrap} has no topic {self._topic!r}. Create it, then fly again.")

    def produce(self, keys: Sequence[bytes], values: Sequence[bytes], on_delivery: OnDelivery) -> int:
        """Take messages in order; how many there was room for. Never waits.

        One that can't even be queued gets its delivery report at once, without a message.
        """
        produce, topic, taken = self._producer.produce, self._topic, 0
        messages = zip(keys, values, strict=True)
        while True:
            try:
                for key, value in messages:
                    # By position, which takes a fifth less time than by name.
                    produce(topic, value, key, -1, on_delivery, None, 0, _HEADERS)
                    taken += 1
            except BufferError:
                return taken
            except KafkaException as error:
                taken += 1
                on_delivery(error.args[0], None)
            else:
                return taken

    def serve(self, seconds: float) -> None:
        """Serve delivery reports: those that are there, or the first that come within `seconds`."""
        self._producer.poll(seconds)

    @property
    def broken(self) -> bool:
        """Whether it has failed for good and takes no more messages; then renew it."""
        return self._fatal

    def renew(self) -> None:
        """Begin anew without the messages that aren't acknowledged; their delivery reports say that they are gone."""
        self._producer.purge()
        self._producer.flush(_PURGE_S)
        self._fatal = False
        self._producer = self._connect()

    @property
    def waiting(self) -> int:
        """Messages whose delivery report hasn't been served yet."""
        return len(self._producer)

    def _on_error(self, error: KafkaError) -> None:
        logger.info("Kafka: %s", error.str())
        self._fatal = self._fatal or error.fatal()
        if error.code() in (KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT, KafkaError._RESOLVE):
            self.away = True
        if found := self._security.refusal(error):
            self._refusal = found
            self.away = True

    def _connect(self) -> Producer:
        return Producer(self._config, logger=logger)

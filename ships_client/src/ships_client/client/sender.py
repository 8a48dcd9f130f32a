"""Telemetry from the recorder to Kafka, behind a cursor: what isn't acknowledged is sent again.

Messages are made of what stands in the recorder, and of nothing else. So one that is sent late, or once more, is the
same message with the time of its turn, and an outage of Kafka or of this process costs nothing but time.
"""

import time
from collections.abc import Callable, Iterator
from typing import Final

from confluent_kafka import KafkaError, Message

from ships_client.client.deliveries import Deliveries, TurnDelivery
from ships_client.client.outbox import Messages, Outbox
from ships_client.client.silence import Silence
from ships_client.recorder import Acknowledged, Recorder
from ships_client.transports.kafka import TelemetryProducer, hopeless

_NOTE_S: Final = 1.0
_SLICE_S: Final = 0.25
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0


class Sender:
    """Hands the recorder's turns to the producer; used from the thread that appends to the recorder.

    With `los`, messages whose seq is in it are withheld until the fleet has flown on to its end, and then sent in order
    before the flight's next. `tell` gets a sentence for messages that are lost: they break the contract or Kafka's
    limits. `mending` (`tell` when left out) gets one for what went wrong and costs only time. Methods raise
    RecorderError when the recorder can't be read or written.
    """

    def __init__(
        self,
        recorder: Recorder,
        producer: TelemetryProducer,
        los: range | None,
        tell: Callable[[str], None],
        mending: Callable[[str], None] | None = None,
    ) -> None:
        self._recorder = recorder
        self._producer = producer
        self._tell = tell
        self._mending = mending or tell
        self._silence = Silence(los or range(0))
        self._outbox = Outbox(recorder, self._silence, tell)
        self._deliveries = Deliveries(recorder.standing.acknowledged_turn, self._came_back)
        self._next_turn = self._deliveries.passed_turn + 1
        self._under_way = self._stream()
        self._rest: tuple[TurnDelivery, Messages] | None = None
        self._failure: KafkaError | None = None
        self._pause_s = _FIRST_PAUSE_S
        self._resume_at = 0.0
        self._note_at = 0.0

    def send(self, until: float) -> bool:
        """Hand over what isn't yet, up to `until` (monotonic seconds) or until the producer's queue is full.

        Returns whether all that is recorded is handed over. Doesn't wait, but for the time it takes to make messages.
        """
        self._serve(0.0)
        while time.monotonic() >= self._resume_at:
            self._rest = self._rest or next(self._under_way, None)
            if self._rest is None:
                self._under_way = self._stream()
                return True
            full = not self._hand_over()
            self._serve(0.0)
            if full or time.monotonic() >= until:
                break
        return False

    def serve(self, until: float) -> None:
        """Wait for delivery reports until then (monotonic seconds), or until none is due."""
        while self._producer.waiting and (left := until - time.monotonic()) > 0:
            self._serve(min(left, _SLICE_S))

    def close(self) -> None:
        """Note in the recorder how far Kafka has acknowledged; what it hasn't is sent after a resume."""
        self._serve(0.0)
        self._note()

    @property
    def acknowledged_turn(self) -> int:
        """All messages of the turns up to it are acknowledged, or refused for good; -1 when there is none."""
        held = [turn - 1 for turn in (self._silence.oldest, self._deliveries.oldest) if turn is not None]
        return min([self._deliveries.passed_turn, *held])

    @property
    def behind(self) -> int:
        """Turns recorded of which not all messages are acknowledged, or an older one's."""
        return self._recorder.last_turn - self.acknowledged_turn

    @property
    def sent(self) -> int:
        """Messages handed over, each counted once however often it went."""
        return self._deliveries.sent

    @property
    def acknowledged(self) -> int:
        """Messages that Kafka has acknowledged."""
        return self._deliveries.acknowledged

    @property
    def pending(self) -> int:
        """Messages handed over whose fate isn't known yet."""
        return self._deliveries.pending

    @property
    def refused(self) -> int:
        """Messages that will never be delivered: they break the contract, or Kafka won't ever take them."""
        return self._deliveries.refused

    def delivered(self, number: int, turn: int) -> bool:
        """Whether flight `number`, whose last message stands in `turn`, has nothing left to be acknowledged."""
        return self._deliveries.passed_turn >= turn and number not in self._silence.since

    def _stream(self) -> Iterator[tuple[TurnDelivery, Messages]]:
        """What is to be handed over, up to the last turn recorded."""
        while self._next_turn <= self._recorder.last_turn:
            delivery = self._deliveries.begin(self._next_turn)
            for messages in self._outbox.messages(delivery):
                yield delivery, messages
            delivery.complete = True
            self._next_turn += 1

    def _hand_over(self) -> bool:
        """Hand over what was taken from the stream; False when there is no room for all of it yet."""
        if self._rest is None:
            return True
        delivery, messages = self._rest
        taken = self._producer.produce(messages.keys, messages.values, delivery.reported)
        delivery.handed += taken
        self._rest = (delivery, messages.after(taken)) if taken < len(messages.keys) else None
        return self._rest is None

    def _serve(self, seconds: float) -> None:
        self._producer.serve(seconds)
        if self._failure or self._producer.broken:
            self._rewind()
        if self._deliveries.advance():
            self._producer.away = False
            self._pause_s = _FIRST_PAUSE_S
        if time.monotonic() >= self._note_at:
            self._note()

    def _note(self) -> None:
        turn = self.acknowledged_turn
        if turn > self._recorder.standing.acknowledged_turn:
            self._recorder.note(Acknowledged(turn))
        self._note_at = time.monotonic() + _NOTE_S

    def _came_back(self, delivery: TurnDelivery, error: KafkaError, message: Message | None) -> None:
        if not hopeless(error):
            self._failure = error
            return
        delivery.undeliverable += 1
        if delivery.undeliverable == 1:
            self._tell(f"Kafka won't take a message of turn {delivery.number}, which is left out: {error.str()}.")

    def _rewind(self) -> None:
        """Begin anew after what is acknowledged: an idempotent producer that has given up a message is of no use."""
        reason = self._failure.str() if self._failure else "it has failed for good"
        turn = self.acknowledged_turn
        self._deliveries.rewind(turn)
        self._silence.since.clear()
        self._rest, self._failure = None, None
        self._next_turn = turn + 1
        self._under_way = self._stream()
        self._producer.renew()
        self._resume_at = time.monotonic() + self._pause_s
        self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
        self._mending(f"Kafka gave messages back ({reason}); all after turn {turn} are sent again.")

"""What has become of the messages of each turn, and up to which turn all are acknowledged."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from confluent_kafka import KafkaError, Message

Failed = Callable[["TurnDelivery", KafkaError, Message | None], None]
"""Takes a message that came back."""


@dataclass(slots=True, eq=False)
class TurnDelivery:
    """Counts the delivery reports of one turn's messages."""

    number: int
    first_turn: int
    """The oldest turn that it has messages of: withheld ones go with a later turn."""
    _failed: Failed
    handed: int = 0
    """Messages handed over, whatever became of them."""
    acknowledged: int = 0
    undeliverable: int = 0
    """Messages that Kafka will never take."""
    invalid: int = 0
    """Rows that break the contract, so that there is no message."""
    complete: bool = False
    """Whether all of the turn is handed over."""
    void: bool = False
    """Whether the turn is to be handed over anew, and these reports don't count."""

    def reported(self, error: KafkaError | None, message: Message | None) -> None:
        """Take a delivery report."""
        if error is None:
            self.acknowledged += 1
        elif not self.void:
            self._failed(self, error, message)

    @property
    def pending(self) -> int:
        """Messages whose fate isn't known yet."""
        return self.handed - self.acknowledged - self.undeliverable

    @property
    def done(self) -> bool:
        """Whether nothing of the turn is left to wait for."""
        return self.complete and not self.pending


class Deliveries:
    """The turns under way, in order, and totals of all that were handed over."""

    def __init__(self, passed_turn: int, failed: Failed) -> None:
        self.passed_turn = passed_turn
        """Nothing that was handed over for the turns up to it is left to wait for."""
        self._failed = failed
        self._turns: deque[TurnDelivery] = deque()
        self._sent = self._acknowledged = self._refused = 0

    def begin(self, number: int) -> TurnDelivery:
        """The next turn is handed over."""
        turn = TurnDelivery(number, number, self._failed)
        self._turns.append(turn)
        return turn

    def advance(self) -> bool:
        """Pass the turns that are done; whether there were any."""
        before = self.passed_turn
        while self._turns and self._turns[0].done:
            turn = self._turns.popleft()
            self.passed_turn = turn.number
            self._sent += turn.handed
            self._acknowledged += turn.acknowledged
            self._refused += turn.undeliverable + turn.invalid
        return self.passed_turn > before

    def rewind(self, passed_turn: int) -> None:
        """Forget the turns after `passed_turn`: they are handed over anew."""
        for turn in self._turns:
            turn.void = True
        self._turns.clear()
        self.passed_turn = passed_turn

    @property
    def oldest(self) -> int | None:
        """The oldest turn of which messages are under way."""
        return min((turn.first_turn for turn in self._turns), default=None)

    @property
    def sent(self) -> int:
        """Messages handed over."""
        return self._sent + sum(turn.handed for turn in self._turns)

    @property
    def acknowledged(self) -> int:
        """Messages acknowledged."""
        return self._acknowledged + sum(turn.acknowledged for turn in self._turns)

    @property
    def pending(self) -> int:
        """Messages handed over whose fate isn't known yet."""
        return sum(turn.pending for turn in self._turns)

    @property
    def refused(self) -> int:
        """Rows that will never be a message at Kafka."""
        return self._refused + sum(turn.undeliverable + turn.invalid for turn in self._turns)

"""The messages of the recorder's turns, in order, less those that a loss of signal withholds until it is over."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from ships_client.client.deliveries import TurnDelivery
from ships_client.client.messages import encode_turn
from ships_client.client.silence import Silence
from ships_client.client.speakers import Directory, Speakers, some
from ships_client.contracts import InvalidMessage
from ships_client.recorder import Recorder
from ships_client.recorder.records import Rows
from ships_client.sim import Frame, observe
from ships_client.sim.rows import from_rows


class Messages(NamedTuple):
    """Keys and values of messages, in the order in which they are to be sent."""

    keys: list[bytes]
    values: list[bytes]

    def after(self, count: int) -> "Messages":
        """Those after the first so many."""
        return Messages(self.keys[count:], self.values[count:])


_ROWS: Final = 512
"""Messages made at a time: what they are made of stays in the processor's caches, and no page is mapped for it."""


class Outbox:
    """Makes the messages of turns, each asked for in order; `silence` keeps what it withholds."""

    def __init__(self, recorder: Recorder, silence: Silence, tell: Callable[[str], None]) -> None:
        self._recorder = recorder
        self._silence = silence
        self._tell = tell
        self._directory = Directory(recorder.standing)
        self._told: set[int] = set()

    def messages(self, delivery: TurnDelivery) -> Iterator[Messages]:
        """The messages of a turn; a flight's are preceded by those of it that had been withheld until now."""
        turn = self._recorder.turn(delivery.number)
        speakers = self._directory.turn(turn.numbers)
        for number, error in self._directory.unnamed.items():
            self._refuse(delivery, number, error)
        frame = _frame(turn.rows[speakers.rows], speakers)
        silent = self._silence.falls(frame, speakers.launch_turns, self._recorder.last_turn)
        if silent.any():
            self._silence.withhold(speakers.numbers[silent], delivery.number)
            speakers, frame = some(speakers, ~silent), some(frame, ~silent)
        heard = self._silence.heard(speakers.numbers)
        # All at once, before the first of them is sent: the cursor must not pass the others.
        delivery.first_turn = min([delivery.first_turn, *(since for _, since in heard)])
        for index, since in heard:
            yield self._withheld(delivery, some(speakers, slice(index, index + 1)), since)
        for start in range(0, len(speakers), _ROWS):
            part = slice(start, start + _ROWS)
            yield self._encoded(delivery, some(frame, part), some(speakers, part), turn.timestamp_us)

    def _withheld(self, delivery: TurnDelivery, speaker: Speakers, since: int) -> Messages:
        """The messages of one flight from turn `since` on, which go before that of the turn."""
        times, rows = self._recorder.stretch(int(speaker.numbers[0]), since, delivery.number - 1)
        speakers = some(speaker, np.zeros(len(rows), dtype=np.int64))
        return self._encoded(delivery, _frame(rows, speakers), speakers, times.tolist())

    def _encoded(
        self, delivery: TurnDelivery, frame: Frame, speakers: Speakers, timestamps_us: int | Sequence[int]
    ) -> Messages:
        values, refused = encode_turn(frame, speakers.callsigns, timestamps_us)
        for row, error in refused.items():
            self._refuse(delivery, int(speakers.numbers[row]), error)
        keys = speakers.keys.tolist()
        if refused:
            keys = [key for key, value in zip(keys, values, strict=True) if value]
            values = [value for value in values if value]
        return Messages(keys, values)

    def _refuse(self, delivery: TurnDelivery, number: int, error: InvalidMessage) -> None:
        delivery.invalid += 1
        if number not in self._told:
            self._told.add(number)
            self._tell(f"Flight {number} has said what its contract doesn't allow, which isn't sent: {error}.")


def _frame(rows: Rows, speakers: Speakers) -> Frame:
    """What the instruments show; where the flights go, and their luck, don't show on them."""
    n = len(rows)
    return observe(from_rows(rows, np.zeros((n, 3)), speakers.one_way, np.zeros(n, dtype=np.uint64)))

"""The last turns in memory, so that what was just appended isn't read back from the disk."""

from collections import deque
from typing import Final

from ships_client.recorder.records import Turn

TAIL_BYTES: Final = 16 * 2**20


class Tail:
    """Consecutive turns up to the last, of at most `limit_bytes`, but at least the last."""

    def __init__(self, limit_bytes: int = TAIL_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._turns: deque[Turn] = deque()
        self._bytes = 0

    def add(self, turn: Turn) -> None:
        """Keep the next turn, and let go of the oldest for it."""
        self._turns.append(turn)
        self._bytes += _size(turn)
        while self._bytes > self._limit_bytes and len(self._turns) > 1:
            self._bytes -= _size(self._turns.popleft())

    def get(self, number: int) -> Turn | None:
        """A turn, None when it isn't among them."""
        if self._turns and self._turns[0].number <= number <= self._turns[-1].number:
            return self._turns[number - self._turns[0].number]
        return None


def _size(turn: Turn) -> int:
    # A turn of few ships costs more than their rows.
    return turn.numbers.nbytes + turn.rows.nbytes + 500

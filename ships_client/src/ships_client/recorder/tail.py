"""The last turns in memory, so that what was just appended isn't read back from the disk."""

from collections import deque
from typing import Final

from ships_client.recorder.records import Turn

TAIL_BYTES: Final = 16 * 2**20
TAIL_TURNS: Final = 64


class Tail:
    """Consecutive turns up to the last: at most TAIL_TURNS of `limit_bytes` in all, but at least the last."""

    def __init__(self, limit_bytes: int = TAIL_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._turns: deque[Turn] = deque()

    def add(self, turn: Turn) -> None:
        """Keep the next turn, and let go of the oldest for it."""
        if self._turns and turn.number != self._turns[-1].number + 1:
            self._turns.clear()
        self._turns.append(turn)
        while len(self._turns) > TAIL_TURNS or (len(self._turns) > 1 and self._size() > self._limit_bytes):
            self._turns.popleft()

    def get(self, number: int) -> Turn | None:
        """A turn, None when it isn't among them."""
        if self._turns and self._turns[0].number <= number <= self._turns[-1].number:
            return self._turns[number - self._turns[0].number]
        return None

    def _size(self) -> int:
        return sum(turn.numbers.nbytes + turn.rows.nbytes for turn in self._turns)

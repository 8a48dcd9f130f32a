"""Where the turns of a segment stand in its file."""

from array import array
from typing import NamedTuple

import numpy as np

from ships_client.recorder.records import Numbers, Turn


class Place(NamedTuple):
    """Where a turn stands in its segment: offset of its record, ships aloft, its time (µs since 1970).

    Turns of one segment with the same roster have the same ships.
    """

    offset: int
    ships: int
    timestamp_us: int
    roster: int


class Index:
    """Places by the turn's position in the segment; 32 bytes a turn. Entries may be read while others are set."""

    def __init__(self) -> None:
        self._columns = tuple(array("q") for _ in Place._fields)
        self._numbers: Numbers | None = None

    def __getitem__(self, position: int) -> Place:
        return Place(*(column[position] for column in self._columns))

    def set(self, position: int, offset: int, turn: Turn) -> None:
        """Set the entry at `position`, which is the next or, after a write that was broken off, the last one."""
        roster = position
        if position and self._numbers is not None and np.array_equal(self._numbers, turn.numbers):
            roster = self._columns[-1][position - 1]
        self._numbers = turn.numbers
        for column, value in zip(self._columns, (offset, len(turn.numbers), turn.timestamp_us, roster), strict=True):
            column[position:] = array("q", (value,))

    def settle(self) -> None:
        """Let go of the last turn's flight numbers: no turn follows, or only much later."""
        self._numbers = None

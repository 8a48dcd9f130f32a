"""Where a track has holes: a jump in seq, or a silence. Pure."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

SILENCE_US: Final = 10_000_000
"""µs between two messages from which on it is a gap; a ship speaks once a second."""
MOST_LISTED: Final = 200
"""Gaps that an answer names, the longest; all of them are counted, and no line is drawn over any."""


@dataclass(frozen=True, order=True)
class Gap:
    """Nothing between two messages: their times (µs), their seqs, and how many seqs are missing (None: unknown)."""

    begin: int
    end: int
    after_seq: int | None = field(compare=False)
    before_seq: int | None = field(compare=False)

    @property
    def missing(self) -> int | None:
        """How many messages are missing, by their seqs."""
        if self.after_seq is None or self.before_seq is None:
            return None
        return max(self.before_seq - self.after_seq - 1, 0)


class GapFinder:
    """Finds the gaps of a track that comes in pieces, in the order of time."""

    def __init__(self) -> None:
        self.count = 0
        self._longest: list[tuple[int, int, Gap]] = []
        self._last: tuple[int, int] | None = None

    @property
    def longest(self) -> list[Gap]:
        """The longest gaps, at most MOST_LISTED, in the order of time."""
        return sorted(gap for _, _, gap in self._longest)

    def stretches(self, time: NDArray[np.int64], seq: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each row, (n), how many gaps lie before it in the track: a line may join rows of one stretch only.

        `time` in µs; `seq` -1 where there is none.
        """
        if len(time) == 0:
            return np.empty(0, np.int64)
        before = self._last or (int(time[0]), int(seq[0]))
        previous_time, previous_seq = np.r_[before[0], time[:-1]], np.r_[before[1], seq[:-1]]
        jump = (seq - previous_seq > 1) & (seq >= 0) & (previous_seq >= 0)
        gaps = jump | (time - previous_time > SILENCE_US)
        stretch = self.count + np.cumsum(gaps)
        for place in np.flatnonzero(gaps).tolist():
            self._found(
                Gap(
                    int(previous_time[place]),
                    int(time[place]),
                    _known(int(previous_seq[place])),
                    _known(int(seq[place])),
                )
            )
        self._last = (int(time[-1]), int(seq[-1]))
        return stretch

    def _found(self, gap: Gap) -> None:
        self.count += 1
        entry = (gap.end - gap.begin, -self.count, gap)
        if len(self._longest) < MOST_LISTED:
            heapq.heappush(self._longest, entry)
        else:
            heapq.heappushpop(self._longest, entry)


def _known(seq: int) -> int | None:
    return seq if seq >= 0 else None

"""Rows of the lake and of Kafka's tail as one track: sorted, and each message once. Pure."""

from __future__ import annotations

import bisect
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_NO_SEQ: Final = -1


def merged(*tables: pa.Table) -> pa.Table:
    """All rows of tables of one schema that holds IDENTITY, in the order of their times, each message once.

    A message is known by its seq, and one of version 1 by its event time. Of several the one that the broker took
    first stays.
    """
    table = pa.concat_tables(tables).combine_chunks()
    if table.num_rows == 0:
        return table
    time, seq = times(table), seqs(table)
    taken = np.lexsort(tuple(_whole(table, f"kafka_{name}") for name in ("offset", "partition", "time")))
    numbered = seq[taken] != _NO_SEQ
    first = [
        places[np.unique(key[places], return_index=True)[1]]
        for key, places in ((seq, taken[numbered]), (time, taken[~numbered]))
    ]
    places = np.concatenate(first)
    return table.take(pa.array(places[np.lexsort((seq[places], time[places]))]))


class Seen:
    """The seqs of a track so far, as runs; so a message counts once though its copies lie in different slices."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def new(self, table: pa.Table) -> pa.Table:
        """The rows of a merged table whose seq was not there before; rows without seq stay. Remembers them."""
        numbers = seqs(table)
        known = np.fromiter((number in self for number in numbers.tolist()), bool, len(numbers))
        for start, end in _runs(numbers[(numbers != _NO_SEQ) & ~known]):
            self._add(start, end)
        return table.filter(pa.array(~known)) if known.any() else table

    def __contains__(self, number: int) -> bool:
        place = bisect.bisect_right(self._starts, number) - 1
        return number != _NO_SEQ and place >= 0 and number < self._ends[place]

    def _add(self, start: int, end: int) -> None:
        left = bisect.bisect_left(self._ends, start)
        right = bisect.bisect_right(self._starts, end)
        if left < right:
            start, end = min(start, self._starts[left]), max(end, self._ends[right - 1])
        self._starts[left:right], self._ends[left:right] = [start], [end]


def seqs(table: pa.Table) -> NDArray[np.int64]:
    """The seq of each row, (n); -1 where there is none."""
    numbers: NDArray[np.int64] = table.column("seq").fill_null(_NO_SEQ).to_numpy()
    return numbers


def times(table: pa.Table) -> NDArray[np.int64]:
    """The event time of each row, (n), µs since 1970."""
    return _whole(table, "event_time")


def _whole(table: pa.Table, name: str) -> NDArray[np.int64]:
    numbers: NDArray[np.int64] = table.column(name).cast(pa.int64()).to_numpy()
    return numbers


def _runs(numbers: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers, each as its first and the one after its last."""
    if len(numbers) == 0:
        return []
    numbers = np.unique(numbers)
    breaks = np.flatnonzero(np.diff(numbers) != 1)
    starts = numbers[np.r_[0, breaks + 1]]
    ends = numbers[np.r_[breaks, len(numbers) - 1]] + 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))

"""One flight's rows out of many turns, by a few small reads a turn."""

import os
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ships_client.recorder.records import HEAD, NUMBER, Rows, numbers_at, rows_at
from ships_client.recorder.segment import Segment
from ships_client.sim.rows import ROW

_WINDOW: Final = 128
"""Flight numbers read at once, around where the flight stood a turn before."""
_BELOW: Final = 112
"""Most of them from below: a flight's place moves down as those before it end, and those after it have no part."""


def stretch(segments: Iterable[Segment], number: int, first: int, last: int) -> tuple[NDArray[np.int64], Rows]:
    """Times and rows of flight `number` from turn `first` to `last`, without the turns in which it wasn't aloft."""
    times: list[int] = []
    rows: list[bytes] = []
    index: int | None = None
    for segment in segments:
        roster = -1
        for turn in range(max(first, segment.first_turn), min(last + 1, segment.next_turn)):
            place = segment.where(turn)
            payload = place.offset + HEAD.size
            if place.roster != roster:
                roster = place.roster
                index = find(segment.fd, payload + numbers_at(), place.ships, number, hint=index or 0)
            if index is not None:
                times.append(place.timestamp_us)
                rows.append(os.pread(segment.fd, ROW.itemsize, payload + rows_at(place.ships) + index * ROW.itemsize))
    return np.array(times, dtype=np.int64), np.frombuffer(b"".join(rows), dtype=ROW)


def find(fd: int, offset: int, n: int, number: int, *, hint: int) -> int | None:
    """Index of `number` among the `n` ascending numbers at `offset`, looking near `hint` first; None if not there."""
    low, high = 0, n
    start = max(0, min(hint, n) - _BELOW)
    while low < high:
        low, high, found = _look(fd, offset, start, min(high, start + _WINDOW), number, low, high)
        if found:
            return low
        start = max(low, (low + high - _WINDOW) // 2)
    return None


def _look(fd: int, offset: int, start: int, stop: int, number: int, low: int, high: int) -> tuple[int, int, bool]:
    """Read numbers `start` to `stop`: where in (low, high) the number still may be, or where it is and True."""
    window = os.pread(fd, (stop - start) * NUMBER.size, offset + start * NUMBER.size)
    wanted = NUMBER.pack(number)
    at = window.find(wanted)
    while at >= 0 and at % NUMBER.size:
        at = window.find(wanted, at + 1)
    if at >= 0:
        place = start + at // NUMBER.size
        return place, place + 1, True
    if not window or number < NUMBER.unpack_from(window)[0]:
        return low, start, False
    if number > NUMBER.unpack_from(window, len(window) - NUMBER.size)[0]:
        return stop, high, False
    return stop, stop, False

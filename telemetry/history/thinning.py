"""From a track of any length to at most as many points a column as a chart can show. Pure.

Time is cut into equal spans, and of each span a column keeps its lowest and its highest value, at their own times:
what stands out stays in sight, and no point is made up. The width of the spans is the least power of two, in µs from
1970 on, with which they are few enough; so it doesn't matter in which pieces the track comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAST_POINTS: Final = 2
MOST_POINTS: Final = 10_000


@dataclass(frozen=True)
class Track:
    """Rows in the order of time: times (µs), seqs (-1: none), stretches (see GapFinder), values (columns, n)."""

    time: NDArray[np.int64]
    seq: NDArray[np.int64]
    stretch: NDArray[np.int64]
    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.time)

    def at(self, places: NDArray[np.int64]) -> Track:
        """Some of the rows."""
        return Track(self.time[places], self.seq[places], self.stretch[places], self.values[:, places])

    @classmethod
    def joined(cls, tracks: list[Track], columns: int) -> Track:
        """Tracks one after the other."""
        if not tracks:
            empty = np.empty(0, np.int64)
            return cls(empty, empty, empty, np.empty((columns, 0)))
        return cls(
            np.concatenate([track.time for track in tracks]),
            np.concatenate([track.seq for track in tracks]),
            np.concatenate([track.stretch for track in tracks]),
            np.concatenate([track.values for track in tracks], axis=1),
        )


@dataclass(frozen=True)
class Series:
    """One column's points: times (µs), values, seqs (-1: none); no line may be drawn to a point of `breaks`."""

    time: NDArray[np.int64]
    value: NDArray[np.float64]
    seq: NDArray[np.int64]
    breaks: NDArray[np.int64]


class Thinner:
    """Takes a track in pieces and keeps at most some `points` of each of its columns.

    While no more rows than points have come, all of them stay. Beyond that the first and the last row stay, and the
    lowest and the highest value of each span, the earliest where several are equal.
    """

    def __init__(self, columns: int, points: int) -> None:
        self.rows = 0
        self._columns = columns
        self._points = points
        self._spans = (points - 2) // 2
        self._shift = 0
        self._waiting: list[Track] = []
        self._ends: list[Track] = []
        self._kept: list[Track] = [Track.joined([], 1) for _ in range(columns)]

    @property
    def thinned(self) -> bool:
        """Whether rows were left out."""
        return self.rows > self._points

    def add(self, track: Track) -> None:
        """The next rows, in the order of time."""
        if len(track) == 0:
            return
        self.rows += len(track)
        last = track.at(np.array([len(track) - 1]))
        self._ends = [self._ends[0] if self._ends else track.at(np.array([0])), last]
        self._waiting.append(track)
        if self.thinned:
            piece = Track.joined(self._waiting, self._columns)
            self._waiting = []
            self._take(piece)

    def series(self, column: int) -> Series:
        """The points of a column."""
        if not self.thinned:
            track = Track.joined(self._waiting, self._columns)
            return _series(track, track.values[column])
        first, last = (Track(t.time, t.seq, t.stretch, t.values[[column]]) for t in self._ends)
        kept = self._kept[column]
        ends = (_row(first), _row(last))
        inner = [row not in ends for row in zip(kept.time.tolist(), kept.seq.tolist(), strict=True)]
        track = Track.joined([first, kept.at(np.flatnonzero(inner)), last], 1)
        return _series(track, track.values[0])

    def _take(self, piece: Track) -> None:
        if self._spans == 0:
            return
        # Every span with a row has one in each column's points: the first column's tell which there are.
        rows = np.concatenate([self._kept[0].time, piece.time])
        while _spans(rows, self._shift) > self._spans:
            self._shift += 1
        for column in range(self._columns):
            one = Track(piece.time, piece.seq, piece.stretch, piece.values[[column]])
            self._kept[column] = _extremes(Track.joined([self._kept[column], one], 1), self._shift)


def _spans(time: NDArray[np.int64], shift: int) -> int:
    """How many spans of 2^shift µs have a row; `time` is in order."""
    return int(np.count_nonzero(np.diff(time >> shift))) + 1


def _extremes(track: Track, shift: int) -> Track:
    """The lowest and the highest row of each span of 2^shift µs, in the order of time."""
    span = track.time >> shift
    starts = np.flatnonzero(np.r_[True, span[1:] != span[:-1]])
    group = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(span)]))
    values = track.values[0]
    lows = _first_of(values == np.minimum.reduceat(values, starts)[group], group)
    highs = _first_of(values == np.maximum.reduceat(values, starts)[group], group)
    return track.at(np.unique(np.r_[lows, highs]))


def _first_of(mask: NDArray[np.bool_], group: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first place of each group where the mask is true."""
    places = np.flatnonzero(mask)
    found = group[places]
    return places[np.r_[True, found[1:] != found[:-1]]]


def _series(track: Track, values: NDArray[np.float64]) -> Series:
    breaks = np.flatnonzero(np.diff(track.stretch) != 0) + 1
    return Series(track.time, values, track.seq, breaks)


def _row(track: Track) -> tuple[int, int]:
    return int(track.time[0]), int(track.seq[0])

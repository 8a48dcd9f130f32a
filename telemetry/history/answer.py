"""A mission's history as a chart needs it: a bounded number of real points a column, and the gaps between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from telemetry.history.gaps import Gap, GapFinder
from telemetry.history.merging import seqs, times
from telemetry.history.thinning import Series, Thinner, Track


@dataclass(frozen=True)
class Points:
    """All that a chart shows.

    Attributes:
        rows: messages in the span that was asked for.
        thinned: whether not all of them are among the points.
        series: by column.
        gaps, gap_count: the longest gaps in the order of time, and how many there are in all.
    """

    rows: int
    thinned: bool
    series: dict[str, Series]
    gaps: list[Gap]
    gap_count: int


def points_of(slices: Iterable[pa.Table], columns: tuple[str, ...], points: int) -> Points:
    """At most `points` a column of a track that comes in slices; memory is bounded by one slice."""
    thinner, gaps = Thinner(len(columns), points), GapFinder()
    for rows in slices:
        time, seq = times(rows), seqs(rows)
        values = np.array([rows.column(name).to_numpy() for name in columns], float).reshape(len(columns), len(time))
        thinner.add(Track(time, seq, gaps.stretches(time, seq), values))
    series = {name: thinner.series(place) for place, name in enumerate(columns)}
    return Points(thinner.rows, thinner.thinned, series, gaps.longest, gaps.count)


def plain_series(series: Series) -> dict[str, list[Any]]:
    """A series as JSON knows it: `at` in ms since 1970, `value`, `seq` (null: none), and `breaks`."""
    return {
        "at": (series.time / 1000).tolist(),
        "value": series.value.tolist(),
        "seq": [number if number >= 0 else None for number in series.seq.tolist()],
        "breaks": series.breaks.tolist(),
    }


def plain_gap(gap: Gap) -> dict[str, Any]:
    """A gap as JSON knows it; `begin` and `end` in ms since 1970 are the messages beside it."""
    return {
        "begin": gap.begin / 1000,
        "end": gap.end / 1000,
        "after_seq": gap.after_seq,
        "before_seq": gap.before_seq,
        "missing": gap.missing,
    }

"""The history's pure parts against an oracle of their own, on random tracks: late, doubled, out of order, holed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.history import gaps
from telemetry.history.answer import Points, points_of
from telemetry.history.columns import read_schema
from telemetry.history.merging import Seen, merged
from telemetry.history.thinning import MOST_POINTS

BEGAN = datetime(2026, 11, 25, 8, tzinfo=UTC)
COLUMNS = ("motor_temp_c", "fuel_prc")


@dataclass(frozen=True)
class Row:
    """One message as the broker took it; `at` in µs after BEGAN, `offset` in the order of arrival."""

    at: int
    seq: int | None
    offset: int
    motor: float
    fuel: float

    @property
    def name(self) -> tuple[str, int]:
        """By what a message is known."""
        return ("time", self.at) if self.seq is None else ("seq", self.seq)


def table(rows: Sequence[Row]) -> pa.Table:
    """Rows as they are read."""
    schema = read_schema(COLUMNS)
    values = {
        "event_time": [BEGAN + timedelta(microseconds=row.at) for row in rows],
        "seq": [row.seq for row in rows],
        "kafka_partition": [0] * len(rows),
        "kafka_offset": [row.offset for row in rows],
        # Several messages are taken in the same millisecond.
        "kafka_time": [BEGAN + timedelta(milliseconds=row.offset // 3) for row in rows],
        "motor_temp_c": [row.motor for row in rows],
        "fuel_prc": [row.fuel for row in rows],
    }
    return pa.table(values, schema=schema)


@st.composite
def arrivals(draw: st.DrawFn, most: int = 60) -> list[Row]:
    """A flight's messages in the order of their arrival: some lost, some doubled, some late, some without seq."""
    step = draw(st.sampled_from([1_000, 400_000, 1_000_000, 1_000_000, 7_000_000]))
    ticks = draw(st.lists(st.integers(0, 3 * most), max_size=most, unique=True))
    numbered = draw(st.sampled_from(["all", "none", "some"]))
    value = st.integers(-5, 5).map(float)  # few values, so that many are equal
    flown = [
        (tick, None if numbered == "none" or (numbered == "some" and draw(st.booleans())) else tick, draw(value))
        for tick in ticks
    ]
    doubled = draw(st.lists(st.sampled_from(flown), max_size=10)) if flown else []
    order = draw(st.permutations([*flown, *doubled]))
    return [
        Row(tick * step + (tick * 37) % 900, seq, offset, motor, float(offset % 7))
        for offset, (tick, seq, motor) in enumerate(order)
    ]


def expected_track(rows: Sequence[Row]) -> list[Row]:
    """Each message once, the first that came, in the order of time."""
    first: dict[tuple[str, int], Row] = {}
    for row in sorted(rows, key=lambda row: row.offset):
        first.setdefault(row.name, row)
    return sorted(first.values(), key=lambda row: (row.at, -1 if row.seq is None else row.seq))


def is_gap(before: Row, after: Row) -> bool:
    """Whether messages are missing between two neighbours, or it was silent."""
    jump = before.seq is not None and after.seq is not None and after.seq - before.seq > 1
    return jump or after.at - before.at > gaps.SILENCE_US


def expected_places(track: Sequence[Row], values: Sequence[float], points: int) -> list[int]:
    """Which rows of a track a column keeps."""
    if len(track) <= points:
        return list(range(len(track)))
    kept = {0, len(track) - 1}
    most_spans = (points - 2) // 2
    if most_spans:
        origin = int(BEGAN.timestamp() * 1e6)
        widths = (2**power for power in range(80))
        width = next(w for w in widths if len({(origin + row.at) // w for row in track}) <= most_spans)
        spans: dict[int, list[int]] = {}
        for place, row in enumerate(track):
            spans.setdefault((origin + row.at) // width, []).append(place)
        for places in spans.values():
            kept.add(min(places, key=lambda place: (values[place], place)))
            kept.add(max(places, key=lambda place: (values[place], -place)))
    return sorted(kept)


def check(found: Points, track: Sequence[Row], points: int) -> None:
    """Points against the whole track."""
    assert found.rows == len(track)
    assert found.thinned == (len(track) > points)
    holes = [place for place in range(1, len(track)) if is_gap(track[place - 1], track[place])]
    assert found.gap_count == len(holes)
    assert [(gap.after_seq, gap.before_seq) for gap in found.gaps] == [
        (track[place - 1].seq, track[place].seq) for place in holes
    ]
    origin = int(BEGAN.timestamp() * 1e6)
    for name, values in zip(COLUMNS, ([r.motor for r in track], [r.fuel for r in track]), strict=True):
        series, places = found.series[name], expected_places(track, values, points)
        assert series.time.tolist() == [origin + track[place].at for place in places]
        assert series.value.tolist() == [values[place] for place in places]
        assert series.seq.tolist() == [-1 if track[place].seq is None else track[place].seq for place in places]
        assert series.breaks.tolist() == [
            number
            for number in range(1, len(places))
            if any(places[number - 1] < hole <= places[number] for hole in holes)
        ]
        assert len(places) <= points


@settings(max_examples=300, deadline=None)
@given(arrivals(), st.integers(2, 40), st.data())
def test_a_random_track_is_shown_by_the_right_points(rows: list[Row], points: int, data: st.DataObject) -> None:
    """Wherever the lake's commit lies, whatever stands on both sides of it, and however the track is sliced."""
    committed = data.draw(st.integers(0, len(rows)))
    again = data.draw(st.integers(0, committed))
    whole = merged(table(rows[:committed]), table(rows[again:]))
    cuts = sorted(data.draw(st.lists(st.integers(0, whole.num_rows), max_size=4)))
    slices = [whole.slice(begin, end - begin) for begin, end in zip([0, *cuts], [*cuts, whole.num_rows], strict=True)]

    found = points_of(slices, COLUMNS, points)

    check(found, expected_track(rows), points)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), max_size=12), max_size=8))
def test_a_message_counts_once_across_slices(pieces: list[list[int]]) -> None:
    seen, told, known = Seen(), [], set[int]()
    for number, piece in enumerate(pieces):
        rows = merged(table([Row(seq, seq, 1000 * number + seq, 0.0, 0.0) for seq in piece]))
        told += seen.new(rows).column("seq").to_pylist()
        known |= set(piece)

    assert sorted(told) == sorted(known)


def test_of_a_million_rows_few_stay_and_the_spike_is_among_them() -> None:
    count = 1_000_000
    motor = np.sin(np.arange(count) / 5000) * 3 + 90
    motor[654_321] = 179.5
    schema = read_schema(COLUMNS)
    start = int(BEGAN.timestamp() * 1e6)

    def part(begin: int, end: int) -> pa.Table:
        seq = np.arange(begin, end)
        values = [start + seq * 1_000_000, seq, seq * 0, seq, start + seq * 1_000_000, motor[begin:end], seq / count]
        return pa.table([pa.array(v).cast(f.type) for v, f in zip(values, schema, strict=True)], schema=schema)

    found = points_of((part(begin, begin + 100_000) for begin in range(0, count, 100_000)), COLUMNS, MOST_POINTS)

    series = found.series["motor_temp_c"]
    assert found.rows == count
    assert 2_000 <= len(series.time) <= MOST_POINTS
    assert series.value.max() == pytest.approx(179.5)
    assert series.seq[series.value.argmax()] == 654_321
    assert (series.seq[0], series.seq[-1]) == (0, count - 1)
    assert found.gap_count == 0


def test_many_gaps_are_all_counted_and_the_longest_are_named() -> None:
    rows, at = [], 0
    for number in range(400):
        at += 1_000_000 * (1 + 2 * (number % 100))
        rows.append(Row(at, 3 * number, number, 0.0, 0.0))

    found = points_of([table(rows)], COLUMNS, 1000)

    assert found.gap_count == 399
    assert len(found.gaps) == gaps.MOST_LISTED
    assert min(gap.end - gap.begin for gap in found.gaps) >= 100 * 1_000_000
    assert found.series["fuel_prc"].breaks.tolist() == list(range(1, 400))
    assert [gap.missing for gap in found.gaps] == [2] * gaps.MOST_LISTED

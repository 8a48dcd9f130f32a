"""Gaps, by the lake's own statement and by a plain oracle: the same for every mission."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.completeness.lake import LIMITS, LakeHolds, lake_holds_read
from telemetry.completeness.runs import Came, Gap, Run, gaps_between, merged, silences_between
from telemetry.completeness.statement import LATE_S, SILENCE_S, statement

START = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
END = START + dt.timedelta(days=8)
MISSION = 42

seqs = st.sets(st.integers(0, 60))
Message = tuple[int | None, float, float]
"""Number, seconds from START to its time, and from its time to the broker."""


def at(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def oracle(present: set[int], highest: int) -> list[tuple[int, int]]:
    """Ranges of what is missing of 0 to `highest`, one number after the other."""
    missing = [seq for seq in range(highest + 1) if seq not in present]
    groups = [list(group) for _, group in groupby(enumerate(missing), key=lambda pair: pair[1] - pair[0])]
    return [(group[0][1], group[-1][1]) for group in groups]


def asked(messages: Sequence[Message]) -> LakeHolds:
    """What the lake's statement finds in these messages of MISSION, among others' of another mission."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE SCHEMA telemetry")
        connection.execute(
            "CREATE TABLE telemetry.raw (mission_id bigint, seq bigint, event_time timestamptz, kafka_time timestamptz,"
            " phase varchar, status varchar, malfunctioned_component varchar, kafka_partition int, kafka_offset bigint)"
        )
        rows = [
            (mission, seq, at(sent), at(sent + way), "OUTBOUND", "OK", None, 0, offset)
            for mission in (MISSION, MISSION + 1)
            for offset, (seq, sent, way) in enumerate(messages)
        ]
        if rows:
            connection.executemany("INSERT INTO telemetry.raw VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        cursor = connection.execute(statement(MISSION, START, END, {0: 3}))
        names = [column[0] for column in cursor.description or ()]
        return lake_holds_read([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])


def runs_of(present: set[int]) -> list[Run]:
    ordered = enumerate(sorted(present))
    groups = [[seq for _, seq in group] for _, group in groupby(ordered, key=lambda pair: pair[1] - pair[0])]
    return [Run(group[0], group[-1], at(group[0]), at(group[-1])) for group in groups]


@given(seqs, st.integers(0, 70))
def test_gaps_are_what_is_missing_and_lie_between_their_neighbours(present: set[int], beyond: int) -> None:
    highest = max([beyond, *present])

    gaps = gaps_between(runs_of(present), highest=highest, start=START, end=at(100))

    assert [(gap.first, gap.last) for gap in gaps] == oracle(present, highest)
    for gap in gaps:
        assert gap.first is not None
        assert gap.last is not None
        assert gap.count == gap.last - gap.first + 1
        assert gap.since == (at(gap.first - 1) if gap.first else START)
        assert gap.until == (at(gap.last + 1) if gap.last + 1 in present else at(100))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0.2, 2.0, LATE_S + 0.5, 3600.0])), max_size=60))
def test_the_lakes_statement_finds_the_runs_gaps_and_late_messages_of_any_mission(
    sent: list[tuple[int, float]],
) -> None:
    held = asked([(seq, float(seq), way) for seq, way in sent])

    soonest = {seq: min(way for other, way in sent if other == seq) for seq, _ in sent}
    late = {seq for seq, way in soonest.items() if way > LATE_S}
    assert (held.rows, held.different, held.sent_again) == (len(sent), len(soonest), len(sent) - len(soonest))
    assert (held.lowest, held.highest) == ((min(soonest), max(soonest)) if sent else (None, None))
    assert held.late == len(late)
    assert {seq for run in held.runs if run.came is Came.LATE for seq in range(run.first, run.last + 1)} == late
    highest = max(soonest, default=0)
    gaps = gaps_between(held.runs, highest=held.highest, start=START, end=END)
    assert [(gap.first, gap.last) for gap in gaps] == (oracle(set(soonest), highest) if sent else [])
    assert held.gaps == len(gaps)
    assert held.in_kafka == max(len(sent) - 3, 0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=40, unique=True))
def test_messages_without_a_number_have_silences_for_gaps(seconds: list[int]) -> None:
    held = asked([(None, float(second), 0.1) for second in seconds])

    ordered = sorted(seconds)
    silent = [(at(before), at(after)) for before, after in pairwise(ordered) if after - before > SILENCE_S]
    assert [(gap.since, gap.until) for gap in silences_between(held.stretches)] == silent
    assert (held.without_seq, held.runs) == (len(seconds), [])


@given(seqs, seqs)
def test_what_only_kafka_holds_comes_between_what_the_lake_holds(held: set[int], tail: set[int]) -> None:
    runs = merged(runs_of(held), [(seq, at(seq)) for seq in tail])

    covered = [seq for run in runs for seq in range(run.first, run.last + 1)]
    assert covered == sorted(held | tail)
    arriving = {seq for run in runs if run.came is Came.ARRIVING for seq in range(run.first, run.last + 1)}
    assert arriving == tail - held


def test_a_clock_that_was_set_back_leaves_a_time_range_that_runs_forward() -> None:
    runs = [Run(0, 1, at(100), at(101)), Run(5, 6, at(50), at(51))]

    assert gaps_between(runs, highest=6, start=START, end=END) == [Gap(2, 4, at(50), at(101))]


def test_a_week_of_messages_with_every_third_missing_is_asked_in_bounded_time_and_rows() -> None:
    week = 7 * 24 * 3600
    with duckdb.connect(config={"memory_limit": "512MB", "threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE SCHEMA telemetry")
        connection.execute(
            "CREATE TABLE telemetry.raw AS SELECT 42::bigint AS mission_id, range AS seq,"  # noqa: S608 - our numbers
            f" TIMESTAMPTZ '{START.isoformat()}' + to_seconds(range) AS event_time,"
            " event_time + INTERVAL 1 SECOND AS kafka_time, 'OUTBOUND' AS phase, 'OK' AS status,"
            " NULL::varchar AS malfunctioned_component, 0 AS kafka_partition, range AS kafka_offset"
            f" FROM range({week}) WHERE range % 3 > 0"
        )
        began = time.monotonic()
        cursor = connection.execute(statement(MISSION, START, END, {}))
        names = [column[0] for column in cursor.description or ()]
        rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    held = lake_holds_read(rows)
    assert (held.different, held.gaps) == (week * 2 // 3, week // 3)
    assert len(rows) < 2100
    assert time.monotonic() - began < LIMITS.seconds


@pytest.mark.parametrize(("present", "highest", "arriving"), [({0, 1}, 5, True), ({0, 1}, 5, False)])
def test_while_the_lake_is_behind_its_last_gap_may_be_on_its_way(
    present: set[int], highest: int, arriving: bool
) -> None:
    (gap,) = gaps_between(runs_of(present), highest=highest, start=START, end=END, behind=arriving)

    assert (gap.first, gap.last, gap.arriving) == (2, 5, arriving)

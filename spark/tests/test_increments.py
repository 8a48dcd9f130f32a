"""Which rows a derived table reads next, and what a scan for them can skip."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark.derive import in_minutes, within
from spark.increments import next_end, ranges


def test_a_step_takes_commits_until_it_has_enough_rows() -> None:
    history = [(11, 100), (12, 100), (13, 100), (14, 100)]

    assert next_end(history, 250) == 12
    assert next_end(history, 400) == 14


def test_a_commit_that_is_larger_than_a_step_is_taken_alone() -> None:
    assert next_end([(11, 5000), (12, 1)], 250) == 11


def test_there_must_be_something_to_read() -> None:
    with pytest.raises(ValueError, match="no snapshot"):
        next_end([], 250)


values = st.lists(st.integers(-(2**62), 2**62), max_size=60)


@given(values, st.integers(1, 8))
def test_ranges_hold_every_value_in_order_and_are_as_few_as_asked(values: list[int], most: int) -> None:
    found = ranges(values, most)

    assert all(any(first <= value <= last for first, last in found) for value in values)
    assert len(found) <= most
    assert all(first <= last for first, last in found)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(found))
    assert {bound for pair in found for bound in pair} <= set(values)


@given(values)
def test_with_ranges_enough_nothing_lies_between_values(values: list[int]) -> None:
    covered = sum(last - first + 1 for first, last in ranges(values, len(values) + 1))

    assert covered == len(set(values))


def test_conditions_name_the_column_and_its_ranges() -> None:
    assert within("mission_id", [3, 1, 2, 9]) == "(mission_id BETWEEN 1 AND 3 OR mission_id BETWEEN 9 AND 9)"
    assert in_minutes("minute", [2]) == "((minute >= timestamp_seconds(120) AND minute < timestamp_seconds(180)))"
    assert within("mission_id", []) == "(false)"

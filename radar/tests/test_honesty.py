"""When a ship counts as live."""

from datetime import timedelta

import pytest

from missions import rows
from radar.honesty import LIVE_MS, LOST_MS, Link, link


@pytest.mark.parametrize(
    ("age_ms", "expected"),
    [
        (-300, Link.LIVE),
        (0, Link.LIVE),
        (5_000, Link.LIVE),
        (5_001, Link.LATE),
        (59_999, Link.LATE),
        (60_000, Link.LOST),
    ],
)
def test_no_ship_is_live_whose_last_message_is_older_than_5_s(age_ms: int, expected: Link) -> None:
    assert link(age_ms=age_ms, ended=False) is expected


def test_an_ended_mission_is_ended_however_young_its_last_message() -> None:
    assert link(age_ms=0, ended=True) is Link.ENDED


def test_the_list_of_missions_calls_a_ship_live_and_lost_at_the_same_ages() -> None:
    assert (timedelta(milliseconds=LIVE_MS), timedelta(milliseconds=LOST_MS)) == (rows.LIVE, rows.LOST)

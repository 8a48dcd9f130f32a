"""A load is carried when no limit is broken."""

import numpy as np
import pytest

from benchmarks.limits import (
    BIN_MS,
    BINS,
    Ages,
    Freshness,
    Look,
    broken_already,
    broken_at_last,
    growth_s,
    p99_ms,
)

SHIPS = 1_000
SECONDS = 90


def ages(*counts: tuple[float, int]) -> Ages:
    """So many updates of each age in ms."""
    made = np.zeros(BINS, np.int64)
    for age, count in counts:
        made[int(age) // BIN_MS] += count
    return made


def looks(lake: list[float] | None = None, old: float = 8, rate: float = SHIPS) -> list[Look]:
    """A look every 3 s, at which the lake is so many seconds behind."""
    behind = lake or [3.0] * (SECONDS // 3)
    return [
        Look(3.0 * n, int(rate * 3 * n), {"radar": 10, "tracker": 20, "lake": int(lag * SHIPS)}, old)
        for n, lag in enumerate(behind)
    ]


GOOD = ages((300, 89_000), (950, 900))


def test_a_load_that_keeps_to_all_limits_is_carried() -> None:
    assert broken_already(looks(), GOOD, SHIPS, SECONDS) is None
    assert broken_at_last(looks(), GOOD, SHIPS) is None


def test_the_99th_percentile_is_the_end_of_its_bin() -> None:
    assert p99_ms(ages((100, 98), (500, 2))) == 510
    assert p99_ms(ages((100, 99), (500, 1))) == 110
    assert p99_ms(ages()) == 0


def test_late_updates_break_the_radars_limit_as_soon_as_they_are_too_many_for_the_whole_sample() -> None:
    few, many = ages((100, 5_000), (1_200, 900)), ages((100, 5_000), (1_200, 901))
    assert broken_already(looks()[:3], few, SHIPS, SECONDS) is None
    broken = broken_already(looks()[:3], many, SHIPS, SECONDS)
    assert broken is not None
    assert broken.limit == "radar p99"
    # What is said early is what the whole sample would have said, even if all the rest were in time.
    assert p99_ms(many + ages((100, 90_000 - 5_901))) > 1_000


def test_a_viewer_that_is_shown_nothing_any_more_stops_a_sample_as_soon_as_it_can_not_see_enough() -> None:
    # Of 90,000 messages a tenth may be missing; nothing came after the first 3,000.
    seen = ages((100, 3_000))
    assert broken_already(looks()[:4], seen, SHIPS, SECONDS) is None
    broken = broken_already(looks()[:6], seen, SHIPS, SECONDS)
    assert broken is not None
    assert broken.limit == "radar shows"


@pytest.mark.parametrize(
    ("sample", "limit"),
    [
        (looks(old=31), "lake freshness"),
        (looks([31.0]), "lake lag"),
    ],
)
def test_a_lake_that_is_behind_stops_a_sample(sample: list[Look], limit: str) -> None:
    broken = broken_already(sample, GOOD, SHIPS, SECONDS)
    assert broken is not None
    assert broken.limit == limit


@pytest.mark.parametrize(
    ("sample", "seen", "limit"),
    [
        (looks(rate=0.97 * SHIPS), GOOD, "rate"),
        (looks(), ages((100, 70_000)), "radar shows"),
        (looks(), ages(), "radar shows"),
        (looks(), ages((100, 88_000), (1_100, 1_000)), "radar p99"),
        (looks(old=30.5), GOOD, "lake freshness"),
        (looks([0.3 * n for n in range(30)]), GOOD, "lake lag"),
        (looks()[:5], GOOD, "looks"),
        ([], GOOD, "looks"),
    ],
)
def test_a_whole_sample_names_the_limit_that_it_broke(sample: list[Look], seen: Ages, limit: str) -> None:
    broken = broken_at_last(sample, seen, SHIPS)
    assert broken is not None
    assert broken.limit == limit


def test_a_lag_that_goes_up_and_down_with_each_commit_does_not_grow() -> None:
    saw = [float(n % 6) for n in range(30)]
    assert abs(growth_s(looks(saw), "lake", SHIPS)) <= 1
    assert broken_at_last(looks(saw), GOOD, SHIPS) is None


def test_a_lag_that_shrinks_does_not_grow() -> None:
    assert growth_s(looks([20.0 - n / 2 for n in range(30)]), "lake", SHIPS) < 0


def test_the_lake_lacks_what_came_after_the_last_end_that_it_has_reached() -> None:
    lake = Freshness()
    assert lake.age_s(10, {0: 5, 1: 5}, {0: 5, 1: 5}) == 0
    assert lake.age_s(13, {0: 8, 1: 5}, {0: 5, 1: 5}) == 3
    assert lake.age_s(16, {0: 11, 1: 9}, {0: 5, 1: 5}) == 6
    assert lake.age_s(19, {0: 14, 1: 9}, {0: 9, 1: 5}) == 6
    assert lake.age_s(22, {0: 14, 1: 9}, {0: 14, 1: 9}) == 0
    assert lake.age_s(25, {0: 15, 1: 9}, {0: 14, 1: 9}) == 3


def test_a_lake_that_has_nothing_lacks_all_since_the_first_look() -> None:
    lake = Freshness()
    assert lake.age_s(10, {0: 5}, {}) == 0
    assert lake.age_s(20, {0: 9}, {}) == 10


def test_of_an_empty_topic_the_lake_lacks_nothing() -> None:
    lake = Freshness()
    assert lake.age_s(10, {0: 0, 1: 0}, {}) == 0
    assert lake.age_s(20, {0: 0, 1: 0}, {}) == 0

"""Lines, picture and words of the page, which are pure."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ships_client.contracts import HOME, PLANETS
from ships_client.contracts.world import Band
from telemetry.analytics.scatter import LETTER, LINE, finding, floor_of, scatter
from telemetry.analytics.spark import HEIGHT, WIDTH, spark
from telemetry.analytics.tiles import tiles
from telemetry.analytics.words import change, number, scaled, share

from .marts import rated


def planet(name: str, distance: float, missions: int, failures: int, band: Band = Band.INNER) -> dict[str, Any]:
    return {"planet": name, "distance_m_km": distance, "band": band.value, **rated(missions, failures)}


def test_a_day_without_a_value_is_a_gap_and_a_day_alone_a_dot() -> None:
    line = spark([1, 2, None, 3, None, 4, 5], "x")

    assert line.path.count("M") == 3
    assert "h0.1" in line.path
    assert line.said == "x: 1 to 5"


def test_no_value_is_no_line() -> None:
    assert spark([None, None], "x").x is None


@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=400))
def test_a_line_stays_in_its_box(values: list[float | None]) -> None:
    line = spark(values, "x")

    if line.x is not None and line.y is not None:
        assert 0 <= line.x <= WIDTH
        assert 0 <= line.y <= HEIGHT


rates = st.tuples(st.floats(50, 1550), st.integers(1, 200), st.floats(0, 1))


@given(st.lists(rates, min_size=1, max_size=21))
def test_no_two_names_touch_and_none_leaves_the_picture(rows: list[tuple[float, int, float]]) -> None:
    planets = [planet(f"Planet {n}", d, m, round(m * f)) for n, (d, m, f) in enumerate(rows)]

    for width, height in ((700, 458), (350, 400)):
        drawn = scatter(planets, width=width, height=height)
        boxes = []
        for label in drawn.labels:
            long = LETTER * len(label.text)
            left = {"start": label.x, "end": label.x - long, "middle": label.x - long / 2}[label.anchor]
            assert left >= 0
            assert left + long <= width
            boxes.append((left, label.y - LINE + 3, left + long, label.y + 3))
        for a, b in combinations(boxes, 2):
            assert a[2] <= b[0] + 0.2 or b[2] <= a[0] + 0.2 or a[3] <= b[1] + 0.2 or b[3] <= a[1] + 0.2
        for dot in drawn.dots:
            assert 0 <= dot.high <= dot.y + 0.2
            assert dot.y - 0.2 <= dot.low <= height


def test_every_planet_of_a_year_has_its_name_on_a_desk() -> None:
    planets = [
        planet(one.name, (one.x**2 + one.y**2 + one.z**2) ** 0.5 / 1e6, 60, round(one.x**2 / 4e17 + 2), one.band)
        for name, one in PLANETS.items()
        if name != HOME
    ]

    assert len(scatter(planets, width=700, height=458).labels) == 20


@pytest.mark.parametrize(("low", "floor"), [(85, 80), (80, 80), (79.9, 60), (12, 0)])
def test_the_axis_of_rates_has_room_for_every_interval(low: float, floor: int) -> None:
    assert floor_of([{"success_low_pct": low}, {"success_low_pct": None}]) == floor


def test_the_title_claims_only_what_the_intervals_bear_out() -> None:
    def found(far: int, missions: int = 300) -> str:
        return finding([planet("A", 100, missions, 5), planet("B", 1200, missions, far, Band.OUTER)])

    assert found(60) == "The farther, the fewer come home"
    assert found(6) == "Distance makes no sure difference"
    assert (
        finding([planet("A", 100, 300, 60), planet("B", 1200, 300, 3, Band.OUTER)]) == "Far ships come home more often"
    )
    assert finding([planet("A", 100, 10, 1)]) == "Success rate by distance"


def test_numbers_are_written_as_people_read_them() -> None:
    assert (number(1313), number(None), number(-0.4, 1)) == ("1,313", "\N{EN DASH}", "\N{MINUS SIGN}0.4")
    assert (change(38), change(-0.4, 1)) == ("+38", "\N{MINUS SIGN}0.4")
    assert (scaled(4_120_000), scaled(950)) == (("4.12", "M"), ("950", ""))


@pytest.mark.parametrize(
    ("value", "said"), [(100.0, "100"), (99.99939, "99.999"), (99.99999, "99.9999"), (91.37, "91.4"), (99.97, "99.97")]
)
def test_a_share_short_of_all_is_never_shown_as_all(value: float, said: str) -> None:
    assert share(value) == said


def test_days_without_an_end_are_no_missions_but_no_rate() -> None:
    days = [
        {"day": "2026-11-28", "nb_missions": 4, "success_rate_pct": 75.0, "total_value_poko": 9},
        {"day": "2026-11-26", "nb_missions": 2, "success_rate_pct": 50.0, "total_value_poko": 5},
    ]

    found = {tile.title: tile for tile in tiles({"nb_missions": 6}, days, "7d")}

    assert found["Missions finished"].spark.path.count("M") == 1
    assert found["Success rate"].spark.path.count("M") == 2
    assert found["Success rate"].value == "\N{EN DASH}"
    assert "nothing to compare with" in found["Average health"].note

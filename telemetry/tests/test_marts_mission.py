"""What the marts tell of missions, built and not built."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from missions import told
from missions.models import Mission
from telemetry.marts import mission as marts

# The columns that are read, with the types that the models of the dbt project give them.
MARTS = """
CREATE SCHEMA IF NOT EXISTS bl;
CREATE SCHEMA IF NOT EXISTS sl;
DROP TABLE IF EXISTS bl.mission_summary, bl.cargo_summary, sl.mart_fleet_kpis CASCADE;
CREATE TABLE bl.mission_summary (
    mission_id bigint, avg_health double precision, min_fuel_prc double precision, max_temp_c double precision,
    avg_radiation_usv double precision, avg_cargo_int_prc double precision, uptime_ratio double precision,
    nb_repairs bigint, total_ticks bigint, expected_ticks bigint, computed_at timestamptz);
CREATE TABLE bl.cargo_summary (mission_id bigint, total_value_poko numeric);
CREATE TABLE sl.mart_fleet_kpis (
    period text, total_value_poko numeric, ticks_kept_pct double precision, computed_at timestamptz);
"""
NO_MARTS = "DROP TABLE IF EXISTS bl.mission_summary, bl.cargo_summary, sl.mart_fleet_kpis CASCADE"


@pytest.fixture
def not_built(tables: None) -> None:
    """No mart is there."""
    with connection.cursor() as cursor:
        cursor.execute(NO_MARTS)


@pytest.fixture
def built(mission: Mission) -> Iterator[Mission]:
    """The marts hold this mission; they are gone after the test."""
    with connection.cursor() as cursor:
        cursor.execute(MARTS)
        cursor.execute(
            "INSERT INTO bl.mission_summary"
            " VALUES (%s, 0.871, 92.48, 124.6, 0.41, 99.7, 0.961, 2, 745, 753, '2026-11-25T08:15:04Z')",
            [mission.mission_id],
        )
        cursor.execute("INSERT INTO bl.cargo_summary VALUES (%s, 9445)", [mission.mission_id])
        cursor.execute("INSERT INTO sl.mart_fleet_kpis VALUES ('30d', 4120000, 99.999, '2026-11-25T08:15:04Z')")
        cursor.execute("INSERT INTO sl.mart_fleet_kpis VALUES ('7d', 1, 1, '2026-11-25T08:15:04Z')")
    yield mission
    with connection.cursor() as cursor:
        cursor.execute(NO_MARTS)


def text(client: Client, url: str) -> str:
    """The page as a reader sees it."""
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_marts_that_are_not_built_are_a_normal_answer(client: Client, not_built: None, mission: Mission) -> None:
    assert marts.mission_summary(mission.mission_id) is None
    assert marts.fleet_kpis() is None
    assert "The marts are not built yet." in text(client, f"/missions/{mission.mission_id}/reports/")
    assert "Value and ticks come with the first marts" in text(client, "/missions/")


def test_a_mission_that_the_marts_do_not_hold_yet_says_so(client: Client, built: Mission) -> None:
    other = Mission.objects.create(
        ship_name="NEW", captain="Alph", target="Ohri", report_freq_min=1, registered_by=built.registered_by
    )

    assert "The marts hold nothing of this mission yet." in text(client, f"/missions/{other.mission_id}/reports/")


def test_the_summary_is_told_with_its_units_and_when_it_was_computed(client: Client, built: Mission) -> None:
    page = text(client, f"/missions/{built.mission_id}/reports/")

    for fact in (
        "Average health 0.87",
        "Lowest fuel 92.48 %",
        "Highest temperature 124.6 °C",
        "Average radiation 0.41 µSv",
        "Cargo unharmed 99.7 %",
        "Time in good condition 96.1 %",
        "Repairs 2",
        "Ticks reported 745 of 753",
        "Computed 25 Nov, 08:15:04 UTC",
    ):
        assert fact in page


def test_the_registry_s_pages_are_told_health_ticks_and_the_fleet_s_30_days(client: Client, built: Mission) -> None:
    row = told.rows([built.mission_id])[built.mission_id]

    assert (row.health, row.ticks, row.expected, row.value) == (0.871, 745, 753, 9445)
    page = text(client, "/missions/")
    assert "4.12 M" in page
    assert "99.999 %" in page
    assert "745 of 753" in page
    assert "health 0.87, uptime 96.1 %" in text(client, f"/missions/{built.mission_id}/")

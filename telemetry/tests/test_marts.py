"""The marts: what they say, how they follow late reports and the registry, and what a failed build leaves."""

from __future__ import annotations

import datetime as dt
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from missions.models import Mission, ShipToken
from missions.services import mission_register
from ships_client.contracts import CATALOGUE
from ships_client.contracts.world import ItemKind
from stack.config import ROOT
from stack.services.base import Context
from telemetry.mart_builds.build import BROKE_OFF, LOCK, builds_forget, marts_build
from telemetry.mart_builds.dbt import Dbt
from telemetry.mart_builds.errors import BuildBusy, BuildFailed
from telemetry.models import BuildState, Manifest, MartBuild, ShipState
from telemetry.partitions import months_drop

from .reports import handed, state_rows
from .warehouse import end, marts, one, rows, take_in
from .worker import eventually, other_connection, site_env

pytestmark = pytest.mark.usefixtures("bucket", "tables")

Register = Callable[..., Mission]

BUILDING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND application_name = 'hocotate_marts' AND query LIKE '%report_summary%'"
)
"""Sessions of a build that wait for a table to read."""


@pytest.fixture(scope="module")
def dbt(backing: Context, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Dbt]:
    """A warm dbt on the test database."""
    with django_db_blocker.unblock(), Dbt() as dbt:
        yield dbt


@pytest.fixture
def register(token: tuple[ShipToken, str]) -> Register:
    """Registers missions."""

    def register(**values: str) -> Mission:
        usual = {"ship_name": "ONION?!", "captain": "Olimar", "target": "Karut"}
        return mission_register(token=token[0], report_freq_min=5, **{**usual, **values})

    return register


def test_a_reported_mission_stands_in_every_mart(dbt: Dbt, mission: Mission) -> None:
    states = state_rows(mission.mission_id, timezone.now() - dt.timedelta(seconds=60), 60)
    for state in states[10:17]:
        state |= {"status": "REPAIR", "ship_condition": "REPAIRING", "normalized_health_total": 0.35}
    take_in(handed(mission.mission_id, states=states, items=25))
    end(mission)

    build = marts_build(dbt)

    assert (build.state, build.full, build.missions) == (BuildState.BUILT, True, 1)
    assert build.ledger_id == Manifest.objects.get().pk
    summary = one("bl.mission_summary", mission_id=mission.mission_id)
    assert (summary["total_ticks"], summary["expected_ticks"], summary["nb_repairs"]) == (60, 60, 2)
    assert summary["uptime_ratio"] == pytest.approx(53 / 60)
    assert summary["avg_health"] == pytest.approx((53 * 0.95 + 7 * 0.35) / 60)
    assert summary["mission_duration_hr"] == pytest.approx(1)
    poko = sum(CATALOGUE[n % len(CATALOGUE)].poko for n in range(25))
    treasure = sum(CATALOGUE[n].poko for n in range(23) if CATALOGUE[n].kind is ItemKind.TREASURE)
    treasure += CATALOGUE[0].poko + CATALOGUE[1].poko
    cargo = one("bl.cargo_summary", mission_id=mission.mission_id)
    assert (cargo["nb_items"], cargo["nb_unique_items"], cargo["total_value_poko"]) == (25, 23, poko)
    assert (cargo["treasure_value_poko"], cargo["max_item_value"]) == (treasure, 1200)
    assert one("bl.manifest_summary", mission_id=mission.mission_id)["nb_manifests"] == 1
    assert one("bl.planet_summary", planet="Karut")["success_rate_pct"] == 100
    for period in ("7d", "30d", "90d", "all"):
        fleet = one("sl.mart_fleet_kpis", period=period)
        assert (fleet["nb_missions"], fleet["total_value_poko"], fleet["ticks_kept_pct"]) == (1, poko, 100)
        assert one("sl.mart_ship_performance", period=period, ship_name="ONION?!")["nb_repairs"] == 2
        assert one("sl.mart_captain_performance", period=period, captain="Olimar")["favourite_ship"] == "ONION?!"
        planets = [row for row in rows("sl.mart_planet_performance") if row["period"] == period]
        assert (len(planets), sum(row["nb_missions"] for row in planets)) == (20, 1)
    assert one("sl.mart_fleet_daily", day=timezone.now().date())["nb_success"] == 1


def test_a_report_that_comes_a_day_late_is_counted_as_a_full_build_counts_it(dbt: Dbt, register: Register) -> None:
    late, other = register(), register(ship_name="SS_MOTH", target="Koppai")
    yesterday = timezone.now() - dt.timedelta(days=1)
    take_in(
        handed(late.mission_id, report_no=2, start=timezone.now() - dt.timedelta(seconds=90), ticks=60, first_seq=30)
    )
    take_in(handed(other.mission_id))
    end(late, ago=dt.timedelta(hours=2), last_seq=89)
    end(other, status="FAILURE", ago=dt.timedelta(days=10))
    marts_build(dbt)

    take_in(handed(late.mission_id, report_no=1, start=yesterday, ticks=30, items=3))
    changed = marts_build(dbt)

    assert not changed.full
    summary = one("bl.mission_summary", mission_id=late.mission_id)
    assert (summary["total_ticks"], summary["expected_ticks"]) == (90, 90)
    assert one("bl.cargo_summary", mission_id=late.mission_id)["nb_items"] == 23
    incremental = marts()
    anew = marts_build(dbt, full=True)
    assert anew.full
    assert marts() == incremental


def test_a_mission_follows_the_registry_without_a_report(dbt: Dbt, register: Register) -> None:
    mission = register()
    marts_build(dbt)
    assert one("bl.mission_summary", mission_id=mission.mission_id)["status"] == "RUNNING"
    assert one("sl.mart_fleet_kpis", period="all")["nb_running"] == 1

    end(mission, status="FAILURE")
    added = register(captain="Louie")
    assert not marts_build(dbt).full

    assert one("bl.mission_summary", mission_id=mission.mission_id)["status"] == "FAILURE"
    assert one("bl.mission_summary", mission_id=added.mission_id)["status"] == "RUNNING"
    fleet = one("sl.mart_fleet_kpis", period="all")
    assert (fleet["nb_running"], fleet["nb_failure"]) == (1, 1)


def test_a_row_that_came_out_the_same_is_left_alone(dbt: Dbt, register: Register) -> None:
    mission = register()
    end(mission)
    marts_build(dbt)
    before = [row["ctid"] for row in rows("(SELECT ctid, mission_id FROM bl.mission_summary) AS t", "mission_id")]

    marts_build(dbt, full=True)

    assert [
        row["ctid"] for row in rows("(SELECT ctid, mission_id FROM bl.mission_summary) AS t", "mission_id")
    ] == before


def test_readers_neither_wait_nor_see_half_of_a_build(dbt: Dbt, register: Register) -> None:
    end(register())
    marts_build(dbt)
    url = site_env()["DATABASE_URL"]
    with psycopg.connect(url) as reader, psycopg.connect(url) as steady:
        steady.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        fleet = "SELECT nb_missions FROM sl.mart_fleet_kpis WHERE period = 'all'"
        planets = "SELECT sum(nb_missions)::int FROM sl.mart_planet_performance WHERE period = 'all'"
        assert reader.execute(fleet).fetchone() == steady.execute(fleet).fetchone() == (1,)
        end(register())

        marts_build(dbt)  # It would wait for ever, were a lock of the open transactions in its way.

        assert (steady.execute(fleet).fetchone(), steady.execute(planets).fetchone()) == ((1,), (1,))
        assert (reader.execute(fleet).fetchone(), reader.execute(planets).fetchone()) == ((2,), (2,))


def test_a_build_that_fails_its_test_leaves_the_last_marts_and_says_why(dbt: Dbt, register: Register) -> None:
    mission = register()
    take_in(handed(mission.mission_id))
    marts_build(dbt)
    good = marts()
    take_in(handed(mission.mission_id, report_no=2, ticks=30, first_seq=60, start=timezone.now()))
    ShipState.objects.filter(mission_id=mission.mission_id, seq__gte=85).delete()

    with pytest.raises(BuildFailed, match="every_tick_is_counted"):
        marts_build(dbt)

    failed = MartBuild.objects.latest("id")
    assert failed.state == BuildState.FAILED
    assert "every_tick_is_counted failed" in failed.reason
    assert failed.finished_at is not None
    assert marts() == good
    Manifest.objects.filter(report_no=2).update(rows_ship_state=25)
    assert marts_build(dbt).state == BuildState.BUILT
    assert one("bl.mission_summary", mission_id=mission.mission_id)["total_ticks"] == 85


def test_a_build_that_was_killed_is_made_good_by_the_next(dbt: Dbt, register: Register) -> None:
    mission = register()
    take_in(handed(mission.mission_id))
    end(mission)
    marts_build(dbt)
    take_in(handed(mission.mission_id, report_no=2, ticks=30, first_seq=60, start=timezone.now()))
    url = site_env()["DATABASE_URL"]
    with psycopg.connect(url) as gate, psycopg.connect(url, autocommit=True) as watch:

        def building() -> bool:
            return watch.execute(BUILDING).fetchone() == (1,)

        def free() -> bool:
            held = (
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND (classid, objid) = (%s, %s) AND granted"
            )
            return watch.execute(held, LOCK).fetchone() == (0,)

        gate.execute("LOCK TABLE ll.treasure_reports IN ACCESS EXCLUSIVE MODE")
        command = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "build_marts"],
            cwd=ROOT,
            env=site_env(),
            stderr=subprocess.DEVNULL,
        )
        eventually(building, "the build waits for the table", 90)
        os.kill(command.pid, signal.SIGKILL)
        command.wait()
        eventually(free, "the killed build's lock is free")
    assert MartBuild.objects.latest("id").state == BuildState.RUNNING

    build = marts_build(dbt)

    assert (build.state, build.full) == (BuildState.BUILT, False)
    broken = MartBuild.objects.exclude(pk=build.pk).latest("id")
    assert (broken.state, broken.reason) == (BuildState.FAILED, BROKE_OFF)
    incremental = marts()
    marts_build(dbt, full=True)
    assert marts() == incremental


def test_one_build_at_a_time(dbt: Dbt) -> None:
    with other_connection() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)

        with pytest.raises(BuildBusy, match="at it"):
            marts_build(dbt)

    assert not MartBuild.objects.exists()


def test_a_changed_project_is_built_anew(dbt: Dbt, register: Register) -> None:
    register()
    marts_build(dbt)
    assert not marts_build(dbt).full
    MartBuild.objects.update(project="of an earlier release")

    assert marts_build(dbt).full


def test_months_that_were_dropped_stay_in_the_marts(dbt: Dbt, register: Register) -> None:
    mission = register()
    old = timezone.now() - dt.timedelta(days=70)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ll.ship_state_month(%s)", [old.date()])
    take_in(handed(mission.mission_id))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ll.ship_state SET timestamp = timestamp - interval '70 days'")
        cursor.execute(
            "UPDATE ll.manifests SET first_tick_at = first_tick_at - interval '70 days',"
            " last_tick_at = last_tick_at - interval '70 days'"
        )
    marts_build(dbt, full=True)
    before = marts()

    assert f"ship_state_{old:%Y_%m}" in months_drop(timezone.now(), keep=1)
    assert not ShipState.objects.exists()
    marts_build(dbt, full=True)

    assert one("bl.mission_summary", mission_id=mission.mission_id)["total_ticks"] == 60
    assert marts() == before


def test_rows_of_old_builds_are_forgotten_but_not_that_of_the_standing_marts() -> None:
    now = timezone.now()
    for state, days in (("built", 200), ("failed", 100), ("built", 95), ("failed", 91), ("failed", 10)):
        at = now - dt.timedelta(days=days)
        reason = "why" if state == "failed" else ""
        MartBuild.objects.create(state=state, started_at=at, finished_at=at, reason=reason)

    assert builds_forget(now) == 3
    assert list(MartBuild.objects.order_by("id").values_list("state", flat=True)) == ["built", "failed"]


def wilson(successes: int, trials: int, sign: int) -> float:
    """Bound of the 95 % Wilson score interval, percent."""
    z = 1.959963984540054
    p = successes / trials
    half = z * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    return 100 * (p + z * z / (2 * trials) + sign * half) / (1 + z * z / trials)


def test_the_interval_of_a_success_rate_is_wilsons(dbt: Dbt, register: Register) -> None:
    for number in range(10):
        end(register(), status="FAILURE" if number < 3 else "SUCCESS")

    marts_build(dbt)

    karut = one("sl.mart_planet_performance", period="7d", planet="Karut")
    assert (karut["nb_missions"], karut["success_rate_pct"]) == (10, 70)
    assert karut["success_low_pct"] == pytest.approx(wilson(7, 10, -1))
    assert karut["success_high_pct"] == pytest.approx(wilson(7, 10, +1))


def test_every_published_column_says_what_it_is(dbt: Dbt, register: Register) -> None:
    register()
    marts_build(dbt)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attrelid::regclass::text || '.' || attname FROM pg_attribute"
            " JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace IN ('bl'::regnamespace, 'sl'::regnamespace)"
            " AND c.relkind = 'r' AND attnum > 0 AND NOT attisdropped AND col_description(attrelid, attnum) IS NULL"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT obj_description('sl.mart_fleet_kpis'::regclass)")
        assert cursor.fetchone()[0].startswith("The whole fleet")

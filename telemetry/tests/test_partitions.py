"""Months of ll.ship_state: made ahead and at load, dropped without making readers wait."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from missions.models import Mission
from telemetry.models import Manifest, ReportUpload, ShipState, TreasureReport
from telemetry.partitions import AHEAD, DOOMED, months_ahead, months_drop, months_ensure, months_held

from .reports import handed
from .warehouse import take_in
from .worker import eventually, site_env

Announce = Callable[..., ReportUpload]
pytestmark = pytest.mark.usefixtures("tables", "only_usual_months")


def named(moment: dt.datetime) -> str:
    """The partition of a moment's month."""
    return f"ship_state_{moment:%Y_%m}"


@pytest.fixture
def only_usual_months() -> None:
    """The present month and those ahead; what other tests left is dropped."""
    months_drop(timezone.now(), keep=1)
    months_ahead(timezone.now())


def test_months_are_ready_ahead_and_made_once() -> None:
    now = dt.datetime(2031, 11, 30, 23, tzinfo=dt.UTC)

    assert months_ahead(now) == AHEAD + 1
    assert {"ship_state_2031_11", "ship_state_2031_12", "ship_state_2032_02"} <= set(months_held())
    assert months_ahead(now) == 0
    with connection.cursor() as cursor:
        for name in [held for held in months_held() if held > "ship_state_2031"]:
            cursor.execute(f"DROP TABLE ll.{name}")


@pytest.mark.usefixtures("bucket")
def test_a_late_report_makes_its_month(mission: Mission) -> None:
    start = (timezone.now() - dt.timedelta(days=28)).replace(microsecond=0)
    with connection.cursor() as cursor:
        for name in months_held():
            cursor.execute(f"DROP TABLE ll.{name}")

    take_in(handed(mission.mission_id, start=start))

    assert months_held() == [named(start)]
    assert ShipState.objects.count() == 60
    ledger = Manifest.objects.get()
    assert (ledger.first_tick_at, ledger.last_tick_at) == (start, start + dt.timedelta(seconds=59))
    assert set(TreasureReport.objects.values_list("manifest_id", "mission_id")) == {(ledger.pk, mission.mission_id)}
    assert TreasureReport.objects.count() == 16


def test_old_months_are_dropped_while_a_reader_reads_on() -> None:
    now = timezone.now()
    old = now - dt.timedelta(days=100)
    months_ensure(old, old)
    kept = months_held()
    kept.remove(named(old))
    with psycopg.connect(site_env()["DATABASE_URL"]) as reader, psycopg.connect(site_env()["DATABASE_URL"]) as watch:
        watch.autocommit = True
        assert reader.execute("SELECT count(*) FROM ll.ship_state").fetchone() == (0,)
        dropped: list[str] = []

        def drop() -> None:
            try:
                dropped.extend(months_drop(now, keep=1))
            finally:
                connection.close()

        thread = threading.Thread(target=drop)
        thread.start()
        pending = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'll.ship_state'::regclass AND inhdetachpending"
        eventually(lambda: watch.execute(pending).fetchone() == (1,), "the month waits for its reader")
        assert watch.execute("SELECT count(*) FROM ll.ship_state").fetchone() == (0,)
        reader.rollback()
        thread.join(30)
    assert dropped == [named(old)]
    assert months_held() == kept


def test_a_drop_that_broke_off_is_finished_by_the_next() -> None:
    now = timezone.now()
    old, older = now - dt.timedelta(days=100), now - dt.timedelta(days=140)
    months_ensure(older, old)
    with connection.cursor() as cursor:
        for moment in (old, older):
            cursor.execute(f"COMMENT ON TABLE ll.{named(moment)} IS '{DOOMED}'")
        cursor.execute(f"ALTER TABLE ll.ship_state DETACH PARTITION ll.{named(older)}")

    assert {named(old), named(older)} <= set(months_drop(now, keep=1))
    assert all(name >= named(now - dt.timedelta(days=32)) for name in months_held())


def test_nothing_is_dropped_by_default_nor_within_a_transaction() -> None:
    held = months_held()
    assert months_drop(timezone.now() + dt.timedelta(days=3650), keep=0) == []
    assert months_held() == held


def test_a_month_that_was_detached_by_hand_is_kept() -> None:
    old = timezone.now() - dt.timedelta(days=100)
    months_ensure(old, old)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE ll.ship_state DETACH PARTITION ll.{named(old)}")

        assert months_drop(timezone.now(), keep=1) == []
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"ll.{named(old)}"])
        assert cursor.fetchone()[0]
        cursor.execute(f"DROP TABLE ll.{named(old)}")

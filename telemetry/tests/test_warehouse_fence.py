"""SQL over the warehouse: what it answers, what it refuses, and that it ends. Without Django's own connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from missions.services import mission_register, token_create
from spark.tests.lakes import until
from stack.bootstrap.postgres import fence
from stack.services.base import Context
from stack.services.postgres import superuser_url
from telemetry.lake.errors import LakeQueryError, QueryInvalid, QueryRefused, QueryTooLarge
from telemetry.sql.grants import grants_sync
from telemetry.sql.run import Bounds, plan, query

from . import marts
from .hostile_warehouse import ENDLESS, FORBIDDEN

QUICK = Bounds(rows=100, seconds=2)
EMPTIED = "TRUNCATE params.missions, params.ship_tokens CASCADE"


def watching(context: Context) -> psycopg.Connection[Any]:
    """The superuser, in the tests' database."""
    return psycopg.connect(superuser_url(context, "test_hocotate"), autocommit=True)


@pytest.fixture(scope="module", autouse=True)
def standing(backing: Context, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Marts, a mission, what the role may read of them, and the fence, as bootstrap draws it around the platform's."""
    with watching(backing) as superuser:
        fence(superuser)
    with django_db_blocker.unblock():
        marts.make()
        grants_sync()
        token, _ = token_create(name="test fleet")
        mission_register(token=token, ship_name="ONION?!", captain="Olimar", target="Karut", report_freq_min=5)
        yield
        marts.drop()
        with connection.cursor() as cursor:
            cursor.execute(EMPTIED)


def ask(text: str, bounds: Bounds = QUICK) -> Any:
    return asyncio.run(query(text, bounds))


def test_the_marts_answer_with_types_that_the_page_can_draw() -> None:
    found = ask("SELECT day, nb_missions, avg_health, 1.5::numeric AS n FROM sl.mart_fleet_daily ORDER BY day LIMIT 2;")

    assert [kind for _, kind in found.columns] == ["DATE", "BIGINT", "DOUBLE", "DECIMAL"]
    assert len(found.rows) == 2
    assert found.rows[0][3] == 1.5
    assert not found.truncated


def test_more_rows_than_the_limit_are_cut_and_said() -> None:
    found = ask("SELECT generate_series(1, 1000000000) AS i")

    assert (len(found.rows), found.truncated) == (100, True)


def test_the_registry_and_the_reports_can_be_read() -> None:
    assert ask("SELECT captain, ship_name FROM params.missions").rows == [("Olimar", "ONION?!")]
    assert ask("SELECT count(*) FROM ll.ship_state").rows == [(0,)]


@pytest.mark.parametrize("text", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_what_means_harm_is_refused(backing: Context, text: str) -> None:
    with pytest.raises((QueryRefused, QueryInvalid)) as refused:
        ask(text)

    assert str(refused.value).endswith((".", ")"))
    with watching(backing) as superuser:
        assert superuser.execute("SELECT captain FROM params.missions").fetchall() == [("Olimar",)]


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_has_no_end_is_stopped(backing: Context, text: str) -> None:
    began = time.monotonic()

    with pytest.raises(QueryTooLarge, match="stopped after 1 s"):
        ask(text, Bounds(rows=10, seconds=1))

    assert time.monotonic() - began < 6
    until("PostgreSQL has stopped it", lambda: active(backing) == 0, 10)


def test_an_answer_that_is_too_large_to_hold_is_refused() -> None:
    with pytest.raises(QueryTooLarge, match="more than 32 MiB"):
        ask("SELECT repeat('x', 2000000) FROM generate_series(1, 50)")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT 1,\n  planett\nFROM sl.mart_planet_performance", 2, 3),
        ("SELECT '\N{ROCKET}',\n  nothing", 2, 3),
        ("SELECT * FORM x", 1, 10),
    ],
)
def test_a_slip_is_told_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(QueryInvalid) as slip:
        ask(text)

    assert slip.value.place is not None
    assert (slip.value.place.line, slip.value.place.column) == (line, column)
    assert f"(line {line}, column {column})" in str(slip.value)


def test_a_plan_is_told_and_of_a_select_alone() -> None:
    told = asyncio.run(plan("SELECT count(*) FROM sl.mart_fleet_daily", "analyze", QUICK))

    assert "Aggregate" in told
    assert "actual" in told
    with pytest.raises(LakeQueryError):
        asyncio.run(plan("DELETE FROM params.missions", "plan", QUICK))


def test_what_is_built_later_can_be_read_at_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE sl.mart_new AS SELECT 1 AS a")
    try:
        assert ask("SELECT a FROM sl.mart_new").rows == [(1,)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE sl.mart_new")


def active(context: Context) -> int:
    with watching(context) as superuser:
        row = superuser.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'warehouse query' AND state = 'active'"
        ).fetchone()
    return int(row[0]) if row else 0

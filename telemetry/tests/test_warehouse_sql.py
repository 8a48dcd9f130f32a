"""SQL over the warehouse: what it answers, what it refuses, and that it ends."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psycopg
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection

from missions.models import Mission
from missions.services import token_create
from spark.tests.lakes import until
from stack.bootstrap.postgres import fence
from stack.services.base import Context
from stack.services.postgres import superuser_url
from telemetry.lake.errors import LakeQueryError, QueryInvalid, QueryRefused, QueryTooLarge
from telemetry.sql.grants import grants_sync
from telemetry.sql.run import Bounds, plan, query

from . import marts
from .hostile_warehouse import ENDLESS, FORBIDDEN
from .lakes import Site, serving_site

PATH = "/api/v1/warehouse/query"
QUICK = Bounds(rows=100, seconds=2)
COUNT = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'warehouse query' AND state = 'active'"


@pytest.fixture(scope="module", autouse=True)
def fenced(backing: Context, django_db_setup: None) -> None:
    """The fence around the tests' own database, as bootstrap draws it around the platform's."""
    with psycopg.connect(superuser_url(backing, "test_hocotate"), autocommit=True) as superuser:
        fence(superuser)


@pytest.fixture
def warehouse(tables: None) -> Iterator[None]:
    """Marts stand, and the role may read them."""
    marts.make()
    grants_sync()
    yield
    marts.drop()


def ask(text: str, bounds: Bounds = QUICK) -> Any:
    return asyncio.run(query(text, bounds))


def test_the_marts_answer_with_types_that_the_page_can_draw(warehouse: None) -> None:
    found = ask("SELECT day, nb_missions, avg_health, 1.5::numeric AS n FROM sl.mart_fleet_daily ORDER BY day LIMIT 2;")

    assert [kind for _, kind in found.columns] == ["DATE", "BIGINT", "DOUBLE", "DECIMAL"]
    assert len(found.rows) == 2
    assert found.rows[0][3] == 1.5
    assert not found.truncated


def test_more_rows_than_the_limit_are_cut_and_said(warehouse: None) -> None:
    found = ask("SELECT generate_series(1, 1000000000) AS i")

    assert (len(found.rows), found.truncated) == (100, True)


def test_the_registry_and_the_reports_can_be_read(warehouse: None, mission: Mission) -> None:
    assert ask("SELECT mission_id FROM params.missions").rows == [(mission.mission_id,)]
    assert ask("SELECT count(*) FROM ll.ship_state").rows == [(0,)]


@pytest.mark.parametrize("text", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_what_means_harm_is_refused(warehouse: None, mission: Mission, text: str) -> None:
    with pytest.raises((QueryRefused, QueryInvalid)) as refused:
        ask(text)

    assert not isinstance(refused.value, QueryTooLarge)
    assert Mission.objects.filter(captain=mission.captain).count() == 1


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_has_no_end_is_stopped(warehouse: None, text: str) -> None:
    began = time.monotonic()

    with pytest.raises(QueryTooLarge, match="stopped after 1 s"):
        ask(text, Bounds(rows=10, seconds=1))

    assert time.monotonic() - began < 6
    until("PostgreSQL has stopped it", lambda: active() == 0, 10)


def test_an_answer_that_is_too_large_to_hold_is_refused(warehouse: None) -> None:
    with pytest.raises(QueryTooLarge, match="more than 32 MiB"):
        ask("SELECT repeat('x', 2000000) FROM generate_series(1, 50)")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT 1,\n  planett\nFROM sl.mart_planet_performance", 2, 3),
        ("SELECT '\N{ROCKET}',\n  nothing", 2, 3),
        ("SELECT * FORM x", 1, 15),
    ],
)
def test_a_slip_is_told_with_its_place(warehouse: None, text: str, line: int, column: int) -> None:
    with pytest.raises(QueryInvalid) as slip:
        ask(text)

    assert slip.value.place is not None
    assert (slip.value.place.line, slip.value.place.column) == (line, column)
    assert f"(line {line}, column {column})" in str(slip.value)


def test_a_plan_is_told_and_of_a_select_alone(warehouse: None) -> None:
    told = asyncio.run(plan("SELECT count(*) FROM sl.mart_fleet_daily", "analyze", QUICK))

    assert "Aggregate" in told
    assert "actual" in told
    with pytest.raises(LakeQueryError):
        asyncio.run(plan("DELETE FROM params.missions", "plan", QUICK))


def test_what_is_built_later_can_be_read_at_once(warehouse: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE sl.mart_new AS SELECT 1 AS a")
    try:
        assert ask("SELECT a FROM sl.mart_new").rows == [(1,)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE sl.mart_new")


def active() -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        return int(cursor.fetchone()[0])


# Over HTTP, with a browser's session.


@pytest.fixture(scope="module")
def site(backing: Context, django_db_setup: None) -> Iterator[Site]:
    """A web process over the tests' database."""
    with serving_site(backing, LAKE_QUERY_SECONDS="600") as site:
        yield site


@pytest.fixture
def olimar(site: Site, warehouse: None) -> httpx.Client:
    """Somebody who has signed in."""
    User.objects.create_user("olimar", password="onions and ships")
    return site.signed_in("olimar", "onions and ships")


def test_a_stranger_and_a_ship_get_nothing(site: Site, warehouse: None) -> None:
    _, secret = token_create(name="ship")

    for client in (site.client(), site.client(secret)):
        assert client.post(PATH, json={"sql": "SELECT 1"}).status_code in (401, 403)
        assert client.get("/api/v1/warehouse/tables").status_code in (401, 403)


def test_a_query_is_answered_as_json_csv_and_parquet(olimar: httpx.Client) -> None:
    text = "SELECT planet, nb_missions FROM sl.mart_planet_performance WHERE period = '30d' ORDER BY planet LIMIT 2"

    answer = olimar.post(PATH, json={"sql": text}).json()
    table = olimar.post(PATH, json={"sql": text, "format": "csv"}).text
    file = olimar.post(PATH, json={"sql": text, "format": "parquet"}).content

    assert answer["columns"] == [{"name": "planet", "type": "VARCHAR"}, {"name": "nb_missions", "type": "BIGINT"}]
    assert [row[0] for row in answer["rows"]] == ["Conohan", "Enohay"]
    assert answer["limits"]["seconds"] == 600
    assert [row["planet"] for row in csv.DictReader(io.StringIO(table))] == ["Conohan", "Enohay"]
    assert pq.read_table(io.BytesIO(file)).num_rows == 2


def test_the_tables_are_listed_with_their_columns_and_no_others(olimar: httpx.Client) -> None:
    found = {table["name"]: table for table in olimar.get("/api/v1/warehouse/tables").json()["tables"]}

    assert next(iter(found)).startswith("sl.")
    assert {"sl.mart_fleet_kpis", "ll.ship_state", "params.missions"} <= set(found)
    assert not {"params.ship_tokens", "ll.report_uploads"} & set(found)
    columns = {column["name"]: column for column in found["params.missions"]["columns"]}
    assert columns["captain"]["comment"] == "Name of the captain"


def test_a_refusal_has_its_place(olimar: httpx.Client) -> None:
    answer = olimar.post(PATH, json={"sql": "SELECT\n nothing"})

    assert answer.status_code == 422
    assert (answer.json()["line"], answer.json()["column"]) == (2, 2)
    assert olimar.post(PATH, json={"sql": "DROP TABLE params.missions"}).status_code == 403


def test_a_query_whose_browser_goes_is_ended_in_postgresql(olimar: httpx.Client) -> None:
    body = json.dumps({"sql": ENDLESS["a product"]})
    cookies = "; ".join(f"{name}={value}" for name, value in olimar.cookies.items())
    host, port = str(olimar.base_url.host), olimar.base_url.port
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nCookie: {cookies}\r\n"
        f"X-CSRFToken: {olimar.headers['X-CSRFToken']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((host, port)) as browser:
        browser.sendall((head + body).encode())
        until("the query runs", lambda: active() == 1, 20)
        twice = olimar.post(PATH, json={"sql": "SELECT 1"})

    until("PostgreSQL has stopped it", lambda: active() == 0, 20)
    assert twice.status_code == 429
    assert "Another query of yours is running" in twice.json()["detail"]
    until("the next is answered", answered(olimar), 20)


def answered(client: httpx.Client) -> Callable[[], bool]:
    return lambda: client.post(PATH, json={"sql": "SELECT 1"}).status_code == 200


def test_the_page_opens_on_the_warehouse(olimar: httpx.Client) -> None:
    page = olimar.get("/lake/", params={"source": "warehouse", "q": "SELECT 1"}).text

    assert 'data-source="warehouse"' in page
    assert 'href="/lake/" >' not in page
    assert olimar.get("/lake/", params={"source": "elsewhere"}).status_code == 404
    assert settings.WAREHOUSE_READER_URL not in page

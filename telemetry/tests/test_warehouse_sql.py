"""SQL over the warehouse over HTTP: who may ask, how answers come, and that a query ends with its browser."""

from __future__ import annotations

import csv
import io
import json
import socket
from collections.abc import Callable, Iterator

import httpx
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.contrib.auth.models import User

from missions.services import token_create
from spark.tests.lakes import until
from stack.services.base import Context
from telemetry.sql.grants import grants_sync

from . import marts
from .hostile_warehouse import ENDLESS
from .lakes import Site, serving_site
from .test_warehouse_fence import active

PATH = "/api/v1/warehouse/query"


@pytest.fixture
def warehouse(tables: None) -> Iterator[None]:
    """Marts stand, and the role may read them."""
    marts.make()
    grants_sync()
    yield
    marts.drop()


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


def test_a_query_whose_browser_goes_is_ended_in_postgresql(backing: Context, olimar: httpx.Client) -> None:
    body = json.dumps({"sql": ENDLESS["a product"]})
    cookies = "; ".join(f"{name}={value}" for name, value in olimar.cookies.items())
    host, port = str(olimar.base_url.host), olimar.base_url.port
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nCookie: {cookies}\r\n"
        f"X-CSRFToken: {olimar.headers['X-CSRFToken']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((host, port)) as browser:
        browser.sendall((head + body).encode())
        until("the query runs", lambda: active(backing) == 1, 20)
        twice = olimar.post(PATH, json={"sql": "SELECT 1"})

    until("PostgreSQL has stopped it", lambda: active(backing) == 0, 20)
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

"""SQL over HTTP against real Daphne: who may ask, what comes back, what is refused, and that nothing breaks."""

from __future__ import annotations

import csv
import io
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psutil
import pyarrow.parquet as pq
import pytest
from django.contrib.auth.models import User

from missions.services import token_create
from spark.tests.lakes import Lake, until

from .hostile import FORBIDDEN, HEAVY
from .lakes import REFUSED, ROWS, Site, serving

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/api/v1/lake/query"
SECONDS = 2
LONG = "SELECT sum(sqrt(range)) FROM range(1000000000000)"


@pytest.fixture(scope="module")
def site(lake: Lake, django_db_setup: None) -> Iterator[Site]:
    """Queries of at most 2 s and 128 MB, two at once."""
    limits = {"LAKE_QUERY_SECONDS": str(SECONDS), "LAKE_QUERY_MB": "128", "LAKE_QUERIES_AT_ONCE": "2"}
    with serving(lake, **limits) as site:
        yield site


@pytest.fixture(scope="module")
def patient(lake: Lake, django_db_setup: None) -> Iterator[Site]:
    """Queries of at most 10 min: what ends sooner was ended."""
    with serving(lake, LAKE_QUERY_SECONDS="600", LAKE_QUERIES_AT_ONCE="2") as site:
        yield site


def browser(site: Site, name: str = "olimar") -> httpx.Client:
    User.objects.create_user(name, password="onions and ships")
    return site.signed_in(name, "onions and ships")


@pytest.fixture
def olimar(site: Site) -> httpx.Client:
    """Somebody who has signed in."""
    return browser(site)


def test_who_has_not_signed_in_gets_nothing(site: Site) -> None:
    stranger = site.client()

    for answer in (stranger.get(PATH, params={"sql": "SELECT 1"}), stranger.post(PATH, json={"sql": "SELECT 1"})):
        assert answer.status_code == 401
        assert "sign in at /login/" in answer.json()["detail"]
    assert stranger.get("/api/v1/lake/tables").status_code == 401
    assert site.client("wrong").get(PATH, params={"sql": "SELECT 1"}).status_code == 401
    page = stranger.get("/lake/", params={"q": "SELECT 1"})
    assert (page.status_code, page.headers["Location"]) == (302, "/login/?next=/lake/%3Fq%3DSELECT%2B1")


def test_a_question_by_address_and_one_by_body_get_the_same_answer(olimar: httpx.Client) -> None:
    sql = "SELECT count(*) AS rows, max(seq) AS last FROM telemetry.raw"

    by_address = olimar.get(PATH, params={"sql": sql}).json()
    by_body = olimar.post(PATH, json={"sql": sql}).json()

    assert by_address["rows"] == by_body["rows"] == [[ROWS, ROWS - 1]]
    assert by_body["columns"] == [{"name": "rows", "type": "BIGINT"}, {"name": "last", "type": "BIGINT"}]
    assert by_body["row_count"] == 1
    assert not by_body["truncated"]
    assert by_body["limits"] == {"rows": 10_000, "seconds": SECONDS, "memory_mb": 128}
    assert by_body["snapshot"]
    assert by_body["table_bytes"] > 1_000


def test_a_post_without_the_csrf_token_is_refused(olimar: httpx.Client) -> None:
    del olimar.headers["X-CSRFToken"]

    answer = olimar.post(PATH, json={"sql": "SELECT 1"})

    assert answer.status_code == 403
    assert "X-CSRFToken" in answer.json()["detail"]


def test_a_program_asks_with_its_token(site: Site) -> None:
    _, secret = token_create(name="reader", scopes=["lake:read"])

    answer = site.client(secret).post(PATH, json={"sql": "SELECT count(*) FROM telemetry.dead_letters"})

    assert answer.json()["rows"] == [[REFUSED]]


def test_a_ship_s_token_does_not_open_the_lake(site: Site) -> None:
    _, secret = token_create(name="fleet")

    answer = site.client(secret).post(PATH, json={"sql": "SELECT 1"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    assert "this needs lake:read" in answer.json()["detail"]
    assert site.client(secret).get("/api/v1/lake/tables").status_code == 403


def test_csv_and_parquet_come_as_files_with_the_figures_in_headers(olimar: httpx.Client) -> None:
    body = {"sql": "SELECT seq, event_time FROM telemetry.raw ORDER BY seq", "limit": 3}

    text = olimar.post(PATH, json={**body, "format": "csv"})
    file = olimar.post(PATH, json={**body, "format": "parquet"})

    assert [row["seq"] for row in csv.DictReader(io.StringIO(text.text))] == ["0", "1", "2"]
    assert pq.read_table(io.BytesIO(file.content))["seq"].to_pylist() == [0, 1, 2]
    for answer, ending in ((text, "csv"), (file, "parquet")):
        assert answer.headers["Content-Disposition"] == f'attachment; filename="lake.{ending}"'
        assert (answer.headers["X-Lake-Row-Count"], answer.headers["X-Lake-Truncated"]) == ("3", "true")


def test_a_plan_is_told(olimar: httpx.Client) -> None:
    body = {"sql": "SELECT count(*) FROM telemetry.raw WHERE seq > 1", "explain": "analyze"}

    assert "ICEBERG_SCAN" in olimar.post(PATH, json=body).json()["plan"]


def test_a_slip_is_answered_with_its_place(olimar: httpx.Client) -> None:
    answer = olimar.post(PATH, json={"sql": "SELECT seq,\n  speed FROM telemetry.raw"})

    assert answer.status_code == 422
    assert (answer.json()["line"], answer.json()["column"]) == (2, 3)
    assert answer.json()["detail"].startswith('Referenced column "speed" not found')


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"sql": "SELECT 1", "limit": 0}, "limit is 0"),
        ({"sql": "SELECT 1", "limit": 10_001}, "limit is 10001"),
        ({"sql": "SELECT 1", "format": "xml"}, "format is 'xml'"),
        ({"sql": "SELECT 1", "speed": 1}, "speed is not known here"),
        ({}, "sql is missing"),
    ],
)
def test_a_wrong_body_is_answered_with_a_sentence(olimar: httpx.Client, body: dict[str, object], said: str) -> None:
    answer = olimar.post(PATH, json=body)

    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_tables_are_listed_with_columns_and_figures(olimar: httpx.Client) -> None:
    letters, raw = olimar.get("/api/v1/lake/tables").json()["tables"]

    assert (letters["name"], letters["rows"]) == ("telemetry.dead_letters", REFUSED)
    assert (raw["name"], raw["rows"], raw["files"]) == ("telemetry.raw", ROWS, 1)
    assert raw["columns"][0] == {"name": "event_time", "type": "timestamptz", "comment": "", "partition": ""}
    assert raw["committed"]


@pytest.mark.timeout(1200)
def test_hostile_queries_get_nothing_and_break_nothing(site: Site, olimar: httpx.Client) -> None:
    for what, sql in FORBIDDEN.items():
        answer = olimar.post(PATH, json={"sql": sql})
        assert answer.status_code in {403, 413, 422}, (what, answer.text[:300])
        told = answer.json()
        assert set(told) == {"type", "title", "status", "detail", "line", "column"}, what
        assert "root:" not in told["detail"], what
    peak = 0.0
    for what, sql in HEAVY.items():
        answer = olimar.post(PATH, json={"sql": sql})
        assert answer.status_code == 413, (what, answer.text[:300])
        assert "root:" not in answer.text
        peak = max(peak, *(one.memory_info().rss / 2**20 for one in psutil.Process(site.process.pid).children()), 0)
    assert peak < 128 + 512

    assert olimar.post(PATH, json={"sql": "SELECT count(*) FROM telemetry.raw"}).json()["rows"] == [[ROWS]]
    assert site.process.poll() is None
    assert psutil.Process(site.process.pid).memory_info().rss < 600 * 2**20


def test_the_site_answers_others_while_a_query_is_heavy(patient: Site) -> None:
    olimar = browser(patient)
    slow: list[float] = []
    with asking(olimar, LONG):
        until("the query runs", patient.busy, 60)
        with httpx.Client(base_url=patient.url, trust_env=False, timeout=30) as other:
            for _ in range(20):
                began = time.monotonic()
                assert other.get("/livez").status_code == 200
                slow.append(time.monotonic() - began)

    assert sorted(slow)[len(slow) // 2] < 1


def test_a_second_query_of_the_same_user_waits_its_turn_and_another_user_has_his_own(patient: Site) -> None:
    olimar, louie, president = browser(patient), browser(patient, "louie"), browser(patient, "president")
    with asking(olimar, LONG):
        until("the query runs", patient.busy, 60)
        own = patient.signed_in("olimar", "onions and ships").post(PATH, json={"sql": "SELECT 1"})
        other = louie.post(PATH, json={"sql": "SELECT 1"})
        with asking(louie, LONG):
            until("both run", lambda: len(patient.busy()) == 2, 60)
            full = president.post(PATH, json={"sql": "SELECT 1"})

    assert (own.status_code, own.json()["detail"][:35]) == (429, "Another query of yours is running. ")
    assert own.headers["Retry-After"] == "2"
    assert other.json()["rows"] == [[1]]
    assert (full.status_code, full.json()["detail"][:32]) == (429, "All 2 places for queries are tak")


def test_a_query_ends_when_its_browser_goes(patient: Site) -> None:
    olimar = browser(patient)
    with asking(olimar, LONG):
        running = until("the query runs", patient.busy, 60)

    until("the query's process is gone", lambda: not any(one.is_running() for one in running), 20)
    again = patient.signed_in("olimar", "onions and ships").post(PATH, json={"sql": "SELECT 1"})
    assert again.json()["rows"] == [[1]]


def test_a_query_ends_with_a_web_process_that_is_killed(lake: Lake, django_db_setup: None) -> None:
    with serving(lake, LAKE_QUERY_SECONDS="600") as doomed:
        olimar = browser(doomed)
        with asking(olimar, LONG):
            running = until("the query runs", doomed.busy, 60)
            doomed.process.kill()
            doomed.process.wait()

        until("the query's process is gone", lambda: not any(one.is_running() for one in running), 20)


def test_a_small_query_is_answered_soon(olimar: httpx.Client) -> None:
    sql = "SELECT ship_id, count(*) FROM telemetry.raw GROUP BY ship_id"
    took = []
    for _ in range(15):
        began = time.monotonic()
        assert olimar.post(PATH, json={"sql": sql}).status_code == 200
        took.append(time.monotonic() - began)

    # 300 ms is the aim; the bar leaves room for a machine that runs other things.
    assert sorted(took)[len(took) // 4] < 1.5


@contextmanager
def asking(client: httpx.Client, sql: str) -> Iterator[None]:
    """A question that somebody waits for until the block ends, and then goes away; it must not be answered before."""
    body = json.dumps({"sql": sql})
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    host, port = client.base_url.host, client.base_url.port
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nCookie: {cookies}\r\n"
        f"X-CSRFToken: {client.headers['X-CSRFToken']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((host, port)) as connection:
        connection.sendall((head + body).encode())
        yield
        connection.setblocking(False)
        try:
            answered = connection.recv(2000)
        except (BlockingIOError, ConnectionResetError):
            return
        assert not answered, answered

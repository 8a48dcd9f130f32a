"""Reading reports and marts by the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from missions.models import Mission
from telemetry.ingest.run import report_ingest
from telemetry.models import ReportUpload, UploadState

from .reports import handed

Announce = Callable[..., ReportUpload]


def report_of(mission: Mission, announce: Announce, number: int, *, put: bool = True) -> ReportUpload:
    """A report that the ingest has handled: loaded, or without files quarantined."""
    report = handed(mission.mission_id, report_no=number)
    upload = announce(report.put() if put else report)
    report_ingest(upload.pk)
    upload.refresh_from_db()
    return upload


@pytest.mark.usefixtures("bucket")
def test_a_mission_s_reports_say_how_each_stands(client: Client, mission: Mission, announce: Announce) -> None:
    loaded = report_of(mission, announce, 1)
    refused = report_of(mission, announce, 2, put=False)

    newest, oldest = client.get(f"/api/v1/missions/{mission.pk}/reports").json()["reports"]

    assert (newest["id"], newest["state"], newest["files"], newest["items"]) == (refused.pk, "quarantined", [], None)
    assert "there is no such object" in newest["reason"]
    assert (oldest["id"], oldest["state"], oldest["reason"]) == (loaded.pk, "loaded", "")
    assert (oldest["items"], oldest["ship_states"]) == (20, 60)
    assert [(file["kind"], file["rows"]) for file in oldest["files"]] == [("mission", 20), ("ship_state", 60)]
    assert all(len(file["sha256"]) == 64 and file["key"].startswith("missions/") for file in oldest["files"])


@pytest.mark.usefixtures("bucket")
def test_a_report_s_items_come_in_pages_in_the_file_s_order(
    client: Client, mission: Mission, announce: Announce
) -> None:
    path = f"/api/v1/reports/{report_of(mission, announce, 1).pk}/items"

    first = client.get(path, {"limit": 15}).json()
    second = client.get(f"{path}?limit=15&after={first['next']}").json()

    assert [item["row_no"] for item in first["items"] + second["items"]] == list(range(20))
    assert second["next"] is None
    assert set(first["items"][0]) == {"row_no", "item", "value", "timestamp"}


def test_reports_of_all_missions_are_filtered_and_paged(client: Client, mission: Mission, announce: Announce) -> None:
    uploads = [announce(handed(mission.mission_id, report_no=number)) for number in range(1, 8)]
    ReportUpload.objects.filter(pk=uploads[0].pk).update(state=UploadState.LOADED)
    date = uploads[0].date

    def ids(**query: Any) -> list[int]:
        return [report["id"] for report in client.get("/api/v1/reports", query).json()["reports"]]

    assert ids(state="loaded") == [uploads[0].pk]
    assert ids(mission_id=mission.pk + 1) == []
    assert ids(since=date) == [upload.pk for upload in uploads[::-1]]
    assert ids(until=date) == []
    assert ids(until=date + dt.timedelta(days=1), limit=2) == [uploads[6].pk, uploads[5].pk]
    assert ids(after=uploads[2].pk) == [uploads[1].pk, uploads[0].pk]


@pytest.mark.parametrize("date", ["0", "2026-11-25T08:00:00Z", "yesterday"])
def test_a_date_is_a_date(client: Client, tables: None, date: str) -> None:
    answer = client.get("/api/v1/reports", {"until": date})

    assert answer.status_code == 422
    assert "until" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/api/v1/missions/404404/reports", "/api/v1/reports/404404/items"])
def test_what_is_not_there_is_a_problem(client: Client, tables: None, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "404404" in answer.json()["detail"]


@pytest.fixture
def no_marts(transactional_db: None) -> Iterator[None]:
    """A database whose marts nobody has built."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('sl') IS NOT NULL")
        built = cursor.fetchone()[0]
        if built:
            cursor.execute("ALTER SCHEMA sl RENAME TO sl_kept")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS sl CASCADE")
        if built:
            cursor.execute("ALTER SCHEMA sl_kept RENAME TO sl")


@pytest.fixture
def marts(no_marts: None) -> None:
    """Marts as the warehouse leaves them, of three ships and two days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE SCHEMA sl;"
            "CREATE TABLE sl.mart_ship_performance AS SELECT period, ship_name, 4::bigint AS nb_missions,"
            " 33.333333333::numeric AS success_rate_pct, 12000::numeric AS total_value_poko,"
            " null::float8 AS avg_health,"
            " timestamptz '2026-11-25 12:00Z' AS computed_at"
            " FROM unnest(ARRAY['7d', 'all']) AS period, unnest(ARRAY['ONION?!', 'SS_MOTH', 'SS_BOING']) AS ship_name;"
            "CREATE TABLE sl.mart_fleet_daily AS SELECT day::date, 2 AS nb_missions"
            " FROM generate_series(date '2026-11-24', date '2026-11-25', '1 day') AS day"
        )


@pytest.mark.parametrize(
    "mart", ["fleet_kpis", "fleet_daily", "planet_performance", "captain_performance", "ship_performance"]
)
def test_a_mart_that_is_not_built_is_a_problem_that_says_what_to_do(client: Client, no_marts: None, mart: str) -> None:
    answer = client.get(f"/api/v1/marts/{mart}")

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:hocotate:problem:mart-not-built")
    assert f"{mart} is not built yet; `manage.py build_marts`" in answer.json()["detail"]


def test_a_mart_is_read_by_period_and_in_pages(client: Client, marts: None) -> None:
    path = "/api/v1/marts/ship_performance"

    first = client.get(f"{path}?period=7d&limit=2").json()
    second = client.get(f"{path}?period=7d&limit=2&after={quote(first['next'])}").json()

    rows = first["rows"] + second["rows"]
    assert sorted(row["ship_name"] for row in rows) == ["ONION?!", "SS_BOING", "SS_MOTH"]
    assert (first["mart"], first["period"], second["next"]) == ("ship_performance", "7d", None)
    assert rows[0] | {"ship_name": ""} == {
        "period": "7d",
        "ship_name": "",
        "nb_missions": 4,
        "success_rate_pct": 33.333333,
        "total_value_poko": 12000,
        "avg_health": None,
        "computed_at": "2026-11-25T12:00:00Z",
    }


def test_the_daily_mart_has_days(client: Client, marts: None) -> None:
    answer = client.get("/api/v1/marts/fleet_daily", {"after": "2026-11-24"}).json()

    assert (answer["period"], answer["rows"]) == (None, [{"day": "2026-11-25", "nb_missions": 2}])


def test_the_marts_are_listed_and_others_are_refused(client: Client, db: None) -> None:
    assert "fleet_kpis" in client.get("/api/v1/marts").json()["marts"]
    for path in ("/api/v1/marts/missions", "/api/v1/marts/fleet_kpis?period=1d"):
        assert client.get(path).status_code == 422

"""The page of the marts: what it shows, what it leads to, what it refuses, and what it costs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from html import unescape

import pyarrow.parquet as pq
import pytest
from celery.schedules import crontab
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from telemetry.analytics.schedule import next_build

from . import marts


@pytest.fixture
def somebody(client: Client, db: None) -> Client:
    """A person who has signed in."""
    client.force_login(User.objects.create_user("olimar"))
    return client


@pytest.fixture
def built(db: None) -> dt.datetime:
    """Marts are built."""
    return marts.make()


def text(client: Client, url: str) -> str:
    """A page as it is read: without tags and pictures, blanks in a row as one."""
    response = client.get(url)
    assert response.status_code == 200
    page = re.sub(r"<svg.*?</svg>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def names(client: Client, url: str, table: str) -> list[str]:
    """The names in a table, in its order."""
    page = client.get(url).content.decode()
    panel = page.partition(f'id="{table}"')[2].partition("</section>")[0]
    return [unescape(name) for name in re.findall(r'<th scope="row"[^>]*>.*?<a [^>]*>([^<]+)</a></th>', panel, re.S)]


def test_who_has_not_signed_in_is_led_to_the_login(client: Client, db: None) -> None:
    for url in ("/analytics/", "/analytics/mart_fleet_kpis.csv"):
        response = client.get(url)
        assert (response.status_code, response.headers["Location"].partition("?")[0]) == (302, "/login/")


def test_before_the_first_build_it_says_how_one_comes(somebody: Client) -> None:
    marts_are_gone()

    page = text(somebody, "/analytics/")

    assert "No mart is built yet." in page
    assert "manage.py build_marts" in page
    assert "manage.py demo_history --months 12" in page
    assert somebody.get("/analytics/mart_fleet_kpis.csv").status_code == 404


def marts_are_gone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS sl CASCADE")
        cursor.execute("TRUNCATE ll.mart_builds")


def test_tiles_tell_the_period_and_how_it_differs_from_the_one_before(somebody: Client, built: dt.datetime) -> None:
    page = text(somebody, "/analytics/")

    assert f"Built {built:%H:%M:%S} UTC from 1,430 finished missions" in page
    assert "Missions finished 1,313 +38 on the 30 days before" in page
    assert "Success rate 91.4 % +0.6 points on the 30 days before" in page
    assert "Average health 0.84 unchanged on the 30 days before" in page
    assert "Time in good condition 93.2 % \N{MINUS SIGN}0.4 points" in page
    assert "Value 4.12 M Poko +210 k Poko on the 30 days before" in page
    assert "Ticks kept 99.999 % 8 missing of 1.31 M" in page
    assert "37 missions in flight" in page


def test_all_time_is_compared_with_nothing(somebody: Client, built: dt.datetime) -> None:
    page = text(somebody, "/analytics/?period=all")

    assert "Missions finished 15,756 of all time" in page
    assert "before" not in page.partition("Planets")[0]


def test_a_failed_build_is_said_and_the_last_good_marts_stand(somebody: Client, built: dt.datetime) -> None:
    marts.build("failed", built + dt.timedelta(minutes=15), reason="Test accepted_values failed on bl.mission_summary.")

    page = text(somebody, "/analytics/")

    assert "The newest build of the marts failed; these are the last good ones." in page
    assert "Test accepted_values failed on bl.mission_summary." in page
    assert "1,313" in page


def test_a_build_that_runs_is_said(somebody: Client, built: dt.datetime) -> None:
    marts.build("running", built + dt.timedelta(minutes=15))

    assert "building now" in text(somebody, "/analytics/")


def test_tables_are_sorted_by_links_and_say_so(somebody: Client, built: dt.datetime) -> None:
    best = names(somebody, "/analytics/", "planets")
    far = names(somebody, "/analytics/?planets=health", "planets")
    by_name = names(somebody, "/analytics/?captains=captain", "captains")

    assert best[:2] == ["Karut", "Giya"] or best[0] in ("Karut", "Giya", "Nijo", "Sozor", "PNF-404")
    assert far[0] == "Maxima"
    assert by_name == sorted(by_name)
    page = somebody.get("/analytics/?planets=health").content.decode()
    assert '<caption class="vh">Planets, sorted by health, lowest first</caption>' in page
    assert page.count('aria-sort="ascending"') == 1
    assert page.count('aria-sort="descending"') == 2
    assert 'href="/analytics/?planets=-health#planets"' in page


def test_one_table_s_order_stays_while_another_is_sorted(somebody: Client, built: dt.datetime) -> None:
    page = somebody.get("/analytics/?period=90d&planets=planet&band=outer").content.decode()

    assert 'href="/analytics/?period=90d&amp;band=outer&amp;planets=planet&amp;captains=-value#captains"' in page


def test_a_band_narrows_the_planets_alone(somebody: Client, built: dt.datetime) -> None:
    url = "/analytics/?band=outer"

    assert len(names(somebody, url, "planets")) == 7
    assert len(names(somebody, url, "captains")) == 15
    assert "band+%3D+%27outer%27" in somebody.get(url).content.decode()


def test_ships_beyond_the_first_come_on_demand(somebody: Client, built: dt.datetime) -> None:
    assert len(names(somebody, "/analytics/", "ships")) == 15
    assert "Show all 23 ships" in text(somebody, "/analytics/")
    assert len(names(somebody, "/analytics/?all=ships", "ships")) == 23


def test_figures_lead_to_what_they_are_made_of(somebody: Client, built: dt.datetime) -> None:
    page = unescape(somebody.get("/analytics/?period=7d&all=ships").content.decode())
    since = f"{built - dt.timedelta(days=7):%Y-%m-%d}"

    assert re.search(rf'href="/missions/\?captain=Olimar&[^"]*{since}', page)
    assert re.search(r'href="/missions/\?q=ONION%3F%21&', page)
    assert re.search(r'href="/missions/\?planet=Maxima&status=success&', page)
    assert 'href="/missions/?status=running"' in page
    assert re.search(r'href="/lake/\?source=warehouse&q=SELECT\+%2A%0AFROM\+sl.mart_planet_performance', page)


@pytest.mark.parametrize("query", ["period=5d", "band=far", "planets=-secret", "ships=1;DROP", "all=everything"])
def test_what_there_is_not_is_refused(somebody: Client, built: dt.datetime, query: str) -> None:
    assert somebody.get(f"/analytics/?{query}").status_code == 404


def test_a_mart_comes_as_csv(somebody: Client, built: dt.datetime) -> None:
    response = somebody.get("/analytics/mart_planet_performance.csv?period=7d")

    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert response.headers["Content-Disposition"] == 'attachment; filename="mart_planet_performance_7d.csv"'
    assert len(rows) == 20
    assert {row["period"] for row in rows} == {"7d"}
    assert float(rows[0]["distance_m_km"]) > 0


def test_a_mart_comes_as_parquet_with_its_types(somebody: Client, built: dt.datetime) -> None:
    response = somebody.get("/analytics/mart_fleet_daily.parquet?period=7d")

    table = pq.read_table(io.BytesIO(response.content))
    assert 5 <= table.num_rows <= 7
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["day"], types["nb_missions"], types["avg_health"]) == ("date32[day]", "int64", "double")
    assert types["computed_at"] == "timestamp[us, tz=UTC]"


@pytest.mark.parametrize("name", ["mart_secret.csv", "mart_fleet_kpis.json", "mart_fleet_kpis.csv?period=2d"])
def test_a_file_that_there_is_not_is_refused(somebody: Client, built: dt.datetime, name: str) -> None:
    assert somebody.get(f"/analytics/{name}").status_code == 404


def test_the_page_asks_for_the_marts_once_however_many_rows_there_are(somebody: Client, built: dt.datetime) -> None:
    for number in range(300):
        row = {
            "period": "30d",
            "captain": f"Captain {number}",
            **marts.rated(30, 3),
            "avg_health": 0.8,
            "avg_uptime_pct": 90,
        }
        row |= {"total_value_poko": 1, "avg_value_poko": 1, "favourite_ship": None, "computed_at": timezone.now()}
        marts.insert("sl.mart_captain_performance", row)

    with CaptureQueriesContext(
        connection,
    ) as captured:
        somebody.get("/analytics/?all=captains")

    marts_asked = [query for query in captured.captured_queries if "sl." in query["sql"]]
    assert len(marts_asked) == 1
    # Session and person, the newest build, and the savepoint around the statement.
    assert len(captured) <= 6


def test_a_page_is_kept_until_the_marts_are_built_anew(somebody: Client, built: dt.datetime) -> None:
    first = somebody.get("/analytics/?period=90d")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sl.mart_ship_performance SET ship_name = 'SS_NEW_NAME' WHERE period = '90d'")

    with CaptureQueriesContext(connection) as captured:
        kept = somebody.get("/analytics/?period=90d")

    assert not [query for query in captured.captured_queries if "sl." in query["sql"]]
    assert "SS_NEW_NAME" not in kept.content.decode()
    assert len(kept.content) == len(first.content)
    assert "SS_NEW_NAME" in somebody.get("/analytics/?period=90d&ships=ship").content.decode()

    marts.build("built", built + dt.timedelta(minutes=1), missions=1431)
    assert "SS_NEW_NAME" in somebody.get("/analytics/?period=90d").content.decode()


def test_the_next_build_is_the_schedule_s(settings: Settings) -> None:
    now = timezone.now()
    settings.CELERY_BEAT_SCHEDULE = {}
    assert next_build(now) is None

    settings.CELERY_BEAT_SCHEDULE = {"x": {"task": "a.build_marts", "schedule": crontab(minute="*/15")}}
    due = next_build(now)
    assert due is not None
    assert due.minute % 15 == 0
    assert now <= due <= now + dt.timedelta(minutes=16)

"""The admin's lists stay quick however many rows there are: counts are estimated, dates and pages bounded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hocotate_site.admin import counting
from hocotate_site.admin.base import ReadOnlyAdmin
from hocotate_site.admin.counting import EXACT, MOST_PAGES, EstimatingPaginator, estimate
from missions.models import AuditEntry
from missions.tests.people import signed_in

AUDIT = "/admin/missions/auditentry/"
ROWS = 60_000


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted shall not depend on how busy the machine is."""
    monkeypatch.setattr(counting, "EXACT_MS", 10_000)


@pytest.fixture
def entries(db: None) -> int:
    """Many entries of the audit log, over two years."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO params.audit_log (at, channel, who, action, subject, outcome, detail)"
            " SELECT timestamptz '2025-01-01' + n * interval '15 minutes', 'api', 'fleet ' || mod(n, 7),"
            " 'POST api/v1/missions', 'mission ' || n, CASE WHEN mod(n, 1000) = 0 THEN 'refused' ELSE 'done' END, ''"
            " FROM generate_series(1, %s) AS n",
            [ROWS],
        )
        cursor.execute("ANALYZE params.audit_log")
    return ROWS


def test_few_rows_are_counted_and_many_are_estimated(entries: int) -> None:
    few = EstimatingPaginator(AuditEntry.objects.filter(outcome="refused"), 50)
    many = EstimatingPaginator(AuditEntry.objects.all(), 50)
    filtered = EstimatingPaginator(AuditEntry.objects.filter(outcome="done"), 50)

    assert (few.count, few.estimated) == (ROWS // 1000, False)
    assert (many.count, many.estimated) == (ROWS, True)
    assert abs(filtered.count - ROWS) < ROWS / 10
    assert filtered.estimated
    assert many.num_pages == MOST_PAGES


def test_a_count_that_takes_too_long_is_estimated(entries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "EXACT_MS", 1)
    slow = EstimatingPaginator(AuditEntry.objects.filter(detail__regex="(a*)*b(c*)*d", subject__icontains="9"), 50)

    # Never less than is counted: what has one page would be shown whole.
    assert slow.count >= EXACT
    assert slow.estimated


def test_an_estimate_knows_all_partitions_of_a_table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE params.parted (id bigint, day date) PARTITION BY RANGE (day);"
            "CREATE TABLE params.parted_1 PARTITION OF params.parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');"
            "CREATE TABLE params.parted_2 PARTITION OF params.parted FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');"
            "INSERT INTO params.parted SELECT n, date '2026-01-01' + n % 59 FROM generate_series(0, 589) AS n;"
            "ANALYZE params.parted"
        )
    assert counting._table_rows('params"."parted') == 590


def test_a_list_says_about_how_many_there_are(entries: int) -> None:
    page = signed_in("administrator").get(AUDIT).text

    assert f"about {ROWS} audit log" in page
    assert f"?p={MOST_PAGES}" in page
    assert f"?p={MOST_PAGES + 1}" not in page


def test_dates_lead_from_years_to_days_and_back(entries: int) -> None:
    administrator = signed_in("administrator")

    whole = administrator.get(AUDIT).text
    year = administrator.get(AUDIT, {"at__year": 2026}).text
    month = administrator.get(AUDIT, {"at__year": 2026, "at__month": 2}).text
    day = administrator.get(AUDIT, {"at__year": 2026, "at__month": 2, "at__day": 28}).text

    assert all(f"?at__year={year}" in whole for year in (2025, 2026))
    assert "February 2026" in year
    assert "at__day=28" in month
    assert "at__day=29" not in month
    assert "96 audit log" in day
    assert "Feb. 28, 2026" in day
    assert "Feb. 27, 2026" not in day


def test_no_list_asks_for_distinct_values_or_a_whole_count(entries: int) -> None:
    administrator = signed_in("administrator")

    for model, shown in admin.site._registry.items():
        if isinstance(shown, ReadOnlyAdmin):
            path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            with CaptureQueriesContext(connection) as seen:
                assert administrator.get(path).status_code == 200, path
            said = " ".join(query["sql"] for query in seen)
            assert "DISTINCT" not in said, path
            assert len(seen) < 25, (path, len(seen))


def test_a_search_that_looks_at_too_much_is_stopped_with_the_remedy(
    entries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hocotate_site.admin.base.SECONDS", 0.001)

    page = signed_in("administrator").get(AUDIT, {"q": "nowhere to be found"})

    assert page.status_code == 422
    assert "narrow it by time" in page.text


@pytest.mark.parametrize("word", ["9" * 30, "'", "%", "\x00", "-1", "1e5"])
def test_any_word_can_be_looked_for(entries: int, word: str) -> None:
    assert signed_in("administrator").get(AUDIT, {"q": word}).status_code == 200


def rows_read(plan: dict[str, Any]) -> int:
    """Most rows that any part of a plan, as PostgreSQL carried it out, has seen."""
    seen = plan["Actual Rows"] * plan["Actual Loops"] + plan.get("Rows Removed by Filter", 0)
    return max([int(seen), *map(rows_read, plan.get("Plans", []))])


def test_a_list_reads_few_of_many_rows(entries: int) -> None:
    """Its time at 5 million rows is the figure admin_open_ms."""
    administrator = signed_in("administrator")
    with CaptureQueriesContext(connection) as asked:
        assert administrator.get(AUDIT).status_code == 200

    statements = [
        query["sql"] for query in asked if '"audit_log"' in query["sql"] and query["sql"].startswith("SELECT")
    ]
    assert statements
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
            (explained,) = cursor.fetchone()
            assert rows_read(explained[0]["Plan"]) <= max(EXACT + 1, entries // 5), statement


def test_estimates_of_an_empty_table_are_none(db: None) -> None:
    assert estimate(AuditEntry.objects.filter(at__lt=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))) >= 0
    assert EstimatingPaginator(AuditEntry.objects.all(), 50).count == 0


def test_the_admin_carries_the_site_s_look(client: Client, db: None) -> None:
    page = signed_in("viewer").get("/admin/")

    assert 'aria-label="Hocotate Freight, admin"' in page.text
    for file in ("radar/css/tokens.css", "missions/admin.css", "radar/dist/theme.js"):
        assert file in page.text
    assert "<style" not in page.text
    assert " style=" not in page.text

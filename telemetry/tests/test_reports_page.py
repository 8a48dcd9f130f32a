"""A mission's reports as its page shows them, by the real ledger and the real ingest."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from missions import told
from missions.models import Mission
from telemetry.ingest.run import report_ingest
from telemetry.models import Manifest, MissionReport, ReportUpload, UploadState
from telemetry.reports import selectors

from .reports import handed

pytestmark = pytest.mark.usefixtures("bucket")
Announce = Callable[..., ReportUpload]


def text(client: Client, url: str) -> str:
    """The page as a reader sees it."""
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def loaded(mission: Mission, announce: Announce) -> Mission:
    """The mission has two loaded reports, one that waits, and one that is quarantined."""
    start = timezone.now().replace(microsecond=0) - dt.timedelta(minutes=5)
    for number in (1, 2):
        report = handed(mission.mission_id, report_no=number, first_seq=60 * number, start=start).put()
        report_ingest(announce(report).pk)
    announce(handed(mission.mission_id, report_no=3), state=UploadState.ANNOUNCED)
    refused = announce(handed(mission.mission_id, report_no=4))
    ReportUpload.objects.filter(pk=refused.pk).update(
        state=UploadState.QUARANTINED, failed_check="checksum", reason="The sha256 of its items differs."
    )
    return mission


def test_reports_are_told_with_their_state_value_and_reason(client: Client, loaded: Mission) -> None:
    page = text(client, f"/missions/{loaded.mission_id}/reports/?panel")

    assert "4 announced" in page
    assert re.search(r"0001 [\d,]+ Poko [^Q]* UTC, 20 items, 3 files, sha256 checked", page)
    assert "0003 Announced announced" in page
    assert re.search(r"0004 Quarantined .* The sha256 of its items differs\.", page)


def test_the_newest_loaded_report_is_open_with_its_items_dearest_first(client: Client, loaded: Mission) -> None:
    page = text(client, f"/missions/{loaded.mission_id}/reports/?panel")

    assert "Items of report 0002 20 items" in page
    assert page.index("Crystal King") < page.index("Dream Architect") < page.index("Paradoxical Enigma")
    treasure = sum(MissionReport.objects.filter(item__in=selectors.TREASURES).values_list("value", flat=True)) // 2
    total = sum(MissionReport.objects.values_list("value", flat=True)) // 2
    assert f"treasure {treasure:,} freight {total - treasure:,}" in page
    assert treasure > total - treasure > 0


def test_another_report_is_chosen_by_the_address(client: Client, loaded: Mission) -> None:
    url = f"/missions/{loaded.mission_id}/reports/"

    assert "Items of report 0001" in text(client, f"{url}?report=0001")
    assert "Items of report 0001" in text(client, f"{url}?report={timezone.now():%Y-%m-%d}-0001")
    assert "Nothing of this report is loaded. The sha256 of its items differs." in text(client, f"{url}?report=0004")
    for unknown in ("0009", "banana", "%00", "2026-99-99-0001"):
        assert "This mission has no report" in text(client, f"{url}?report={unknown}")


def test_the_same_number_on_two_days_is_told_apart(client: Client, loaded: Mission) -> None:
    upload = ReportUpload.objects.get(report_no=2)
    upload.pk, upload.date, upload.manifest_key = None, dt.date(2026, 1, 2), "elsewhere"
    upload.save()

    page = text(client, f"/missions/{loaded.mission_id}/reports/")

    assert "2026-01-02-0002" in page
    assert " 0001 " in page


def test_alone_it_is_a_page_and_for_the_mission_s_page_a_piece_of_one(client: Client, loaded: Mission) -> None:
    url = f"/missions/{loaded.mission_id}/reports/"

    assert "<h1>Reports of mission" in client.get(url).content.decode()
    assert f'href="{url}?report=0001#items"' in client.get(url).content.decode()
    piece = client.get(f"{url}?panel").content.decode()
    assert "<html" not in piece
    assert f'href="/missions/{loaded.mission_id}/?report=0001#items"' in piece
    assert client.get("/missions/404404/reports/").status_code == 404


def test_a_mission_without_reports_says_how_they_come(client: Client, mission: Mission) -> None:
    page = text(client, f"/missions/{mission.mission_id}/reports/")

    assert "No report is announced yet. The captain hands one in every 5 min of flight." in page


def test_a_report_of_many_items_is_shown_in_part(client: Client, loaded: Mission) -> None:
    add_items(Manifest.objects.get(report_no=2), 2000)
    url = f"/missions/{loaded.mission_id}/reports/?report=0002"

    assert "20 of 2,020 items, show more" in text(client, url)
    assert "The first 500 of 2,020 items." in text(client, f"{url}&items=all")


def test_a_gigantic_report_is_neither_sorted_nor_added_up(client: Client, loaded: Mission) -> None:
    Manifest.objects.filter(report_no=2).update(rows_mission=selectors.MOST_SUMMED + 1)

    page = text(client, f"/missions/{loaded.mission_id}/reports/?report=0002")

    assert "20 of 10,001 items" in page
    assert "treasure" not in page
    assert "0002 loaded" in page


def test_a_page_costs_as_many_queries_for_many_reports_as_for_few(client: Client, loaded: Mission) -> None:
    url = f"/missions/{loaded.mission_id}/reports/?report=0001"
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(5, 105):
        ReportUpload.objects.create(
            mission_id=loaded.mission_id,
            date=timezone.now().date(),
            report_no=number,
            manifest_key=str(number),
            state=UploadState.ANNOUNCED,
            announced_at=timezone.now(),
        )
    with CaptureQueriesContext(connection) as many:
        page = text(client, url)

    # One more: they are counted once there are more than are shown.
    assert len(many) <= len(few) + 1 <= 10
    assert "The newest 50 of 104" in page


def test_the_registry_s_pages_are_told_of_reports_and_their_value(client: Client, loaded: Mission) -> None:
    value = sum(MissionReport.objects.values_list("value", flat=True))
    row = told.rows([loaded.mission_id, 404404])

    assert (row[loaded.mission_id].reports, row[loaded.mission_id].value) == (2, value)
    assert row[404404] == told.RowFacts()
    page = text(client, f"/missions/{loaded.mission_id}/")
    assert f"{value:,} Poko 2 reports, 40 items" in page
    assert "Report 0004 is quarantined: The sha256 of its items differs." in page


def add_items(manifest: Manifest, count: int) -> None:
    """More items of a report, as if its file had been larger."""
    MissionReport.objects.bulk_create(
        MissionReport(
            manifest=manifest,
            row_no=100 + n,
            mission_id=manifest.mission_id,
            item="Machinery Parts",
            value=140,
            timestamp=timezone.now(),
        )
        for n in range(count)
    )
    Manifest.objects.filter(pk=manifest.pk).update(rows_mission=manifest.rows_mission + count)

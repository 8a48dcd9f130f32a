"""A report's way from the bucket into the schema ll, on a real PostgreSQL and a real object store."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hocotate_site import object_store
from missions.models import Mission
from ships_client.contracts import encode_manifest
from ships_client.contracts.reports import DataKind, ReportKind
from telemetry.ingest import straight
from telemetry.ingest.log import log_key
from telemetry.ingest.outcome import Outcome
from telemetry.ingest.run import report_ingest
from telemetry.models import Manifest, MissionReport, ReportUpload, ShipState, UploadState
from telemetry.services import report_retry

from .reports import BUCKET, Handed, described, handed, item_rows, msgspec_replace, parquet, state_rows

Announce = Callable[..., ReportUpload]
pytestmark = pytest.mark.usefixtures("bucket")


@pytest.fixture(params=["together", "straight"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ship states go in with those of other reports, as usual, or straight, as those of large files do."""
    if request.param == "straight":
        monkeypatch.setattr(straight, "LARGE_ROWS", 1)


def counts() -> tuple[int, int, int]:
    """Rows of ll.manifests, ll.mission_reports and ll.ship_state."""
    return Manifest.objects.count(), MissionReport.objects.count(), ShipState.objects.count()


def log_of(upload: ReportUpload) -> dict[str, Any]:
    """The report's entry in the bucket of logs."""
    answer = object_store.client().get_object(Bucket="logs", Key=log_key(upload.manifest_key))
    entry: dict[str, Any] = json.loads(answer["Body"].read())
    return entry


@pytest.mark.usefixtures("either_way")
def test_a_good_report_loads_once_and_again_changes_nothing(mission: Mission, announce: Announce) -> None:
    report = handed(mission.mission_id).put()
    upload = announce(report)

    assert report_ingest(upload.pk) is Outcome.LOADED
    assert counts() == (1, 20, 60)
    assert report_ingest(upload.pk) is Outcome.CLOSED
    assert counts() == (1, 20, 60)

    upload.refresh_from_db()
    assert (upload.state, upload.reason, upload.attempts) == (UploadState.LOADED, "", 1)
    entry = log_of(upload)
    assert (entry["status"], entry["mission_id"]) == ("SUCCESS", mission.mission_id)
    assert entry["sha256"] == Manifest.objects.get().checksum_manifest


@pytest.mark.usefixtures("either_way")
def test_loaded_rows_equal_the_parquet_rows(mission: Mission, announce: Announce) -> None:
    report = handed(mission.mission_id)
    report_ingest(announce(report.put()).pk)

    now = report.id.date
    items = MissionReport.objects.order_by("row_no").values("mission_id", "item", "value", "timestamp")
    assert list(items) == item_rows(mission.mission_id, now)
    start = report.manifest.ship_state.timestamp - dt.timedelta(seconds=59)
    rows = state_rows(mission.mission_id, start, 60)
    assert list(ShipState.objects.order_by("seq").values(*rows[0])) == rows
    assert set(ShipState.objects.values_list("source_file", flat=True)) == {report.id.key(DataKind.SHIP_STATE)}
    ledger = Manifest.objects.get()
    assert (ledger.rows_mission, ledger.rows_ship_state, ledger.report_no) == (20, 60, 1)


def test_two_runs_at_once_load_once(mission: Mission, announce: Announce) -> None:
    upload = announce(handed(mission.mission_id, ticks=5000).put())
    gate = threading.Barrier(4)
    outcomes: list[Outcome] = []

    def run() -> None:
        gate.wait()
        try:
            outcomes.append(report_ingest(upload.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count(Outcome.LOADED) == 1
    assert set(outcomes) <= {Outcome.LOADED, Outcome.BUSY, Outcome.CLOSED}
    assert counts() == (1, 20, 5000)
    upload.refresh_from_db()
    assert (upload.state, upload.attempts) == (UploadState.LOADED, 1)


def wrong_checksum(report: Handed) -> Handed:
    return report.claim(DataKind.SHIP_STATE, sha256="0" * 64)


def wrong_size(report: Handed) -> Handed:
    return report.claim(DataKind.MISSION, size=report.manifest.files[0].size - 1)


def wrong_rows(report: Handed) -> Handed:
    return report.claim(DataKind.SHIP_STATE, rows=61)


def garbage_manifest(report: Handed) -> Handed:
    report.raw_manifest = b"PK\x03\x04 no json"
    return report


def manifest_of_another_mission(report: Handed) -> Handed:
    report.manifest = msgspec_replace(report.manifest, mission_id="77")
    return report


def manifest_too_large(report: Handed) -> Handed:
    report.raw_manifest = b" " * 70_000 + encode_manifest(report.manifest)
    return report


def with_states(report: Handed, rows: list[dict[str, Any]], **changes: Any) -> Handed:
    raw = parquet(rows, DataKind.SHIP_STATE, **changes)
    report.files[DataKind.SHIP_STATE] = raw
    file = described(report.id, DataKind.SHIP_STATE, raw, len(rows))
    return report.claim(DataKind.SHIP_STATE, sha256=file.sha256, size=file.size, rows=file.rows)


def no_parquet(report: Handed) -> Handed:
    raw = b"mission_id,item\n1,Sunseed Berry\n"
    report.files[DataKind.MISSION] = raw
    file = described(report.id, DataKind.MISSION, raw, 1)
    return report.claim(DataKind.MISSION, sha256=file.sha256, size=file.size)


def rows_of_another_mission(report: Handed) -> Handed:
    rows = state_rows(report.id.mission_id, dt.datetime.now(dt.UTC) - dt.timedelta(seconds=60), 60)
    rows[17]["mission_id"] = 4711
    return with_states(report, rows)


def impossible_fuel(report: Handed) -> Handed:
    rows = state_rows(report.id.mission_id, dt.datetime.now(dt.UTC) - dt.timedelta(seconds=60), 60)
    rows[3]["fuel_prc"] = float("nan")
    return with_states(report, rows)


FAULTS: list[tuple[Callable[[Handed], Handed], str, str]] = [
    (wrong_checksum, "checksum", "the manifest says 00000000"),
    (wrong_size, "size", "bytes; at most"),
    (wrong_rows, "rows", "has 60 rows, the manifest says 61"),
    (garbage_manifest, "manifest", "malformed json"),
    (manifest_of_another_mission, "agreement", "its mission_id is '77'"),
    (manifest_too_large, "size", "at most 65,536 are taken"),
    (no_parquet, "schema", "cannot be read as parquet"),
    (rows_of_another_mission, "values", "mission_id of row 17 (the first is 0) is 4711"),
    (impossible_fuel, "values", "fuel_prc of row 3 (the first is 0) is nan"),
]


@pytest.mark.parametrize(("fault", "check", "words"), FAULTS, ids=[fault[0].__name__ for fault in FAULTS])
def test_a_broken_report_is_quarantined_whole_and_loads_once_mended(
    mission: Mission, announce: Announce, fault: Callable[[Handed], Handed], check: str, words: str
) -> None:
    fault(handed(mission.mission_id)).put()
    upload = announce(handed(mission.mission_id))

    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    upload.refresh_from_db()
    assert upload.failed_check == check
    assert words in upload.reason
    assert upload.reason.startswith("missions/")
    assert counts() == (0, 0, 0)
    assert log_of(upload)["status"] == "FAIL"

    handed(mission.mission_id).put()
    report_retry(upload_id=upload.pk)
    assert report_ingest(upload.pk) is Outcome.LOADED
    assert counts() == (1, 20, 60)
    assert log_of(upload)["status"] == "SUCCESS"


def test_a_missing_file_is_named_and_the_report_loads_once_it_is_there(mission: Mission, announce: Announce) -> None:
    report = handed(mission.mission_id).put(ReportKind.MISSION, ReportKind.MANIFEST)
    upload = announce(report)

    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    upload.refresh_from_db()
    assert upload.reason == f"{report.id.key(DataKind.SHIP_STATE)}: there is no such object in the bucket."

    report.put(ReportKind.SHIP_STATE)
    report_retry(upload_id=upload.pk)
    assert report_ingest(upload.pk) is Outcome.LOADED


def test_a_report_of_no_mission_is_quarantined(announce: Announce) -> None:
    upload = announce(handed(999_999).put())

    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    upload.refresh_from_db()
    assert "there is no mission 999999" in upload.reason


def test_an_announced_report_waits_for_its_manifest_and_is_given_up_after_a_day(
    mission: Mission, announce: Announce
) -> None:
    upload = announce(handed(mission.mission_id), state=UploadState.ANNOUNCED)

    assert report_ingest(upload.pk) is Outcome.WAITING
    upload.refresh_from_db()
    assert (upload.state, upload.attempts) == (UploadState.ANNOUNCED, 0)

    ReportUpload.objects.update(announced_at=timezone.now() - dt.timedelta(hours=25))
    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    upload.refresh_from_db()
    assert upload.failed_check == "handed_in"
    assert "not handed in within 24 hours" in upload.reason


def test_a_report_whose_ship_fell_silent_after_its_manifest_loads(mission: Mission, announce: Announce) -> None:
    upload = announce(handed(mission.mission_id).put(), state=UploadState.ANNOUNCED)

    assert report_ingest(upload.pk) is Outcome.LOADED


@pytest.mark.usefixtures("either_way")
def test_ticks_that_another_report_brought_quarantine_the_second_report(mission: Mission, announce: Announce) -> None:
    start = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(seconds=120)
    first = announce(handed(mission.mission_id, start=start, ticks=60).put())
    second = announce(handed(mission.mission_id, report_no=2, start=start, ticks=60, first_seq=50).put())
    report_ingest(first.pk)

    assert report_ingest(second.pk) is Outcome.QUARANTINED
    second.refresh_from_db()
    assert "10 of its ticks are loaded already, first seq 50" in second.reason
    assert first.manifest_key.replace("manifest_", "ship_state_").replace(".json", ".parquet") in second.reason
    assert counts() == (1, 20, 60)


def test_a_manifest_replaced_after_loading_is_refused(mission: Mission, announce: Announce) -> None:
    upload = announce(handed(mission.mission_id).put())
    report_ingest(upload.pk)
    handed(mission.mission_id, ticks=61).put()
    ReportUpload.objects.update(state=UploadState.COMMITTED)

    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    upload.refresh_from_db()
    assert upload.failed_check == "changed"
    assert "the bucket now holds another object there" in upload.reason
    assert counts() == (1, 20, 60)


def test_a_report_that_breaks_its_worker_is_set_aside(mission: Mission, announce: Announce) -> None:
    upload = announce(handed(mission.mission_id).put())
    ReportUpload.objects.update(attempts=5)

    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    upload.refresh_from_db()
    assert upload.failed_check == "attempts"
    assert BUCKET in upload.reason

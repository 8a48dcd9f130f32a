"""Odd reports, each with its right outcome: late, repeated, changed, half, gigantic, encrypted, empty and more."""

from __future__ import annotations

import datetime as dt
import resource
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from missions.models import Mission
from ships_client.contracts.reports import DataKind, ReportKind
from telemetry.ingest import tables
from telemetry.ingest.memory import memory_bound
from telemetry.ingest.outcome import Outcome
from telemetry.ingest.run import report_ingest, reports_ingest
from telemetry.models import Manifest, MissionReport, ReportUpload, ShipState, UploadState
from telemetry.services import report_commit, report_retry

from . import odd
from .reports import Handed, handed, item_rows, nth, parquet

Announce = Callable[..., ReportUpload]
pytestmark = pytest.mark.usefixtures("bucket")

REFUSED: list[tuple[odd.Odd, str, str, dict[str, Any] | None]] = [
    (odd.truncated, "size", "the manifest says", None),
    (odd.gigantic_by_its_word, "size", "at most 134,217,728 are taken", None),
    (odd.gigantic_by_its_rows, "size", "5,000,001 rows; at most 5,000,000 are taken", None),
    (odd.gigantic_in_truth, "size", "bytes; at most", None),
    (odd.encrypted, "schema", "is encrypted, and reports are handed in plain", None),
    (odd.encrypted_columns, "schema", "is encrypted, and reports are handed in plain", None),
    (odd.zero_bytes, "schema", "cannot be read as parquet", None),
    (odd.zero_byte_manifest, "manifest", "empty: There is no value", None),
    (odd.csv, "schema", "cannot be read as parquet", None),
    (odd.zipped, "schema", "cannot be read as parquet", None),
    (odd.naive_times, "schema", "is timestamp of type timestamp[us]; the contract has timestamp", None),
    (odd.times_of_another_zone, "schema", "timestamp[us, tz=Asia/Tokyo]; the contract has timestamp", None),
    (odd.local_times_called_utc, "values", "too far from the upload", {"row": 0}),
    (odd.from_the_future, "values", "its uploaded_at is", None),
    (odd.from_before_its_date, "values", "its uploaded_at is", None),
    (odd.item_twice, "values", "row 7 (the first is 0) repeats another one", {"row": 7}),
    (odd.tick_twice, "values", "seq of row 11 (the first is 0) is 10", {"row": 11}),
    (odd.nul_in_an_item, "values", "item of row 2 (the first is 0) is 'Sunseed", {"row": 2}),
    (odd.far_future, "values", "timestamp of row 0", {"row": 0}),
]


def counts() -> tuple[int, int, int]:
    """Rows of ll.manifests, ll.mission_reports and ll.ship_state."""
    return Manifest.objects.count(), MissionReport.objects.count(), ShipState.objects.count()


@pytest.mark.parametrize(("fault", "check", "words", "row"), REFUSED, ids=[one[0].__name__ for one in REFUSED])
def test_an_odd_report_is_set_aside_whole_while_the_others_load_and_loads_once_mended(
    mission: Mission,
    announce: Announce,
    fault: odd.Odd,
    check: str,
    words: str,
    row: dict[str, Any] | None,
) -> None:
    good, bad = nth(mission.mission_id, 2), nth(mission.mission_id, 1)
    uploads = [announce(fault(bad).put()), announce(good.put())]

    outcomes = reports_ingest([upload.pk for upload in uploads])

    assert outcomes == {uploads[0].pk: Outcome.QUARANTINED, uploads[1].pk: Outcome.LOADED}
    upload = ReportUpload.objects.get(pk=uploads[0].pk)
    assert (upload.failed_check, counts()) == (check, (1, 20, 60))
    assert words in upload.reason
    assert upload.reason.startswith("missions/")
    assert (upload.offending_row or {}).get("row") == (row or {}).get("row")

    nth(mission.mission_id, 1).put()
    report_retry(upload_id=upload.pk)
    assert report_ingest(upload.pk) is Outcome.LOADED
    assert counts() == (2, 40, 120)
    upload.refresh_from_db()
    assert (upload.reason, upload.offending_row, upload.etags) == ("", None, {})


@pytest.mark.parametrize(
    ("bomb", "words"),
    [(odd.bomb, "at most 16,777,216 are taken"), (odd.lying_bomb, "unpacks to more than it says")],
    ids=["bomb", "lying_bomb"],
)
def test_a_bomb_is_refused_within_bounded_memory_also_when_it_lies_about_its_size(
    mission: Mission, announce: Announce, monkeypatch: pytest.MonkeyPatch, bomb: odd.Odd, words: str
) -> None:
    monkeypatch.setattr(tables, "LARGEST_TABLE", 16 * 1024 * 1024)
    before = resource.getrlimit(resource.RLIMIT_DATA)
    report = bomb(handed(mission.mission_id)).put()
    assert len(report.files[DataKind.MISSION]) < 1024 * 1024
    upload = announce(report)

    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    upload.refresh_from_db()
    assert upload.failed_check == "size"
    assert words in upload.reason
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert counts() == (0, 0, 0)


def test_work_within_a_bound_is_told_when_it_asks_for_more() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with memory_bound(64 * 1024 * 1024):
        assert bytearray(1024 * 1024)
        with pytest.raises(MemoryError):
            bytearray(512 * 1024 * 1024)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_the_offending_row_is_kept_with_its_values(mission: Mission, announce: Announce) -> None:
    report = handed(mission.mission_id)
    rows = odd.good_states(report)
    rows[3]["fuel_prc"] = float("nan")
    odd_one = odd.with_file(report, DataKind.SHIP_STATE, parquet(rows, DataKind.SHIP_STATE), 60)
    upload = announce(odd_one.put())
    report_ingest(upload.pk)

    upload.refresh_from_db()
    assert upload.offending_row is not None
    assert (upload.offending_row["file"], upload.offending_row["row"]) == (report.id.key(DataKind.SHIP_STATE), 3)
    values = upload.offending_row["values"]
    assert (values["seq"], values["fuel_prc"], values["planet"]) == (3, "nan", None)
    assert values["timestamp"] == rows[3]["timestamp"].isoformat()


def test_a_half_uploaded_report_waits_for_the_rest_and_is_given_up_after_a_day(
    mission: Mission, announce: Announce
) -> None:
    report = handed(mission.mission_id).put(*odd.without(handed(mission.mission_id), ReportKind.MANIFEST))
    upload = announce(report, state=UploadState.ANNOUNCED)
    assert report_ingest(upload.pk) is Outcome.WAITING

    ReportUpload.objects.update(announced_at=timezone.now() - dt.timedelta(hours=25))
    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    upload.refresh_from_db()
    assert upload.failed_check == "handed_in"

    report.put(ReportKind.MANIFEST)
    report_commit(mission_id=mission.mission_id, date=report.id.date, report_no=1)
    assert report_ingest(upload.pk) is Outcome.LOADED
    assert counts() == (1, 20, 60)


def test_a_report_that_comes_days_late_loads_as_any_other(mission: Mission, announce: Announce) -> None:
    past = timezone.now().replace(microsecond=0) - dt.timedelta(days=20)
    early = announce(nth(mission.mission_id, 2).put())
    report_ingest(early.pk)
    late = announce(handed(mission.mission_id, start=past, ticks=60).put())

    assert report_ingest(late.pk) is Outcome.LOADED
    assert counts() == (2, 40, 120)
    first, second = Manifest.objects.order_by("pk").values_list("report_no", flat=True)
    assert (first, second) == (2, 1)


def test_a_report_handed_in_again_changes_nothing(mission: Mission, announce: Announce) -> None:
    report = handed(mission.mission_id).put()
    upload = announce(report)
    report_ingest(upload.pk)
    report.put()
    report_commit(mission_id=mission.mission_id, date=report.id.date, report_no=1)
    assert report_ingest(upload.pk) is Outcome.CLOSED

    ReportUpload.objects.update(state=UploadState.COMMITTED)
    assert report_ingest(upload.pk) is Outcome.LOADED
    assert counts() == (1, 20, 60)


def test_a_report_repeated_under_another_number_is_refused_with_the_tick_that_is_taken(
    mission: Mission, announce: Announce
) -> None:
    start = timezone.now().replace(microsecond=0) - dt.timedelta(seconds=60)
    report_ingest(announce(handed(mission.mission_id, start=start).put()).pk)
    again = announce(handed(mission.mission_id, start=start, report_no=2).put())

    assert report_ingest(again.pk) is Outcome.QUARANTINED
    again.refresh_from_db()
    assert again.failed_check == "once"
    assert "60 of its ticks are loaded already, first seq 0" in again.reason
    assert again.offending_row is not None
    assert (again.offending_row["row"], again.offending_row["values"]["seq"]) == (0, 0)
    assert counts() == (1, 20, 60)


def other_items(report: Handed) -> Handed:
    """The same report with other items."""
    rows = item_rows(report.id.mission_id, report.id.date, 19)
    return odd.with_file(report, DataKind.MISSION, parquet(rows, DataKind.MISSION), 19)


@pytest.mark.parametrize("kinds", [tuple(ReportKind), (ReportKind.MISSION,)], ids=["all", "one file"])
def test_a_report_changed_after_its_load_is_set_aside_and_its_rows_stand(
    mission: Mission, announce: Announce, kinds: tuple[ReportKind, ...]
) -> None:
    original = handed(mission.mission_id).put()
    upload = announce(original)
    report_ingest(upload.pk)
    other_items(handed(mission.mission_id)).put(*kinds)
    ReportUpload.objects.update(state=UploadState.COMMITTED)

    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    upload.refresh_from_db()
    assert upload.failed_check == "changed"
    assert "The rows that were loaded stand." in upload.reason
    assert counts() == (1, 20, 60)

    original.put()
    report_retry(upload_id=upload.pk)
    assert report_ingest(upload.pk) is Outcome.LOADED
    assert counts() == (1, 20, 60)

"""Passes over the bucket: what nobody announced, what was mended, what has changed, a page at a time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import redis
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hocotate_site import object_store
from missions.models import Mission
from ships_client.contracts.reports import DataKind, ReportKind
from telemetry.ingest.changes import COLUMNS
from telemetry.ingest.listing import pages
from telemetry.ingest.locks import Run, run_held
from telemetry.ingest.outcome import Outcome
from telemetry.ingest.reconcile import reconcile
from telemetry.ingest.run import report_ingest
from telemetry.models import Manifest, Reconcile, ReconcileState, ReportUpload, ShipState, UploadState
from telemetry.tasks import ingest_overlooked, ingest_reconcile

from .reports import BUCKET, handed, nth
from .test_ingest_odd import other_items
from .worker import other_connection

Announce = Callable[..., ReportUpload]
pytestmark = pytest.mark.usefixtures("bucket", "tables")


def whole(page: int = 1000) -> Reconcile:
    """A pass from the first to the last key."""
    done = reconcile(page=page)
    assert done is not None
    assert done.state == ReconcileState.DONE
    return done


def tally(done: Reconcile) -> tuple[int, int, int, int]:
    """Found, mended, changed, strange."""
    return done.found, done.mended, done.changed, done.strange


def queued(queue: redis.Redis) -> list[str]:
    """Names of the jobs in the queue, in their order; it is empty then."""
    messages: Any = queue.lrange("celery", 0, -1)
    queue.flushdb()
    return [json.loads(message)["headers"]["task"].rpartition(".")[2] for message in reversed(messages)]


def ingest(*arguments: str) -> list[str]:
    """The lines that the command prints."""
    out = StringIO()
    call_command("ingest", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("page", [1, 2, 1000])
def test_reports_that_nobody_announced_are_found_and_loaded(mission: Mission, announce: Announce, page: int) -> None:
    announced = nth(mission.mission_id, 3).put()
    report_ingest(announce(announced).pk)
    for number in (1, 2):
        nth(mission.mission_id, number).put()
    handed(mission.mission_id, report_no=4).put(ReportKind.MISSION, ReportKind.SHIP_STATE)

    done = whole(page)

    assert tally(done) == (2, 0, 0, 0)
    assert (done.objects_seen, done.pages) == (11, -(-11 // page))
    assert list(ReportUpload.objects.filter(found=True).values_list("report_no", "state")) == [
        (2, UploadState.COMMITTED),
        (1, UploadState.COMMITTED),
    ]
    assert ingest()[0].startswith("2 reports: 2 loaded")
    assert ShipState.objects.count() == 180
    assert tally(whole(page)) == (0, 0, 0, 0)


def test_the_command_looks_through_the_bucket_and_loads_what_it_finds(mission: Mission) -> None:
    handed(mission.mission_id).put()

    first, second = ingest("--reconcile")

    assert first == "3 objects on 1 pages: 1 found, 0 mended, 0 changed, 0 strange."
    assert second.startswith("1 reports: 1 loaded")


def test_a_found_report_of_no_mission_is_quarantined(tables: None) -> None:
    handed(987_654).put()

    assert ingest("--reconcile")[1].startswith("1 reports: 0 loaded, 1 quarantined")


def test_a_report_mended_in_the_bucket_is_tried_again_by_itself_and_others_are_left(
    mission: Mission, announce: Announce
) -> None:
    bad, hopeless = (nth(mission.mission_id, n).claim(DataKind.MISSION, sha256="0" * 64) for n in (1, 2))
    for report in (bad, hopeless):
        assert report_ingest(announce(report.put()).pk) is Outcome.QUARANTINED
    assert tally(whole()) == (0, 0, 0, 0)

    nth(mission.mission_id, 1).put(ReportKind.MANIFEST)
    assert tally(whole()) == (0, 1, 0, 0)
    assert ingest()[0].startswith("1 reports: 1 loaded")


def test_a_file_that_came_after_its_report_was_refused_mends_it(mission: Mission, announce: Announce) -> None:
    report = handed(mission.mission_id).put(ReportKind.MISSION, ReportKind.MANIFEST)
    upload = announce(report)
    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    assert tally(whole()) == (0, 0, 0, 0)

    report.put(ReportKind.SHIP_STATE)
    assert tally(whole()) == (0, 1, 0, 0)
    assert report_ingest(upload.pk) is Outcome.LOADED


@pytest.mark.parametrize("kind", [ReportKind.MISSION, ReportKind.MANIFEST])
def test_a_report_changed_after_its_load_is_noticed_once_and_its_rows_stand(
    mission: Mission, announce: Announce, kind: ReportKind
) -> None:
    original = handed(mission.mission_id).put()
    upload = announce(original)
    report_ingest(upload.pk)
    other_items(handed(mission.mission_id)).put(kind)

    assert tally(whole()) == (0, 0, 1, 0)
    upload.refresh_from_db()
    assert (upload.state, upload.failed_check) == (UploadState.QUARANTINED, "changed")
    assert original.id.key(kind) in upload.reason
    assert (Manifest.objects.count(), ShipState.objects.count()) == (1, 60)
    assert tally(whole()) == (0, 0, 0, 0)

    original.put(kind)
    assert tally(whole()) == (0, 1, 0, 0)
    assert ingest()[0].startswith("1 reports: 1 loaded")
    assert (Manifest.objects.count(), ShipState.objects.count()) == (1, 60)


def test_the_same_content_under_another_etag_is_no_change(mission: Mission, announce: Announce) -> None:
    upload = announce(handed(mission.mission_id).put())
    report_ingest(upload.pk)
    now = Manifest.objects.values(*(etag for _, _, etag in COLUMNS.values())).get()
    Manifest.objects.update(etag="before", etag_mission=None, etag_ship_state="before-2")

    assert tally(whole()) == (0, 0, 0, 0)
    assert Manifest.objects.values(*now).get() == now
    upload.refresh_from_db()
    assert upload.state == UploadState.LOADED


def test_large_objects_have_the_same_etag_when_they_are_listed_as_when_they_are_read(
    mission: Mission, announce: Announce
) -> None:
    report = handed(mission.mission_id)
    report.files[DataKind.MISSION] += bytes(20 * 1024 * 1024)
    report.put()
    upload = announce(report.claim(DataKind.MISSION, size=len(report.files[DataKind.MISSION])).put(ReportKind.MANIFEST))

    assert report_ingest(upload.pk) is Outcome.QUARANTINED
    upload.refresh_from_db()
    listed = {one.key: one.etag for page in pages() for one in page}
    assert upload.etags["mission"] == listed[report.id.key(DataKind.MISSION)]
    assert tally(whole()) == (0, 0, 0, 0)


def test_strange_keys_are_counted_and_left(mission: Mission) -> None:
    for key in ("notes.txt", f"missions/{mission.mission_id}/2026-01-01/readme.md", "missions/007/2026-01-01/x"):
        object_store.client().put_object(Bucket=BUCKET, Key=key, Body=b"x")

    assert tally(whole()) == (0, 0, 0, 3)
    assert not ReportUpload.objects.exists()


def test_a_pass_cut_short_goes_on_behind_its_last_page(mission: Mission) -> None:
    for number in (1, 2, 3):
        nth(mission.mission_id, number).put()

    begun = reconcile(seconds=0, page=4)
    assert begun is not None
    assert (begun.state, begun.pages, begun.found) == (ReconcileState.RUNNING, 1, 3)
    done = whole(page=4)

    assert done.pk == begun.pk
    assert (done.pages, done.objects_seen, done.found) == (3, 9, 3)


def test_two_passes_never_go_on_at_once(mission: Mission) -> None:
    with other_connection() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [0x6C72, Run.RECONCILE.value])
        assert reconcile() is None
        with pytest.raises(CommandError, match="looks through the bucket just now"):
            ingest("--reconcile")
    assert not Reconcile.objects.exists()
    with run_held(Run.RECONCILE) as mine:
        assert mine


def test_the_task_hands_over_to_the_scan_and_a_pass_that_nobody_carries_on_is_taken_up(
    mission: Mission, queue: redis.Redis
) -> None:
    handed(mission.mission_id).put()
    reconcile(seconds=0, page=1)
    ingest_overlooked()
    assert queued(queue) == ["ingest_announced"]
    Reconcile.objects.update(updated_at=timezone.now() - dt.timedelta(minutes=6))

    ingest_overlooked()
    assert queued(queue) == ["ingest_announced", "ingest_reconcile"]
    ingest_reconcile()

    done = Reconcile.objects.get()
    assert (done.state, done.found) == (ReconcileState.DONE, 1)
    assert queued(queue) == ["ingest_announced"]


def test_a_page_costs_the_same_queries_however_many_reports_are_on_it(mission: Mission) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            whole()
        return len(asked)

    handed(mission.mission_id).put()
    whole()
    few = queries()
    for number in range(2, 12):
        nth(mission.mission_id, number).put()
    whole()

    assert queries() == few

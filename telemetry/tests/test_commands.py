"""manage.py ingest, and reports while the object store is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from hocotate_site import object_store
from missions.models import Mission
from ships_client.contracts.reports import DataKind
from telemetry.ingest import work
from telemetry.ingest.errors import StoreAway
from telemetry.ingest.judge import Incoming, report_judge
from telemetry.ingest.load import Report
from telemetry.ingest.outcome import Outcome
from telemetry.ingest.run import report_ingest
from telemetry.models import ReportUpload, ShipState, UploadState

from .reports import handed

Announce = Callable[..., ReportUpload]
pytestmark = pytest.mark.usefixtures("bucket", "queue")


def ingest(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("ingest", *arguments, stdout=out)
    return out.getvalue().strip()


def test_all_open_reports_are_worked_off_and_again_there_are_none(mission: Mission, announce: Announce) -> None:
    announce(handed(mission.mission_id).put())
    announce(handed(mission.mission_id, report_no=2), state=UploadState.ANNOUNCED)
    announce(handed(mission.mission_id, report_no=3))

    assert ingest() == "3 reports: 1 loaded, 1 quarantined, 1 waiting, 0 closed, 0 busy, 0 broken off."
    assert ingest() == "1 reports: 0 loaded, 0 quarantined, 1 waiting, 0 closed, 0 busy, 0 broken off."


def test_one_report_can_be_named_and_a_mended_one_retried(mission: Mission, announce: Announce) -> None:
    bad = announce(handed(mission.mission_id).claim(DataKind.MISSION, sha256="0" * 64).put())
    other = announce(handed(mission.mission_id, report_no=2))
    assert "1 quarantined" in ingest("--upload", str(bad.pk))
    assert "1 closed" in ingest("--upload", str(bad.pk))

    handed(mission.mission_id).put()
    assert "1 loaded" in ingest("--upload", str(bad.pk), "--retry-quarantined")
    other.refresh_from_db()
    assert other.state == UploadState.COMMITTED


def test_all_quarantined_reports_can_be_retried(mission: Mission, announce: Announce) -> None:
    announce(handed(mission.mission_id))
    ingest()
    handed(mission.mission_id).put()

    assert "1 loaded" in ingest("--retry-quarantined")


def test_a_report_that_is_not_there_is_said_to_be_so(tables: None) -> None:
    with pytest.raises(CommandError, match="There is no report 4711"):
        ingest("--upload", "4711")


def test_retrying_a_report_that_is_not_quarantined_is_refused(mission: Mission, announce: Announce) -> None:
    upload = announce(handed(mission.mission_id).put())

    with pytest.raises(CommandError, match="only quarantined ones are tried again"):
        ingest("--upload", str(upload.pk), "--retry-quarantined")


@pytest.fixture
def store_away(settings: Settings) -> Iterator[Callable[[], None]]:
    """An object store that does not answer, until the returned function is called."""
    address = settings.S3_ENDPOINT_URL
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:1"
    object_store.client.cache_clear()

    def back() -> None:
        settings.S3_ENDPOINT_URL = address
        object_store.client.cache_clear()

    yield back
    back()


def test_while_the_store_is_away_nothing_changes(
    mission: Mission, announce: Announce, request: pytest.FixtureRequest
) -> None:
    upload = announce(handed(mission.mission_id).put())
    back: Callable[[], None] = request.getfixturevalue("store_away")

    with pytest.raises(StoreAway):
        report_ingest(upload.pk)
    with pytest.raises(CommandError, match="nothing is lost, run it again"):
        ingest()
    upload.refresh_from_db()
    assert (upload.state, upload.attempts) == (UploadState.COMMITTED, 0)

    back()
    assert report_ingest(upload.pk) is Outcome.LOADED


def test_one_broken_report_never_stops_the_others(
    mission: Mission, announce: Announce, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = announce(handed(mission.mission_id).put())
    second = announce(handed(mission.mission_id, report_no=2, first_seq=60, ticks=30).put())

    def stumble(incoming: Incoming) -> Report:
        if incoming.id.report_no == 1:
            raise ZeroDivisionError
        return report_judge(incoming)

    monkeypatch.setattr(work, "report_judge", stumble)
    with pytest.raises(CommandError, match="1 runs broke off"):
        ingest()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.attempts) == (UploadState.COMMITTED, 1)
    assert (second.state, ShipState.objects.count()) == (UploadState.LOADED, 30)

    for _ in range(4):
        with pytest.raises(CommandError, match="1 runs broke off"):
            ingest()
    assert "1 quarantined" in ingest()
    first.refresh_from_db()
    assert (first.state, first.failed_check) == (UploadState.QUARANTINED, "attempts")

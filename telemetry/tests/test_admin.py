"""Reports in the admin: read, search, and try quarantined ones again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis
from django.contrib.auth.models import Permission, User
from django.test import Client

from missions.models import Mission
from telemetry.ingest.run import report_ingest
from telemetry.models import Manifest, MissionReport, ReportUpload, UploadState

from .reports import handed

Announce = Callable[..., ReportUpload]
pytestmark = pytest.mark.usefixtures("bucket")

UPLOADS = "/admin/telemetry/reportupload/"


@pytest.fixture
def operator(client: Client, tables: None) -> Client:
    """Signed in as an administrator."""
    client.force_login(User.objects.create_superuser("president"))
    return client


@pytest.fixture
def quarantined(mission: Mission, announce: Announce) -> ReportUpload:
    """A report whose files never came."""
    upload = announce(handed(mission.mission_id))
    report_ingest(upload.pk)
    return upload


def test_the_quarantine_shows_its_reasons(operator: Client, quarantined: ReportUpload) -> None:
    page = operator.get(UPLOADS, {"state__exact": "quarantined", "q": str(quarantined.mission_id)})

    assert page.status_code == 200
    assert "there is no such object in the bucket" in page.text


def test_a_quarantined_report_can_be_tried_again(
    operator: Client, quarantined: ReportUpload, queue: redis.Redis
) -> None:
    page = operator.post(UPLOADS, {"action": "retry", "_selected_action": [quarantined.pk]}, follow=True)

    assert "is tried again" in page.text
    quarantined.refresh_from_db()
    assert (quarantined.state, quarantined.reason) == (UploadState.COMMITTED, "")
    assert queue.llen("celery") == 1

    page = operator.post(UPLOADS, {"action": "retry", "_selected_action": [quarantined.pk]}, follow=True)
    assert "only quarantined ones are tried again" in page.text


@pytest.mark.parametrize("model", [ReportUpload, Manifest, MissionReport])
def test_nothing_can_be_edited(operator: Client, mission: Mission, announce: Announce, model: type[Manifest]) -> None:
    report_ingest(announce(handed(mission.mission_id).put()).pk)
    row = model.objects.first()
    assert row is not None
    path = f"/admin/telemetry/{model._meta.model_name}/"

    assert operator.get(path, {"q": "1"}).status_code == 200
    assert operator.get(f"{path}{row.pk}/change/").status_code == 200
    assert operator.post(f"{path}{row.pk}/change/", {"reason": "x"}).status_code == 403
    assert operator.get(f"{path}add/").status_code == 403
    assert operator.post(f"{path}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_manifest_shows_which_ticks_it_brought(operator: Client, mission: Mission, announce: Announce) -> None:
    report_ingest(announce(handed(mission.mission_id).put()).pk)

    page = operator.get(f"/admin/telemetry/manifest/{Manifest.objects.get().pk}/change/")

    assert "seq 0 to 59" in page.text


def test_reading_alone_does_not_allow_to_try_again(client: Client, quarantined: ReportUpload) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_reportupload"))
    client.force_login(reader)

    client.post(UPLOADS, {"action": "retry", "_selected_action": [quarantined.pk]}, follow=True)

    quarantined.refresh_from_db()
    assert quarantined.state == UploadState.QUARANTINED


def test_the_ledger_leads_to_ship_states_page_by_page(operator: Client, mission: Mission, announce: Announce) -> None:
    report_ingest(announce(handed(mission.mission_id, ticks=150).put()).pk)
    states = f"/admin/telemetry/manifest/{Manifest.objects.get().pk}/states/"

    first, second = operator.get(states).text, operator.get(states, {"after": "99"}).text

    assert '<a href="?after=99">Next ticks</a>' in first
    assert first.count("<tr><td") == 100
    assert second.count("<tr><td") == 50
    assert "Next ticks" not in second
    assert operator.get("/admin/telemetry/manifest/404404/states/").status_code == 404


def test_the_ledger_leads_to_a_report_s_items(operator: Client, mission: Mission, announce: Announce) -> None:
    for number in (1, 2):
        report_ingest(announce(handed(mission.mission_id, report_no=number, items=number).put()).pk)
    manifest = Manifest.objects.get(report_no=1)

    page = operator.get(f"/admin/telemetry/manifest/{manifest.pk}/change/").text
    items = operator.get("/admin/telemetry/missionreport/", {"manifest_id": manifest.pk}).text

    assert f"/admin/telemetry/missionreport/?manifest_id={manifest.pk}" in page
    assert "1 report item" in items


def test_who_may_not_see_the_ledger_sees_no_states(client: Client, mission: Mission, announce: Announce) -> None:
    report_ingest(announce(handed(mission.mission_id).put()).pk)
    client.force_login(User.objects.create_user("reader", is_staff=True))

    assert client.get(f"/admin/telemetry/manifest/{Manifest.objects.get().pk}/states/").status_code == 404

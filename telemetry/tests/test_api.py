"""Announcing reports and saying that they stand, over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest.mock import ANY

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from missions.models import Mission, ShipToken
from missions.services import token_create
from ships_client.contracts.reports import ReportKind
from telemetry.ingest.outcome import Outcome
from telemetry.ingest.run import report_ingest
from telemetry.models import ReportUpload, UploadState
from telemetry.services import report_commit

from .reports import handed

pytestmark = pytest.mark.usefixtures("bucket", "queue")


class Ship:
    """Calls the API with a token."""

    def __init__(self, client: Client, mission: Mission, secret: str) -> None:
        self._client, self._secret = client, secret
        self._path = f"/api/v1/missions/{mission.mission_id}"

    def _post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self._secret}"} if self._secret else {}
        answer = self._client.post(self._path + path, body, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    def announce(self, report_no: Any = 1, date: Any = None) -> tuple[int, Any]:
        """POST uploads."""
        return self._post("/uploads", {"report_no": report_no, "date": str(date or timezone.now().date())})

    def commit(self, report_no: int = 1, date: Any = None) -> tuple[int, Any]:
        """POST committed."""
        return self._post(f"/reports/{report_no}/committed", {"date": str(date or timezone.now().date())})


@pytest.fixture
def ship(client: Client, mission: Mission, token: tuple[ShipToken, str]) -> Ship:
    """The mission's own ship."""
    return Ship(client, mission, token[1])


def test_a_ship_gets_addresses_for_exactly_its_three_objects(ship: Ship, mission: Mission) -> None:
    status, body = ship.announce(report_no=7)

    report = handed(mission.mission_id, report_no=7).id
    assert status == 201
    assert body == {
        "uploads": [
            {"kind": kind.value, "key": report.key(kind), "url": ANY, "headers": {"If-None-Match": "*"}}
            for kind in ReportKind
        ],
        "expires_in": 900,
    }
    upload = ReportUpload.objects.get()
    assert (upload.state, upload.manifest_key) == (UploadState.ANNOUNCED, report.key(ReportKind.MANIFEST))


def test_a_report_put_to_its_addresses_loads_and_a_second_put_changes_nothing(ship: Ship, mission: Mission) -> None:
    report = handed(mission.mission_id)
    _, body = ship.announce()
    contents = report.contents()

    for upload in body["uploads"]:
        raw = contents[ReportKind(upload["kind"])]
        assert httpx.put(upload["url"], content=raw, headers=upload["headers"]).status_code == 200
        again = httpx.put(upload["url"], content=b"other", headers=upload["headers"])
        assert again.status_code == 412
    status, answer = ship.commit()

    assert (status, answer) == (202, {"state": "committed", "reason": ""})
    assert report_ingest(ReportUpload.objects.get().pk) is Outcome.LOADED
    assert ship.commit() == (202, {"state": "loaded", "reason": ""})


def test_an_address_without_its_header_or_for_another_key_is_refused(ship: Ship) -> None:
    _, body = ship.announce()
    url = body["uploads"][0]["url"]

    assert httpx.put(url, content=b"x").status_code == 403
    other = url.replace("mission_", "manifest_", 1)
    assert httpx.put(other, content=b"x", headers={"If-None-Match": "*"}).status_code == 403


def test_announcing_twice_keeps_one_report(ship: Ship) -> None:
    assert ship.announce()[0] == ship.announce()[0] == 201
    assert ReportUpload.objects.count() == 1


@pytest.mark.parametrize("report_no", [0, -1, 10_000, "many", None])
def test_a_number_that_no_report_has_is_refused_in_a_sentence(ship: Ship, report_no: Any) -> None:
    status, body = ship.announce(report_no=report_no)

    assert status == 422
    assert "report_no" in body["detail"]
    assert not ReportUpload.objects.exists()


@pytest.mark.parametrize("days", [-31, 2, None])
def test_a_date_that_no_report_has_is_refused_in_a_sentence(ship: Ship, days: int | None) -> None:
    date = "2026-13-01" if days is None else timezone.now().date() + dt.timedelta(days=days)

    status, body = ship.announce(date=date)

    assert status == 422
    assert body["detail"].startswith("date")


def test_word_of_a_report_that_was_never_announced_is_refused(ship: Ship) -> None:
    status, body = ship.commit(report_no=3)

    assert status == 404
    assert "was not announced" in body["detail"]


def test_nobody_else_may_hand_in_reports(client: Client, mission: Mission) -> None:
    stranger = Ship(client, mission, token_create(name="stranger")[1])
    for caller, refusal in ((stranger, 403), (Ship(client, mission, ""), 401), (Ship(client, mission, "made up"), 401)):
        assert caller.announce()[0] == refusal
        assert caller.commit()[0] == refusal


def test_a_mission_that_does_not_exist_is_404(client: Client, token: tuple[ShipToken, str]) -> None:
    nowhere = Ship(client, Mission(mission_id=4711), token[1])

    assert nowhere.announce()[0] == 404
    assert nowhere.commit()[0] == 404


def test_reports_are_taken_for_a_day_after_the_end(ship: Ship, mission: Mission) -> None:
    end = timezone.now() - dt.timedelta(hours=23)
    Mission.objects.update(status="SUCCESS", finished_at=end)
    assert ship.announce()[0] == 201

    Mission.objects.update(finished_at=end - dt.timedelta(hours=2))
    status, body = ship.announce(report_no=2)
    assert status == 409
    assert "24 hours later" in body["detail"]
    assert ship.commit()[0] == 202


def test_a_report_given_up_gets_its_chance_when_its_ship_comes_back(ship: Ship, mission: Mission) -> None:
    ship.announce()
    ReportUpload.objects.update(state="quarantined", failed_check="handed_in", reason="Not handed in.")
    assert ship.commit() == (202, {"state": "committed", "reason": ""})

    ReportUpload.objects.update(state="quarantined", failed_check="checksum", reason="Its sha256 differs.")
    assert ship.commit() == (202, {"state": "quarantined", "reason": "Its sha256 differs."})


def test_word_is_kept_when_the_queue_is_away(ship: Ship, mission: Mission, broken_queue: None) -> None:
    ship.announce()

    upload = report_commit(mission_id=mission.mission_id, date=timezone.now().date(), report_no=1)

    upload.refresh_from_db()
    assert upload.state == UploadState.COMMITTED

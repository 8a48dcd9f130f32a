"""A mission's page, and what it tells with and without other apps."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from missions import services, told, waybill
from missions.models import Mission, ShipToken
from missions.told import FleetFacts, Refused, RowFacts, WaybillFacts
from ships_client.contracts import MissionStatus

Register = Callable[..., Mission]
Many = Callable[..., list[Mission]]

FACTS = WaybillFacts(
    value=9445, reports=2, items=40, health=0.871, uptime=0.961, refused=(), refused_in_all=0, reports_url="/r/"
)


class Teller:
    """An app that knows all."""

    facts = FACTS

    def rows(self, mission_ids: object) -> dict[int, RowFacts]:
        return {n: RowFacts(0.87, 745, 753, 2, 9445) for n in mission_ids}  # type: ignore[attr-defined]

    def fleet(self) -> FleetFacts:
        return FleetFacts(4_120_000, 99.999, datetime(2026, 11, 25, 8, 15, tzinfo=UTC))

    def waybill(self, _mission_id: int) -> WaybillFacts:
        return self.facts


class Broken(Teller):
    """An app whose tables are away."""

    def rows(self, mission_ids: object) -> dict[int, RowFacts]:
        raise OperationalError("away")

    def fleet(self) -> FleetFacts:
        raise OperationalError("away")

    def waybill(self, _mission_id: int) -> WaybillFacts:
        raise OperationalError("away")


def text(client: Client, url: str) -> str:
    """The page as a reader sees it."""
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def teller(monkeypatch: pytest.MonkeyPatch) -> Teller:
    """It is the only one."""
    teller = Teller()
    monkeypatch.setattr(told, "_tellers", [teller])
    return teller


def test_the_waybill_tells_value_reports_health_and_uptime(client: Client, register: Register, teller: Teller) -> None:
    page = text(client, f"/missions/{register().mission_id}/")

    assert "9,445 Poko 2 reports, 40 items" in page
    assert "health 0.87, uptime 96.1 %" in page


def test_the_list_tells_what_other_apps_know(client: Client, register: Register, teller: Teller) -> None:
    register()
    page = text(client, "/missions/")

    assert "0.87" in page
    assert "745 of 753" in page
    assert "9,445" in page
    assert "4.12 M" in page
    assert "99.999 %" in page
    assert "as built 25 Nov, 08:15 UTC" in page


def test_an_app_that_is_away_takes_no_page_down(
    client: Client, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "_tellers", [Broken()])
    mission = register()

    assert "SS_DOLPHIN" in text(client, "/missions/")
    assert "not known now" in text(client, f"/missions/{mission.mission_id}/")


def test_a_quarantined_report_has_a_banner_with_its_reason_and_remedy(
    client: Client, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing(Teller):
        facts = WaybillFacts(
            value=None,
            reports=0,
            items=0,
            health=None,
            uptime=None,
            refused=[Refused(3, date(2026, 11, 25), "The sha256 of its items differs.", "?report=2026-11-25-0003")],
            refused_in_all=3,
            reports_url="/r/",
        )

    monkeypatch.setattr(told, "_tellers", [Refusing()])
    page = text(client, f"/missions/{register().mission_id}/")

    assert "Report 0003 is quarantined: The sha256 of its items differs. Ask the ship to send it again" in page
    assert "And 2 more." in page
    assert "Open report" in page


def test_a_lost_ship_and_messages_that_have_not_come_have_a_banner(
    client: Client, register: Register, token: ShipToken
) -> None:
    mission = register()
    services.mission_complete(mission_id=mission.mission_id, outcome=MissionStatus.FAILURE, token=token, last_seq=99)
    page = text(client, f"/missions/{mission.mission_id}/")

    assert "The ship was lost at" in page
    assert "And 1 more." in page


def test_a_lost_signal_has_a_banner_with_its_age(client: Client, register: Register) -> None:
    mission = register()
    Mission.objects.filter(mission_id=mission.mission_id).update(last_message_at=timezone.now() - timedelta(minutes=5))

    assert "No message for 5 min" in text(client, f"/missions/{mission.mission_id}/")


def test_a_mission_that_is_well_has_no_banner(client: Client, register: Register) -> None:
    assert 'class="bn' not in client.get(f"/missions/{register().mission_id}/").content.decode()


def test_the_record_counts_the_ship_s_missions_and_the_captain_s_successes(many: Many, register: Register) -> None:
    many(9, status=MissionStatus.SUCCESS, captain="Shepherd", ship_name="SS_MOTH")
    many(1, status=MissionStatus.FAILURE, captain="Shepherd", ship_name="SS_KITTY")
    mission = register(captain="Shepherd", ship_name="SS_MOTH")

    record = waybill.record(mission)

    assert (record.nth, record.ended, record.success_pct) == (10, 10, 90.0)
    assert waybill.record(register(captain="Stace", ship_name="NEW")) == waybill.Record(1, 0, None)


def test_the_page_leads_to_the_radar_s_replay_and_to_the_lake(client: Client, register: Register) -> None:
    mission = register(ship_name="ONION?!")
    page = client.get(f"/missions/{mission.mission_id}/").content.decode()

    assert 'href="/?ship=ONION%3F%21&amp;at=' in page
    assert f"WHERE+mission_id+%3D+{mission.mission_id}" in page


def test_a_report_that_is_chosen_is_asked_for_by_the_panel(client: Client, register: Register) -> None:
    page = client.get(f"/missions/{register().mission_id}/?report=%22%3E&x=1").content.decode()

    assert 'reports/?panel&amp;report=%22%3E"' in page

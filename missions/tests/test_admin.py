"""The registry in the admin."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client

from missions import services
from missions.models import Enrolment, Mission, ShipToken
from missions.tests.people import signed_in
from ships_client.contracts import MissionStatus

MISSIONS = "/admin/missions/mission/"
TOKENS = "/admin/missions/shiptoken/"
ENROLMENTS = "/admin/missions/enrolment/"

Register = Callable[..., Mission]
SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A signed-in member of a group."""
    return signed_in


def act(client: Client, page: str, action: str, *chosen: int) -> Any:
    """Run an action on rows."""
    return client.post(page, {"action": action, "_selected_action": chosen}, follow=True)


def test_missions_are_searched_and_filtered(register: Register, sign_in: SignIn) -> None:
    mission = register(ship_name="ONION?!")
    register(ship_name="SS_MOTH")
    viewer = sign_in("viewer")

    for query in (f"q={mission.mission_id}", "q=ONION%3F%21", "status__exact=RUNNING&q=onion"):
        page = viewer.get(f"{MISSIONS}?{query}").content.decode()
        assert "ONION?!" in page
        assert "SS_MOTH" not in page


@pytest.mark.parametrize("group", ["viewer", "operator", "administrator"])
def test_nobody_edits_adds_or_deletes_a_mission_by_hand(register: Register, sign_in: SignIn, group: str) -> None:
    mission = register()
    person = sign_in(group)

    assert person.get(f"{MISSIONS}{mission.mission_id}/change/").status_code == 200
    assert person.post(f"{MISSIONS}{mission.mission_id}/change/", {"status": "SUCCESS"}).status_code == 403
    assert person.post(f"{MISSIONS}add/", {"ship_name": "X"}).status_code == 403
    assert person.post(f"{MISSIONS}{mission.mission_id}/delete/", {"post": "yes"}).status_code == 403
    assert Mission.objects.get().status == MissionStatus.RUNNING


def test_an_operator_ends_running_missions_as_lost(register: Register, sign_in: SignIn, token: ShipToken) -> None:
    running, ended = register(), register()
    services.mission_complete(mission_id=ended.mission_id, outcome=MissionStatus.SUCCESS, token=token)

    page = act(sign_in("operator"), MISSIONS, "end_as_lost", running.mission_id, ended.mission_id).content.decode()

    assert f"Mission {running.mission_id} ended as lost." in page
    assert "already ended with SUCCESS" in page
    assert Mission.objects.get(mission_id=running.mission_id).status == MissionStatus.FAILURE
    assert Mission.objects.get(mission_id=ended.mission_id).status == MissionStatus.SUCCESS


def test_a_viewer_ends_nothing(register: Register, sign_in: SignIn) -> None:
    mission = register()

    act(sign_in("viewer"), MISSIONS, "end_as_lost", mission.mission_id)

    assert Mission.objects.get().status == MissionStatus.RUNNING


def test_only_an_administrator_revokes_a_token(token: ShipToken, sign_in: SignIn) -> None:
    act(sign_in("operator"), TOKENS, "revoke", token.token_id)
    token.refresh_from_db()
    assert token.revoked_at is None

    act(sign_in("administrator"), TOKENS, "revoke", token.token_id)
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_the_hash_of_a_token_is_not_shown(token: ShipToken, sign_in: SignIn) -> None:
    administrator = sign_in("administrator")

    assert token.sha256 not in administrator.get(TOKENS).content.decode()
    assert token.sha256 not in administrator.get(f"{TOKENS}{token.token_id}/change/").content.decode()


def test_the_admin_needs_a_person(client: Client, db: None) -> None:
    assert client.get(MISSIONS).status_code == 302


def test_a_list_leads_to_all_missions_of_a_ship(register: Register, sign_in: SignIn) -> None:
    register(ship_name="ONION?!")
    register(ship_name="SS_MOTH")
    viewer = sign_in("viewer")

    page = viewer.get(MISSIONS).text
    assert '<a href="?ship_name=ONION%3F%21">ONION?!</a>' in page
    assert "SS_MOTH" not in viewer.get(f"{MISSIONS}?ship_name=ONION%3F%21").text


def test_ships_are_listed_with_what_they_flew(register: Register, sign_in: SignIn) -> None:
    for number in range(60):
        register(ship_name=f"SHIP_{number:02}")
    register(ship_name="SHIP_07")
    viewer = sign_in("viewer")

    first = viewer.get(f"{MISSIONS}ships/").text
    second = viewer.get(f"{MISSIONS}ships/", {"after": "SHIP_49"}).text
    one = viewer.get(f"{MISSIONS}ships/", {"ship": "SHIP_07"}).text

    assert "SHIP_49" in first
    assert "?after=SHIP_49" in first
    assert "SHIP_50" not in first
    assert "SHIP_59" in second
    assert "Next ships" not in second
    assert '<td class="n">2</td>' in one
    assert "No such ship has flown" in viewer.get(f"{MISSIONS}ships/", {"ship": "NONE"}).text


def test_an_administrator_lets_a_token_ask_the_lake_and_takes_it_back(token: ShipToken, sign_in: SignIn) -> None:
    act(sign_in("operator"), TOKENS, "allow_lake", token.pk)
    token.refresh_from_db()
    assert "lake:read" not in token.scopes

    administrator = sign_in("administrator")
    act(administrator, TOKENS, "allow_lake", token.pk)
    token.refresh_from_db()
    assert token.scopes == ["missions:write", "reports:write", "lake:read"]

    act(administrator, TOKENS, "refuse_lake", token.pk)
    token.refresh_from_db()
    assert token.scopes == ["missions:write", "reports:write"]


def test_the_last_scope_of_a_token_is_not_taken(db: None, sign_in: SignIn) -> None:
    reader, _ = services.token_create(name="reader", scopes=["lake:read"])

    page = act(sign_in("administrator"), TOKENS, "refuse_lake", reader.pk).text

    assert "allows nothing else; revoke it instead" in page
    reader.refresh_from_db()
    assert reader.scopes == ["lake:read"]


def test_an_administrator_invites_a_ship_and_sees_its_secret_once(sign_in: SignIn) -> None:
    administrator = sign_in("administrator")
    page = administrator.post(f"{ENROLMENTS}invite/", {"ship_name": "ONION?!", "scopes": ["missions:write"]})

    found = re.search(r"he_[\w-]{43}", page.text)
    assert found is not None
    assert "no-store" in page["Cache-Control"]
    token, _ = services.ship_enrol(secret=found[0])
    assert (token.ship_name, token.scopes) == ("ONION?!", ["missions:write"])
    enrolment = Enrolment.objects.get()
    assert enrolment.made_by == "administrator"
    for path in (ENROLMENTS, f"{ENROLMENTS}{enrolment.pk}/change/"):
        text = administrator.get(path).text
        assert found[0] not in text
        assert enrolment.sha256 not in text


def test_an_operator_invites_nobody(sign_in: SignIn) -> None:
    operator = sign_in("operator")

    assert "Invite a ship" not in operator.get(ENROLMENTS).text
    page = operator.post(f"{ENROLMENTS}invite/", {"ship_name": "ONION?!", "scopes": ["missions:write"]}, follow=True)
    assert "Only administrators invite ships" in page.text
    assert not Enrolment.objects.exists()


def test_what_people_did_can_be_read_by_operators(register: Register, sign_in: SignIn) -> None:
    mission, operator = register(), sign_in("operator")
    act(operator, MISSIONS, "end_as_lost", mission.pk)

    history = operator.get("/admin/admin/logentry/").text

    assert "Ended as lost." in history
    assert str(mission) in history
    assert sign_in("viewer").get("/admin/admin/logentry/").status_code == 403


def test_the_audit_log_is_for_administrators(register: Register, sign_in: SignIn) -> None:
    act(sign_in("operator"), MISSIONS, "end_as_lost", register().pk)

    page = sign_in("administrator").get("/admin/missions/auditentry/", {"q": "lost", "outcome__exact": "done"}).text

    assert "end mission as lost" in page
    assert sign_in("viewer").get("/admin/missions/auditentry/").status_code == 403


def test_a_migrate_mends_what_was_changed_in_the_groups(db: None) -> None:
    group = Group.objects.get(name="viewer")
    group.permissions.set(Permission.objects.filter(codename="delete_mission"))
    Group.objects.get(name="operator").delete()

    call_command("migrate", verbosity=0)

    assert set(Group.objects.values_list("name", flat=True)) == {"viewer", "operator", "administrator"}
    assert not group.permissions.filter(codename="delete_mission").exists()
    assert group.permissions.filter(codename="view_mission").exists()

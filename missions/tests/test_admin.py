"""The registry in the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from missions import people, services
from missions.models import Mission, ShipToken
from ships_client.contracts import MissionStatus

MISSIONS = "/admin/missions/mission/"
TOKENS = "/admin/missions/shiptoken/"

Register = Callable[..., Mission]
SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A signed-in member of a group."""
    people.groups_sync()

    def sign_in(group: str) -> Client:
        user = User.objects.create_user(group, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        return client

    return sign_in


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

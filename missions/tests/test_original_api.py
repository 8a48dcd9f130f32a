"""The original's two endpoints: query parameters in, its answers out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from missions.models import Mission
from ships_client.contracts import MissionStatus

QUERY: dict[str, Any] = {"ship_name": "ONION?!", "captain": "Olimar", "target": "Koppai", "report_freq_min": 5}


def register_mission(ship: Client, **query: Any) -> Any:
    """The answer to a registration with these parameters."""
    return ship.post("/register_mission", query_params=query)


def complete_mission(ship: Client, **query: Any) -> Any:
    """The answer to a completion with these parameters."""
    return ship.post("/complete_mission", query_params=query)


def test_a_mission_is_registered_and_ended_as_the_original_answered(ship: Client) -> None:
    registered = register_mission(ship, **QUERY)

    assert registered.status_code == 200
    assert set(registered.json()) == {"message", "mission_id"}
    mission = Mission.objects.get(mission_id=registered.json()["mission_id"])
    assert (mission.ship_name, mission.report_freq_min) == ("ONION?!", 5)

    completed = complete_mission(ship, mission_id=mission.mission_id, status="SUCCESS")

    assert completed.status_code == 200
    assert set(completed.json()) == {"message"}
    mission.refresh_from_db()
    assert mission.status == MissionStatus.SUCCESS


@pytest.mark.parametrize(
    "change",
    [
        {"target": "Pluto"},
        {"report_freq_min": -1},
        {"report_freq_min": 10**40},
        {"report_freq_min": "often"},
        {"report_freq_min": ""},
        {"ship_name": ""},
        {"ship_name": "x" * 65},
        {"captain": "a\x00b"},
    ],
)
def test_a_mission_that_cannot_be_is_refused(ship: Client, change: dict[str, Any]) -> None:
    response = register_mission(ship, **{**QUERY, **change})

    assert response.status_code == 422
    assert next(iter(change)) in response.json()["detail"] or "planet" in response.json()["detail"]
    assert not Mission.objects.exists()


@pytest.mark.parametrize("missing", QUERY)
def test_a_missing_parameter_is_named(ship: Client, missing: str) -> None:
    response = register_mission(ship, **{name: value for name, value in QUERY.items() if name != missing})

    assert (response.status_code, response.json()) == (422, {"detail": f"{missing} is missing; send it."})


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"mission_id": 404404, "status": "SUCCESS"}, 404),
        ({"mission_id": "x", "status": "SUCCESS"}, 422),
        ({"mission_id": 10**40, "status": "SUCCESS"}, 422),
        ({"mission_id": 1}, 422),
        ({"mission_id": 1, "status": "BANANA"}, 422),
        ({"mission_id": 1, "status": "RUNNING"}, 404),
    ],
)
def test_a_wrong_completion_is_refused(ship: Client, query: dict[str, Any], status: int) -> None:
    response = complete_mission(ship, **query)

    assert response.status_code == status
    assert isinstance(response.json()["detail"], str)


def test_an_ended_mission_is_not_ended_again(ship: Client, register: Callable[..., Mission]) -> None:
    mission_id = register().mission_id
    complete_mission(ship, mission_id=mission_id, status="FAILURE")

    response = complete_mission(ship, mission_id=mission_id, status="SUCCESS")

    assert (response.status_code, response.json()["status"]) == (409, "FAILURE")
    assert Mission.objects.get().status == MissionStatus.FAILURE


def test_both_need_a_token(client: Client, register: Callable[..., Mission]) -> None:
    mission_id = register().mission_id

    assert register_mission(client, **QUERY).status_code == 401
    assert complete_mission(client, mission_id=mission_id, status="SUCCESS").status_code == 401
    assert Mission.objects.get().status == MissionStatus.RUNNING


@pytest.mark.parametrize("path", ["/register_mission", "/complete_mission"])
def test_only_post_is_taken(client: Client, path: str) -> None:
    assert client.get(path).status_code == 405

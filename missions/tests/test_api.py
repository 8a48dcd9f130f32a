"""The registry's API, as a ship speaks to it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from missions import services
from missions.models import Mission, ShipToken
from ships_client.contracts import PLANETS, MissionStatus, Phase

MISSIONS = "/api/v1/missions"
BODY = {"ship_name": "ONION?!", "captain": "Olimar", "target": "Koppai", "report_freq_min": 5}
HUGE = 10**40

Register = Callable[..., Mission]


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    """The response to a JSON body."""
    return client.post(path, body, content_type="application/json", headers=headers)


def assert_refused(response: Any, status: int, *words: str) -> None:
    """The response is this 4xx, as a sentence that holds these words."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["title"]) == (status, HTTPStatus(status).phrase)
    assert problem["type"] == "about:blank" or problem["type"].startswith("urn:hocotate:problem:")
    detail = problem["detail"]
    assert isinstance(detail, str)
    assert detail[-1] in ".”"
    for word in words:
        assert word in detail
    assert len(detail) < 700


def test_a_ship_registers_a_mission(ship: Client) -> None:
    response = post(ship, MISSIONS, BODY)

    assert response.status_code == 201
    mission = response.json()
    assert mission == ship.get(f"{MISSIONS}/{mission['mission_id']}").json()
    assert {name: mission[name] for name in BODY} == BODY
    assert mission["status"] == "RUNNING"
    assert mission["started_at"].endswith("Z")
    assert [mission[name] for name in ("phase", "last_seq", "last_message_at", "finished_at")] == [None] * 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": "Pluto"}, ["Pluto", "Koppai"]),
        ({"target": "Hocotate"}, ["Hocotate", "Koppai"]),
        ({"report_freq_min": 0}, ["report_freq_min", "1 to 1440"]),
        ({"report_freq_min": -5}, ["-5", "1 to 1440"]),
        ({"report_freq_min": HUGE}, ["1 to 1440"]),
        ({"report_freq_min": "often"}, ["report_freq_min", "often"]),
        ({"report_freq_min": 1.5}, ["report_freq_min", "1.5"]),
        ({"report_freq_min": True}, ["report_freq_min"]),
        ({"report_freq_min": None}, ["report_freq_min"]),
        ({"ship_name": ""}, ["ship_name", "64"]),
        ({"ship_name": "x" * 100_000}, ["ship_name", "64"]),
        ({"ship_name": "SS\x00"}, ["ship_name", "control"]),
        ({"ship_name": {"a": ["x" * 5000]}}, ["ship_name"]),
        ({"captain": "\ud800"}, ["captain"]),
        ({"captain": 7}, ["captain", "7"]),
        ({"speed": 9}, ["speed"]),
    ],
)
def test_a_wrong_value_is_refused_with_the_remedy(ship: Client, change: dict[str, Any], words: list[str]) -> None:
    assert_refused(post(ship, MISSIONS, BODY | change), 422, *words)
    assert not Mission.objects.exists()


@pytest.mark.parametrize("field", BODY)
def test_a_missing_value_is_named(ship: Client, field: str) -> None:
    body = {name: value for name, value in BODY.items() if name != field}

    assert_refused(post(ship, MISSIONS, body), 422, f"{field} is missing")


@pytest.mark.parametrize("body", ["", "{", "[]", "7", "null", b"\xff\xfe", '{"ship_name": NaN}'])
def test_a_body_that_is_no_mission_is_refused(ship: Client, body: str | bytes) -> None:
    response = post(ship, MISSIONS, body)

    assert response.status_code in (400, 422)
    assert isinstance(response.json()["detail"], str)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer made-up", "Basic YTpi", "Bearer \xff\xfe"])
def test_a_write_without_an_accepted_token_is_refused(db: None, header: str | None) -> None:
    client = Client(headers={"authorization": header}) if header is not None else Client()

    response = post(client, MISSIONS, BODY)

    assert_refused(response, 401, "create_ship_token")
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert not Mission.objects.exists()


def test_a_revoked_token_is_refused(ship: Client, token: ShipToken) -> None:
    services.token_revoke(token=token)

    assert_refused(post(ship, MISSIONS, BODY), 401, "revoked")


def test_an_idempotency_key_makes_sending_again_safe(ship: Client) -> None:
    key = {"Idempotency-Key": "9c1e"}
    first = post(ship, MISSIONS, BODY, **key)

    assert post(ship, MISSIONS, BODY, **key).json() == first.json()
    assert_refused(post(ship, MISSIONS, BODY | {"captain": "Louie"}, **key), 422, "Idempotency-Key", "captain")
    assert Mission.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x01"])
def test_an_idempotency_key_that_cannot_be_kept_is_refused(ship: Client, key: str) -> None:
    assert_refused(post(ship, MISSIONS, BODY, **{"Idempotency-Key": key}), 422, "Idempotency-Key")


def test_a_ship_ends_its_mission_once(ship: Client, register: Register) -> None:
    path = f"{MISSIONS}/{register().mission_id}/complete"

    ended = post(ship, path, {"status": "SUCCESS", "last_seq": 349})
    again = post(ship, path, {"status": "FAILURE"})

    assert (ended.status_code, ended.json()["status"]) == (200, "SUCCESS")
    assert ended.json()["finished_at"] is not None
    assert_refused(again, 409, "SUCCESS")
    assert again.json()["mission_status"] == "SUCCESS"
    assert again.json()["type"] == "urn:hocotate:problem:mission-ended"
    assert Mission.objects.get().final_seq == 349


def test_an_ending_whose_answer_was_lost_is_answered_again_and_changes_nothing(
    ship: Client, register: Register
) -> None:
    path = f"{MISSIONS}/{register().mission_id}/complete"
    post(ship, path, {"status": "SUCCESS", "last_seq": 349})
    before = Mission.objects.values().get()

    again = post(ship, path, {"status": "SUCCESS", "last_seq": 12})

    assert (again.status_code, again.json()["status"]) == (200, "SUCCESS")
    assert Mission.objects.values().get() == before


@pytest.mark.parametrize(
    "body",
    [
        {"status": "BANANA"},
        {"status": "RUNNING"},
        {"status": None},
        {},
        {"status": "SUCCESS", "last_seq": -1},
        {"status": "SUCCESS", "last_seq": HUGE},
        {"status": "SUCCESS", "last_seq": "last"},
    ],
)
def test_a_wrong_outcome_is_refused_and_changes_nothing(ship: Client, register: Register, body: dict[str, Any]) -> None:
    mission = register()

    assert_refused(post(ship, f"{MISSIONS}/{mission.mission_id}/complete", body), 422)

    mission.refresh_from_db()
    assert mission.status == MissionStatus.RUNNING


def test_a_mission_of_another_token_is_not_touched(ship: Client, register: Register) -> None:
    other, _secret = services.token_create(name="other fleet")
    mission = register(token=other)

    assert_refused(post(ship, f"{MISSIONS}/{mission.mission_id}/complete", {"status": "SUCCESS"}), 403, "test fleet")


@pytest.mark.parametrize(("number", "status"), [("404404", 404), ("0", 422), ("-1", 422), ("x", 422), (str(HUGE), 422)])
def test_an_unknown_mission_is_refused(ship: Client, number: str, status: int) -> None:
    assert_refused(ship.get(f"{MISSIONS}/{number}"), status)
    assert_refused(post(ship, f"{MISSIONS}/{number}/complete", {"status": "SUCCESS"}), status)


def test_the_list_pages_through_all_missions_newest_first(client: Client, register: Register) -> None:
    ids = [register().mission_id for _ in range(7)]
    seen: list[int] = []
    after: int | None = 2**62

    while after is not None:
        page = client.get(MISSIONS, {"limit": 3, "after": after}).json()
        seen += [mission["mission_id"] for mission in page["missions"]]
        register()  # A newer mission does not shift the pages.
        after = page["next"]

    assert seen == ids[::-1]


def test_the_list_can_be_narrowed_to_a_status(client: Client, register: Register, token: ShipToken) -> None:
    running, ended = register(), register()
    services.mission_complete(mission_id=ended.mission_id, outcome=MissionStatus.FAILURE, token=token)

    def listed(status: str) -> list[int]:
        return [mission["mission_id"] for mission in client.get(MISSIONS, {"status": status}).json()["missions"]]

    assert (listed("RUNNING"), listed("FAILURE"), listed("SUCCESS")) == ([running.mission_id], [ended.mission_id], [])


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 201},
        {"limit": "x"},
        {"after": 0},
        {"after": HUGE},
        {"status": "x"},
        {"status": "\x00"},
        {"ship": "a\x00"},
        {"ship": "x" * 65},
        {"started_from": "yesterday"},
        {"started_to": "2026-11-25T08:00:00"},
        {"started_to": "1795000000"},
        {"finished_to": "0043-10-27T22:22:01-20:17"},
        {"q": "x" * 201},
    ],
)
def test_a_wrong_question_is_refused(client: Client, db: None, query: dict[str, Any]) -> None:
    assert_refused(client.get(MISSIONS, query), 422, next(iter(query)))


def test_a_time_in_a_far_zone_is_understood(client: Client, register: Register) -> None:
    register()

    # PostgreSQL itself takes zones of less than 16 hours only.
    assert len(client.get(MISSIONS, {"started_from": "2026-01-01T00:00:00-17:08"}).json()["missions"]) == 1


def test_the_planets_are_the_contract_s(client: Client) -> None:
    planets = client.get("/api/v1/planets").json()["planets"]

    assert [(p["name"], p["band"], p["x"], p["y"], p["z"]) for p in planets] == [
        (p.name, p.band.value, p.x, p.y, p.z) for p in PLANETS.values()
    ]


def test_a_lost_mission_says_so(client: Client, register: Register) -> None:
    mission = services.mission_end_as_lost(mission_id=register().mission_id)

    assert client.get(f"{MISSIONS}/{mission.mission_id}").json()["phase"] == Phase.LOST


def test_the_api_documents_itself_without_another_host(client: Client) -> None:
    page = client.get("/api/docs")
    paths = client.get("/api/openapi.json").json()["paths"]

    assert page.status_code == 200
    assert "//" not in page.content.decode().replace("<!DOCTYPE", "")
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert {
        "/api/v1/missions",
        "/api/v1/missions/bulk",
        "/api/v1/planets",
        "/api/v1/missions/{mission_id}/complete",
    } <= set(paths)

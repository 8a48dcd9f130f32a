"""Ships that enrol with a one-time secret, and fly with a token of their own."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from missions import services
from missions.exceptions import EnrolmentRefused, ShipInFlight
from missions.models import AuditEntry, Enrolment, Mission, ShipToken
from missions.tests.together import together
from ships_client.contracts import MissionStatus

ENROL = "/api/v1/ships/enrol"
MISSIONS = "/api/v1/missions"
SHIP = "ONION?!"


def body(ship_name: str = SHIP) -> dict[str, Any]:
    return {"ship_name": ship_name, "captain": "Olimar", "target": "Koppai", "report_freq_min": 5}


def post(client: Client, path: str, sent: Any, **headers: str) -> Any:
    return client.post(path, sent, content_type="application/json", headers=headers)


@pytest.fixture
def secret(db: None) -> str:
    """A one-time secret, as the command prints it."""
    out = io.StringIO()
    call_command("create_enrolment", SHIP, stdout=out, stderr=io.StringIO())
    return out.getvalue().strip()


@pytest.fixture
def onion(client: Client, secret: str) -> Client:
    """The ship, enrolled."""
    token = post(client, ENROL, {"secret": secret}).json()["token"]
    return Client(headers={"authorization": f"Bearer {token}"})


def test_a_secret_is_exchanged_for_the_ship_s_own_token_once(client: Client, secret: str) -> None:
    answer = post(client, ENROL, {"secret": secret})
    again = post(client, ENROL, {"secret": secret})

    assert answer.status_code == 201
    assert (answer.json()["ship_name"], answer.json()["scopes"]) == (SHIP, ["missions:write", "reports:write"])
    token = services.token_authenticate(answer.json()["token"])
    assert token.ship_name == SHIP
    assert (again.status_code, again["Content-Type"]) == (403, "application/problem+json")
    assert "was used at" in again.json()["detail"]
    assert "create_enrolment ONION?!" in again.json()["detail"]


def test_neither_secret_nor_token_is_kept(client: Client, secret: str) -> None:
    token = post(client, ENROL, {"secret": secret}).json()["token"]

    kept = json.dumps(
        [*Enrolment.objects.values(), *ShipToken.objects.values(), *AuditEntry.objects.values()], default=str
    )
    assert secret not in kept
    assert token not in kept


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "expired at"),
        ({"revoked_at": timezone.now()}, "was revoked at"),
        ({"sha256": "0" * 64}, "is unknown"),
    ],
)
def test_a_secret_that_does_not_hold_is_refused(client: Client, secret: str, change: Any, words: str) -> None:
    Enrolment.objects.update(**change)

    answer = post(client, ENROL, {"secret": secret})

    assert answer.status_code == 403
    assert words in answer.json()["detail"]
    assert not ShipToken.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_come_with_one_secret_one_gets_a_token(secret: str) -> None:
    def enrol(_number: int) -> str:
        try:
            return services.ship_enrol(secret=secret)[1]
        except EnrolmentRefused:
            return "refused"

    got = together(8, enrol)

    assert got.count("refused") == 7
    assert ShipToken.objects.count() == 1


def test_an_enrolled_ship_flies_under_its_own_name_only(onion: Client) -> None:
    other = post(onion, MISSIONS, body("SS_MOTH"))
    bulk = post(onion, f"{MISSIONS}/bulk", {"missions": [body("SS_MOTH")]})
    own = post(onion, MISSIONS, body())

    assert (other.status_code, other.json()["type"]) == (403, "urn:hocotate:problem:not-your-ship")
    assert "belongs to ship 'ONION?!'" in other.json()["detail"]
    assert bulk.status_code == 403
    assert own.status_code == 201


def test_an_enrolled_ship_flies_one_mission_at_a_time(onion: Client) -> None:
    first = post(onion, MISSIONS, body(), **{"Idempotency-Key": "1"}).json()

    again = post(onion, MISSIONS, body(), **{"Idempotency-Key": "1"})
    second = post(onion, MISSIONS, body(), **{"Idempotency-Key": "2"})
    bulk = post(onion, f"{MISSIONS}/bulk", {"missions": [{**body(), "idempotency_key": "3"}]})
    same = post(onion, f"{MISSIONS}/bulk", {"missions": [{**body(), "idempotency_key": "1"}]})

    assert again.json() == first
    assert same.json()["missions"][0]["mission_id"] == first["mission_id"]
    for refused in (second, bulk):
        assert (refused.status_code, refused.json()["mission_id"]) == (409, first["mission_id"])
        assert f"flies mission {first['mission_id']} to Koppai already" in refused.json()["detail"]
    assert post(onion, f"{MISSIONS}/{first['mission_id']}/complete", {"status": "SUCCESS"}).status_code == 200
    assert post(onion, MISSIONS, body(), **{"Idempotency-Key": "2"}).status_code == 201


def test_two_missions_of_one_enrolled_ship_in_one_call_are_refused(onion: Client) -> None:
    refused = post(onion, f"{MISSIONS}/bulk", {"missions": [body(), body()]})

    assert refused.status_code == 403
    assert "one" in refused.json()["detail"]
    assert not Mission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_registrations_at_once_one_flies(secret: str) -> None:
    token, _ = services.ship_enrol(secret=secret)

    def register(number: int) -> str:
        try:
            mission = services.mission_register(token=token, **body(), idempotency_key=f"key {number % 2}")
        except ShipInFlight:
            return "in flight"
        return str(mission.pk)

    said = together(12, register)

    assert Mission.objects.filter(status=MissionStatus.RUNNING.value).count() == 1
    assert set(said) == {"in flight", str(Mission.objects.get().pk)}


def test_a_fleet_s_token_flies_ships_of_any_name_as_before(ship: Client) -> None:
    answer = post(ship, f"{MISSIONS}/bulk", {"missions": [body(), body(), body("SS_MOTH")]})

    assert answer.status_code == 201
    assert Mission.objects.count() == 3


def test_an_invitation_can_be_taken_back(secret: str) -> None:
    services.enrolment_revoke(enrolment=Enrolment.objects.get())

    with pytest.raises(EnrolmentRefused, match="revoked"):
        services.ship_enrol(secret=secret)


@pytest.mark.parametrize(("arguments", "words"), [(["", ""], "empty"), (["A", "--hours", "0"], "1 to 720")])
def test_the_command_refuses_what_cannot_be(db: None, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("create_enrolment", *arguments[:1], *arguments[1:] if arguments[1] else [])

    assert not Enrolment.objects.exists()

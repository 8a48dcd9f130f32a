"""Every write leaves an entry that says who, what and what came of it."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from missions import audit_log
from missions.models import AuditEntry, Channel, Mission, Outcome, ShipToken
from missions.tasks import audit_log_prune
from missions.tests.people import signed_in

MISSIONS = "/api/v1/missions"
BODY = {"ship_name": "ONION?!", "captain": "Olimar", "target": "Koppai", "report_freq_min": 5}
Register = Callable[..., Mission]


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, body, content_type="application/json")


def entry() -> AuditEntry:
    """The only entry."""
    return AuditEntry.objects.get()


def test_a_registration_is_noted_with_token_mission_and_address(ship: Client, token: ShipToken) -> None:
    mission_id = post(ship, MISSIONS, BODY).json()["mission_id"]

    found = entry()
    assert (found.channel, found.who, found.token_id, found.user_id) == ("api", "test fleet", token.pk, None)
    assert (found.action, found.subject) == ("POST api/v1/missions", f"mission {mission_id} of ONION?!")
    assert (found.outcome, found.status, found.address) == ("done", 201, "127.0.0.1")
    assert timezone.now() - found.at < timedelta(minutes=1)


def test_thousands_in_one_call_are_one_entry(ship: Client) -> None:
    found = post(ship, f"{MISSIONS}/bulk", {"missions": [BODY] * 50}).json()["missions"]

    assert entry().subject == f"50 missions, {found[0]['mission_id']} to {found[-1]['mission_id']}"


def test_a_refused_write_is_noted_with_its_reason(ship: Client, register: Register) -> None:
    mission_id = register().mission_id

    post(ship, f"{MISSIONS}/{mission_id}/complete", {"status": "RUNNING"})

    found = entry()
    assert found.action == "POST api/v1/missions/<mission_id>/complete"
    assert found.subject == f"mission_id {mission_id}"
    assert (found.outcome, found.status) == ("refused", 422)
    assert "SUCCESS or FAILURE" in found.detail


def test_a_write_with_a_wrong_token_is_noted_without_it(db: None) -> None:
    post(Client(headers={"authorization": "Bearer hf_made-up"}), MISSIONS, BODY)

    found = entry()
    assert (found.who, found.outcome, found.status) == ("a token that is refused", "refused", 401)
    assert "hf_made-up" not in str(AuditEntry.objects.values().get())


@pytest.mark.parametrize("path", ["/register_mission", "/api/v1/nowhere/%00%ff"])
def test_the_original_s_writes_and_those_to_nowhere_are_noted(ship: Client, path: str) -> None:
    ship.post(path)

    assert (entry().who, entry().outcome) == ("test fleet", "refused")


@pytest.mark.parametrize("path", [MISSIONS, "/api/v1/ships", "/api/v1/planets", "/missions/"])
def test_reading_leaves_no_entry(ship: Client, path: str) -> None:
    assert ship.get(path).status_code == 200

    assert not AuditEntry.objects.exists()


def test_an_admin_s_action_is_noted_mission_by_mission(register: Register) -> None:
    operator, missions = signed_in("operator"), [register(), register()]
    ids = [mission.pk for mission in missions]

    operator.post("/admin/missions/mission/", {"action": "end_as_lost", "_selected_action": ids})
    operator.post("/admin/missions/mission/", {"action": "end_as_lost", "_selected_action": ids[:1]})

    found = list(AuditEntry.objects.order_by("id").values_list("channel", "who", "action", "outcome"))
    assert found == [
        ("admin", "operator", "end mission as lost", "done"),
        ("admin", "operator", "end mission as lost", "done"),
        ("admin", "operator", "end mission as lost", "refused"),
    ]
    assert {entry.subject for entry in AuditEntry.objects.all()} == {f"mission {pk} of SS_DOLPHIN" for pk in ids}


def test_an_admin_s_change_of_a_person_is_noted(db: None) -> None:
    administrator = signed_in("administrator")
    louie = User.objects.create_user("louie")

    administrator.post(f"/admin/auth/user/{louie.pk}/change/", {"username": "louie"})

    assert entry().action == "POST admin/auth/user/<path:object_id>/change/"
    assert (entry().who, entry().subject) == ("administrator", f"object_id {louie.pk}")


def test_signing_in_is_noted_well_or_not(client: Client, db: None) -> None:
    User.objects.create_user("olimar", password="onions and ships")

    client.post("/login/", {"username": "olimar", "password": "pikmin"})
    client.post("/login/", {"username": "olimar", "password": "onions and ships"})

    found = list(AuditEntry.objects.order_by("id").values_list("who", "action", "subject", "outcome"))
    assert found == [
        ("nobody", "sign in", "user olimar", "refused"),
        ("olimar", "sign in", "user olimar", "done"),
    ]
    assert "onions" not in str(list(AuditEntry.objects.values()))


def test_a_command_is_noted_with_the_machine_s_user(db: None) -> None:
    call_command("create_ship_token", "Olimar's fleet", stdout=io.StringIO(), stderr=io.StringIO())

    found = entry()
    assert (found.channel, found.who, found.action) == ("command", audit_log.operator(), "create_ship_token")
    assert "Olimar's fleet" in found.subject


def test_texts_that_the_table_cannot_hold_are_cut(db: None) -> None:
    made = audit_log.entry(
        channel=Channel.API,
        who="a\x00\ud800" * 200,
        action="x" * 300,
        outcome=Outcome.DONE,
        subject="",
        detail="y" * 999,
    )
    audit_log.record([made])

    found = entry()
    assert (len(found.who), len(found.action), len(found.detail)) == (150, 100, 500)


def test_entries_leave_after_their_days_and_no_others(db: None, settings: Settings, monkeypatch: Any) -> None:
    settings.AUDIT_LOG_DAYS = 30
    monkeypatch.setattr(audit_log, "PART", 3)
    now = timezone.now()
    made = [audit_log.entry(channel=Channel.API, who=f"{d}", action="x", outcome=Outcome.DONE) for d in range(60)]
    audit_log.record(made)
    for entry in AuditEntry.objects.all():
        AuditEntry.objects.filter(pk=entry.pk).update(at=now - timedelta(days=int(entry.who), minutes=1))

    audit_log_prune()

    assert sorted(int(entry.who) for entry in AuditEntry.objects.all()) == list(range(30))


def test_administrators_read_the_log_by_the_api_and_nobody_else(ship: Client) -> None:
    for _ in range(5):
        post(ship, MISSIONS, BODY)
    administrator, operator = signed_in("administrator"), signed_in("operator")

    seen: list[int] = []
    page = administrator.get("/api/v1/audit-log", {"limit": 2}).json()
    seen += [one["id"] for one in page["entries"]]
    while page["next"]:
        page = administrator.get("/api/v1/audit-log", {"limit": 2, "after": page["next"]}).json()
        seen += [one["id"] for one in page["entries"]]

    assert seen == list(AuditEntry.objects.values_list("pk", flat=True))
    assert administrator.get("/api/v1/audit-log", {"outcome": "refused"}).json()["entries"] == []
    assert operator.get("/api/v1/audit-log").status_code == 403
    assert ship.get("/api/v1/audit-log").status_code == 401
    assert Client().get("/api/v1/audit-log").json()["status"] == 401

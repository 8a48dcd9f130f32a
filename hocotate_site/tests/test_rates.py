"""Who asks too often waits; others do not, and neither does anybody while Valkey is away."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from pytest_django import Settings

from hocotate_site import rates as rates_module
from hocotate_site.rates import Rates, rates
from missions.models import AuditEntry, Mission
from missions.services import token_create

MISSIONS = "/api/v1/missions"
BODY = {"ship_name": "ONION?!", "captain": "Olimar", "target": "Koppai", "report_freq_min": 5}


@pytest.fixture(autouse=True)
def fresh(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, request: Any) -> Iterator[None]:
    """Counts of the test's own."""
    monkeypatch.setattr(rates_module, "PREFIX", f"test:{request.node.name}:{time.time_ns()}")
    rates.cache_clear()
    yield
    rates.cache_clear()


@pytest.fixture
def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ship() -> Client:
    return Client(headers={"authorization": f"Bearer {token_create(name='fleet')[1]}"})


def test_a_token_that_asks_too_often_is_told_how_long_to_wait(settings: Settings) -> None:
    settings.RATE_TOKEN = 3
    fleet, other = ship(), ship()

    answers = [fleet.post(MISSIONS, BODY, content_type="application/json") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429, 429]
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:hocotate:problem:too-many-requests"
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["Retry-After"] in refused.json()["detail"]
    assert Mission.objects.count() == AuditEntry.objects.count() == 3
    assert other.post(MISSIONS, BODY, content_type="application/json").status_code == 201


def test_the_original_s_endpoints_count_as_well_and_keep_their_form(settings: Settings) -> None:
    settings.RATE_TOKEN = 1
    fleet = ship()
    fleet.get(MISSIONS)

    refused = fleet.post("/register_mission")

    assert (refused.status_code, list(refused.json())) == (429, ["detail"])
    assert refused["Retry-After"]


def test_an_address_without_a_credential_reads_and_writes_within_its_own_limits(settings: Settings) -> None:
    settings.RATE_ADDRESS, settings.RATE_ADDRESS_WRITES = 6, 2
    here, there = Client(REMOTE_ADDR="10.0.0.1"), Client(REMOTE_ADDR="10.0.0.2")

    writes = [here.post(MISSIONS, BODY, content_type="application/json").status_code for _ in range(3)]
    reads = [here.get(MISSIONS).status_code for _ in range(4)]

    assert writes == [401, 401, 429]
    assert reads == [200, 200, 200, 429]
    assert there.get(MISSIONS).status_code == 200
    assert ship().get(MISSIONS, REMOTE_ADDR="10.0.0.1").status_code == 200


def test_a_signed_in_user_has_a_limit_of_his_own(settings: Settings, client: Client) -> None:
    settings.RATE_USER, settings.RATE_ADDRESS = 2, 1
    client.force_login(User.objects.create_user("olimar"))

    assert [client.get(MISSIONS).status_code for _ in range(3)] == [200, 200, 429]


def test_pages_are_not_counted(settings: Settings, client: Client) -> None:
    settings.RATE_ADDRESS = 1

    assert {client.get("/missions/").status_code for _ in range(5)} == {200}


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(settings: Settings, client: Client) -> None:
    settings.RATE_ADDRESS, settings.BEHIND_PROXY = 1, True

    def ask(forwarded: str) -> int:
        return client.get(MISSIONS, headers={"X-Forwarded-For": forwarded}).status_code

    assert [ask("1.2.3.4, 10.0.0.1"), ask("5.6.7.8, 10.0.0.1"), ask("10.0.0.1, 10.0.0.2")] == [200, 429, 200]


def test_a_limit_frees_itself(settings: Settings) -> None:
    counts, limit = Rates(settings.VALKEY_URL), RateLimitItemPerSecond(2)

    assert [counts.take(limit, "a") for _ in range(3)] == [0, 0, 1]
    deadline = time.monotonic() + 5
    while counts.take(limit, "a"):
        assert time.monotonic() < deadline


def test_processes_count_together(settings: Settings) -> None:
    one, other, limit = Rates(settings.VALKEY_URL), Rates(settings.VALKEY_URL), RateLimitItemPerMinute(2)

    assert [one.take(limit, "a"), other.take(limit, "a"), one.take(limit, "a") > 0] == [0, 0, True]


def test_while_valkey_is_away_a_process_counts_by_itself_and_nobody_waits(free_port: int) -> None:
    alone, limit = Rates(f"redis://127.0.0.1:{free_port}/0"), RateLimitItemPerMinute(2)
    began = time.monotonic()

    assert [alone.take(limit, "a"), alone.take(limit, "a"), alone.take(limit, "a") > 0] == [0, 0, True]
    assert time.monotonic() - began < 2


def test_after_wrong_passwords_no_other_is_tried(settings: Settings, client: Client) -> None:
    settings.SIGN_IN_TRIES = 3
    User.objects.create_user("olimar", password="onions and ships")
    wrong = {"username": "Olimar", "password": "pikmin"}
    right = {"username": "olimar", "password": "onions and ships"}

    tries = [client.post("/login/", wrong) for _ in range(4)]
    refused = client.post("/login/", right)

    assert [answer.status_code for answer in tries] == [200, 200, 200, 429]
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 300
    assert "no other is tried now" in refused.text
    assert client.post("/login/", right, REMOTE_ADDR="10.0.0.2").status_code == 302


def test_signing_in_well_forgets_wrong_passwords(settings: Settings, client: Client) -> None:
    settings.SIGN_IN_TRIES = 3
    User.objects.create_user("olimar", password="onions and ships")

    for _ in range(3):
        for _ in range(2):
            assert client.post("/login/", {"username": "olimar", "password": "pikmin"}).status_code == 200
        assert Client().post("/login/", {"username": "olimar", "password": "onions and ships"}).status_code == 302


def test_from_one_address_many_names_are_not_tried_either(settings: Settings, client: Client) -> None:
    settings.SIGN_IN_TRIES = 1

    codes = [client.post("/login/", {"username": f"n{n}", "password": "x"}).status_code for n in range(11)]

    assert codes == [200] * 10 + [429]


def test_people_sign_in_to_the_admin_by_the_same_door(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/login/?next=/admin/"
    client.force_login(User.objects.create_user("louie"))

    closed = client.get("/admin/", follow=True)

    assert closed.status_code == 403
    assert "louie is not staff" in closed.text

"""Reading missions and ships by the API: filters, search, pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hocotate_site.bounded import SearchTooBroad, bounded
from missions import services
from missions.models import Mission, ShipToken
from ships_client.contracts import MissionStatus

MISSIONS = "/api/v1/missions"
SHIPS = "/api/v1/ships"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)

Register = Callable[..., Mission]


@pytest.fixture
def flown(register: Register, token: ShipToken) -> dict[str, int]:
    """Missions by a letter: a and b ended, c and d fly; a day apart."""
    made = {
        "a": register(ship_name="ONION?!", captain="Olimar", target="Koppai"),
        "b": register(ship_name="SS_MOTH", captain="Louie", target="Karut"),
        "c": register(ship_name="ONION?!", captain="Alph", target="Maxima"),
        "d": register(ship_name="100%_TRUE", captain="Louie", target="Maxima"),
    }
    services.mission_complete(mission_id=made["a"].pk, outcome=MissionStatus.SUCCESS, token=token)
    services.mission_complete(mission_id=made["b"].pk, outcome=MissionStatus.FAILURE, token=token)
    for days, mission in enumerate(made.values()):
        begun = NOON + timedelta(days=days)
        Mission.objects.filter(pk=mission.pk).update(started_at=begun)
        Mission.objects.filter(pk=mission.pk, finished_at__isnull=False).update(finished_at=begun + timedelta(hours=2))
    return {letter: mission.pk for letter, mission in made.items()}


def listed(client: Client, flown: dict[str, int], **query: Any) -> str:
    """The letters of the missions that are listed, newest first."""
    letters = {pk: letter for letter, pk in flown.items()}
    answer = client.get(MISSIONS, query)
    assert answer.status_code == 200, answer.content
    return "".join(letters[mission["mission_id"]] for mission in answer.json()["missions"])


@pytest.mark.parametrize(
    ("query", "letters"),
    [
        ({}, "dcba"),
        ({"ship": "ONION?!"}, "ca"),
        ({"captain": "Louie", "target": "Maxima"}, "d"),
        ({"status": "RUNNING", "ship": "ONION?!"}, "c"),
        ({"started_from": "2026-11-26T12:00:00Z"}, "dcb"),
        ({"started_to": "2026-11-26T12:00:00Z"}, "a"),
        ({"started_from": "2026-11-26T13:00:00+01:00", "started_to": "2026-11-27T12:00:00Z"}, "b"),
        ({"finished_from": "2026-11-26T00:00:00Z"}, "b"),
        ({"finished_to": "2026-11-26T00:00:00Z"}, "a"),
        ({"q": "onion"}, "ca"),
        ({"q": "lou max"}, "d"),
        ({"q": "%"}, "d"),
        ({"q": "nobody"}, ""),
        ({"q": "  "}, "dcba"),
    ],
)
def test_missions_are_filtered(client: Client, flown: dict[str, int], query: dict[str, Any], letters: str) -> None:
    assert listed(client, flown, **query) == letters


def test_a_number_finds_its_mission(client: Client, flown: dict[str, int]) -> None:
    assert listed(client, flown, q=str(flown["b"])) == "b"


def test_filters_and_pages_go_together(client: Client, flown: dict[str, int]) -> None:
    first = client.get(f"{MISSIONS}?captain=Louie&limit=1").json()
    second = client.get(f"{MISSIONS}?captain=Louie&limit=1&after={first['next']}").json()

    assert [page["missions"][0]["mission_id"] for page in (first, second)] == [flown["d"], flown["b"]]
    assert second["next"] is None


def test_a_page_costs_the_same_number_of_queries_however_long(client: Client, register: Register) -> None:
    def queries(limit: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(MISSIONS, {"limit": limit})
            client.get(SHIPS, {"limit": limit})
        return len(seen)

    for number in range(20):
        register(ship_name=f"SHIP_{number}")

    assert queries(2) == queries(20)


def test_ships_are_listed_by_name_with_what_they_flew(client: Client, flown: dict[str, int]) -> None:
    ships = client.get(SHIPS).json()["ships"]

    assert {ship["ship_name"] for ship in ships} == {"ONION?!", "SS_MOTH", "100%_TRUE"}
    onion = next(ship for ship in ships if ship["ship_name"] == "ONION?!")
    assert [onion[name] for name in ("nb_missions", "nb_success", "nb_failure", "nb_running")] == [2, 1, 0, 1]
    assert (onion["last_mission_id"], onion["running"], onion["enrolled"]) == (flown["c"], flown["c"], False)
    assert onion["last_started_at"] == "2026-11-27T12:00:00Z"


def test_the_pages_of_ships_hold_each_once(client: Client, register: Register) -> None:
    names = {register(ship_name=f"SHIP_{number % 7}").ship_name for number in range(21)}
    seen: list[str] = []
    after: str | None = ""

    while after is not None:
        page = client.get(f"{SHIPS}?limit=3&after={after}").json()
        seen += [ship["ship_name"] for ship in page["ships"]]
        after = page["next"]

    assert sorted(seen) == sorted(names)


def test_one_ship_is_asked_for_by_its_name(client: Client, flown: dict[str, int]) -> None:
    _, secret = services.enrolment_create(ship_name="SS_NEW", made_by="test")
    services.ship_enrol(secret=secret)

    onion, new, none = (client.get(SHIPS, {"ship": name}).json()["ships"] for name in ("ONION?!", "SS_NEW", "NONE"))

    assert [ship["nb_missions"] for ship in onion] == [2]
    assert [(ship["nb_missions"], ship["enrolled"], ship["running"]) for ship in new] == [(0, True, None)]
    assert none == []


def test_a_search_that_takes_too_long_is_stopped_with_the_remedy(db: None) -> None:
    with pytest.raises(SearchTooBroad, match="narrow it"), bounded(0.05), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")


def test_bounds_within_each_other_end_each_by_itself(db: None) -> None:
    with bounded(30), connection.cursor() as cursor:
        with pytest.raises(SearchTooBroad), bounded(0.05):
            cursor.execute("SELECT pg_sleep(5)")
        cursor.execute("SELECT pg_sleep(0.1), current_setting('statement_timeout')")
        assert cursor.fetchone()[1] == "30s"
        with bounded(0.05):
            pass
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone()[0] == "30s"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone()[0] == "0"


def test_the_api_says_so_of_a_search_that_is_too_broad(
    client: Client, token: ShipToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO params.missions (ship_name, captain, target, report_freq_min, status, started_at, updated_at,"
            " registered_by_id) SELECT 'SHIP ' || n, 'Olimar', 'Koppai', 5, 'RUNNING', now(), now(), %s"
            " FROM generate_series(1, 50000) AS n",
            [token.pk],
        )
    monkeypatch.setattr("missions.api.bounded", lambda: bounded(0.001))

    answer = client.get(MISSIONS, {"q": "onion"})

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:hocotate:problem:search-too-broad")

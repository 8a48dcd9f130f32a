"""Registration of thousands of missions at once, on the real database."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hocotate_site import metrics
from missions import services
from missions.exceptions import InvalidMission, KeyReused
from missions.models import Mission, ShipToken
from missions.services import NewMission, Registered
from missions.tests.test_api import BODY, MISSIONS, assert_refused, post
from missions.tests.together import together
from ships_client.contracts import MissionStatus

Register = Callable[..., Mission]
BULK = f"{MISSIONS}/bulk"


def fleet(count: int, key: str | None = "k") -> list[NewMission]:
    """Missions of as many ships, each with a key of its own unless `key` is None."""
    return [NewMission(f"SHIP_{n}", "Olimar", "Koppai", 5, None if key is None else f"{key}-{n}") for n in range(count)]


def entries(count: int) -> list[dict[str, Any]]:
    """The same as the API takes them."""
    return [BODY | {"ship_name": f"SHIP_{n}", "idempotency_key": f"k-{n}"} for n in range(count)]


def ids(missions: list[Registered]) -> list[int]:
    return [mission.mission_id for mission in missions]


def test_missions_are_registered_at_once_in_their_order(token: ShipToken) -> None:
    missions = services.missions_register(token=token, missions=fleet(3) + fleet(3, key=None))

    names = dict(Mission.objects.values_list("mission_id", "ship_name"))
    assert [names[number] for number in ids(missions)] == ["SHIP_0", "SHIP_1", "SHIP_2"] * 2
    assert len(set(ids(missions))) == 6


def test_a_thousand_missions_take_a_handful_of_statements(
    token: ShipToken, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(8):
        services.missions_register(token=token, missions=fleet(1000) + fleet(100, key=None))

    assert Mission.objects.count() == 1100


def test_missions_registered_again_are_the_same_and_the_new_among_them_are_added(
    token: ShipToken, register: Register
) -> None:
    alone = register(ship_name="SHIP_1", idempotency_key="k-1")
    first = services.missions_register(token=token, missions=fleet(3))
    again = services.missions_register(token=token, missions=fleet(5)[::-1])

    assert first[1].mission_id == alone.mission_id
    assert ids(again)[::-1][:3] == ids(first)
    assert Mission.objects.count() == 5
    assert register(ship_name="SHIP_4", idempotency_key="k-4").mission_id == again[0].mission_id


def test_keys_of_another_token_are_other_keys(token: ShipToken) -> None:
    other, _secret = services.token_create(name="other fleet")

    both = [services.missions_register(token=whose, missions=fleet(2)) for whose in (token, other)]

    assert len({number for missions in both for number in ids(missions)}) == 4


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (NewMission("SHIP", "Olimar", "Pluto", 5), InvalidMission, r"missions\[2\]: .*Pluto"),
        (NewMission("SHIP", "Olimar", "Koppai", 5, "k-1"), InvalidMission, r"missions\[2\] has .* missions\[1\]"),
        (NewMission("SHIP", "Olimar", "Koppai", 5, "taken"), KeyReused, r"missions\[2\]: .*ship_name"),
    ],
)
def test_one_mission_that_cannot_be_keeps_all_from_being_registered(
    token: ShipToken, register: Register, wrong: NewMission, error: type[Exception], words: str
) -> None:
    taken = register(idempotency_key="taken")

    with pytest.raises(error, match=words):
        services.missions_register(token=token, missions=[*fleet(2), wrong])

    assert Mission.objects.get() == taken


@pytest.mark.django_db(transaction=True)
def test_the_same_missions_asked_for_at_once_in_any_order_are_one_set(token: ShipToken) -> None:
    counted = metrics.MISSIONS_REGISTERED._value.get()

    def ask(number: int) -> dict[str, int]:
        asked = fleet(300)
        random.Random(number).shuffle(asked)
        answered = services.missions_register(token=token, missions=asked)
        return {new.ship_name: mission.mission_id for new, mission in zip(asked, answered, strict=True)}

    said = together(12, ask, threads=4)

    assert said == [dict(Mission.objects.values_list("ship_name", "mission_id"))] * 12
    assert len(said[0]) == 300
    assert metrics.MISSIONS_REGISTERED._value.get() - counted == 300


@pytest.mark.django_db(transaction=True)
def test_single_and_bulk_registrations_of_the_same_keys_meet_in_one_set(token: ShipToken, register: Register) -> None:
    asked = fleet(40)

    def ask(number: int) -> set[int]:
        if number % 2:
            return set(ids(services.missions_register(token=token, missions=asked[::-1])))
        return {register(ship_name=new.ship_name, idempotency_key=new.idempotency_key).mission_id for new in asked}

    said = together(8, ask, threads=4)

    assert said == [set(Mission.objects.values_list("mission_id", flat=True))] * 8
    assert len(said[0]) == 40


def test_a_fleet_registers_in_one_call_and_again_with_the_same_answer(ship: Client) -> None:
    response = post(ship, BULK, {"missions": entries(3)})

    assert response.status_code == 201
    missions = response.json()["missions"]
    assert [mission["ship_name"] for mission in missions] == ["SHIP_0", "SHIP_1", "SHIP_2"]
    for mission in missions:
        registered = ship.get(f"{MISSIONS}/{mission['mission_id']}").json()
        assert mission == {name: registered[name] for name in ("mission_id", "ship_name", "status", "started_at")}
    assert post(ship, BULK, {"missions": entries(3)}).json() == response.json()


def test_the_answer_to_a_repeated_call_has_the_missions_as_they_stand(ship: Client, token: ShipToken) -> None:
    number = post(ship, BULK, {"missions": entries(1)}).json()["missions"][0]["mission_id"]
    services.mission_complete(mission_id=number, outcome=MissionStatus.SUCCESS, token=token)

    assert post(ship, BULK, {"missions": entries(1)}).json()["missions"][0]["status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": "Pluto"}, ["missions[1]", "Pluto", "Koppai"]),
        ({"report_freq_min": "often"}, ["missions[1].report_freq_min", "often"]),
        ({"captain": "\ud800"}, ["missions[1]", "captain"]),
        ({"speed": 9}, ["missions[1].speed"]),
        ({"idempotency_key": "x" * 201}, ["missions[1]", "Idempotency-Key", "200"]),
        ({"idempotency_key": "k-0"}, ["missions[1]", "idempotency_key", "missions[0]"]),
    ],
)
def test_a_wrong_value_among_many_is_refused_with_its_place(
    ship: Client, change: dict[str, Any], words: list[str]
) -> None:
    asked = entries(3)
    asked[1] |= change

    assert_refused(post(ship, BULK, {"missions": asked}), 422, *words)
    assert not Mission.objects.exists()


def test_many_wrong_values_are_counted_and_not_all_told(ship: Client) -> None:
    asked = [entry | {"report_freq_min": "x" * 1000} for entry in entries(2000)]

    assert_refused(post(ship, BULK, {"missions": asked}), 422, "missions[0].report_freq_min", "1,997 more")


@pytest.mark.parametrize("body", [{}, {"missions": []}, {"missions": None}, {"missions": {}}, {"missions": [7]}])
def test_a_body_that_is_no_fleet_is_refused(ship: Client, body: Any) -> None:
    assert_refused(post(ship, BULK, body), 422, "missions")


def test_a_call_without_a_token_registers_nothing(db: None) -> None:
    assert_refused(post(Client(), BULK, {"missions": entries(2)}), 401, "create_ship_token")
    assert not Mission.objects.exists()


def test_ten_thousand_missions_with_the_longest_names_fit_one_call_and_one_more_does_not(ship: Client) -> None:
    longest = BODY | {"ship_name": "x" * 64, "captain": "y" * 64, "report_freq_min": 1440}
    asked = [longest | {"idempotency_key": f"{n:0200d}"} for n in range(10_000)]

    assert_refused(post(ship, BULK, {"missions": [*asked, BODY]}), 422, "missions", "10000")
    assert post(ship, BULK, {"missions": asked}).status_code == 201
    assert Mission.objects.count() == 10_000


def test_a_body_beyond_all_bounds_is_refused_unread(ship: Client) -> None:
    assert_refused(post(ship, BULK, b"x" * (9 * 2**20)), 413, "8 MiB", "several calls")

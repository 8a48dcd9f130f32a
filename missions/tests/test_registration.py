"""Registration of missions, on the real database."""

from collections.abc import Callable

import pytest

from missions import services
from missions.exceptions import InvalidMission, KeyReused
from missions.models import Mission
from missions.tests.together import together
from ships_client.contracts import MissionStatus

Register = Callable[..., Mission]


def test_a_registered_mission_runs_and_has_told_nothing_yet(register: Register) -> None:
    mission = Mission.objects.get(mission_id=register(ship_name="ONION?!").mission_id)

    assert (mission.ship_name, mission.status) == ("ONION?!", MissionStatus.RUNNING)
    assert (mission.phase, mission.last_seq, mission.last_message_at, mission.finished_at) == (None,) * 4


@pytest.mark.parametrize(
    "wrong",
    [{"ship_name": ""}, {"captain": "x" * 65}, {"target": "Hocotate"}, {"report_freq_min": 0}, {"idempotency_key": ""}],
)
def test_a_mission_that_cannot_be_is_not_registered(register: Register, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidMission):
        register(**wrong)

    assert not Mission.objects.exists()


def test_the_same_key_and_values_are_one_mission(register: Register) -> None:
    first, again = register(idempotency_key="k"), register(idempotency_key="k")

    assert first.mission_id == again.mission_id
    assert Mission.objects.count() == 1


def test_the_same_key_with_another_value_is_refused_with_its_name(register: Register) -> None:
    register(idempotency_key="k")

    with pytest.raises(KeyReused, match="captain"):
        register(idempotency_key="k", captain="Louie")


def test_a_key_of_another_token_is_another_key(register: Register) -> None:
    other, _secret = services.token_create(name="other fleet")

    assert register(idempotency_key="k").mission_id != register(idempotency_key="k", token=other).mission_id


@pytest.mark.django_db(transaction=True)
def test_a_thousand_registrations_at_once_are_a_thousand_missions(register: Register) -> None:
    missions = together(1000, lambda number: register(ship_name=f"SHIP_{number}"))

    assert len({mission.mission_id for mission in missions}) == 1000
    assert set(Mission.objects.values_list("ship_name", flat=True)) == {f"SHIP_{n}" for n in range(1000)}


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_many_times_at_once_is_one_mission(register: Register) -> None:
    missions = together(40, lambda _number: register(idempotency_key="k"))

    assert len({mission.mission_id for mission in missions}) == 1
    assert Mission.objects.count() == 1

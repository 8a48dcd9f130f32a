"""Writes of the registry, on the real database."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from missions import services
from missions.exceptions import (
    MissionEnded,
    MissionNotFound,
    NotYourMission,
    TokenRefused,
)
from missions.models import Mission, ShipToken
from missions.tests.together import together
from ships_client.contracts import MissionStatus, Phase

Register = Callable[..., Mission]


@pytest.mark.parametrize("outcome", [MissionStatus.SUCCESS, MissionStatus.FAILURE])
def test_a_mission_ends_with_its_outcome(register: Register, token: ShipToken, outcome: MissionStatus) -> None:
    mission_id = register().mission_id

    services.mission_complete(mission_id=mission_id, outcome=outcome, token=token, last_seq=349)

    mission = Mission.objects.get(mission_id=mission_id)
    assert (mission.status, mission.final_seq) == (outcome, 349)
    assert mission.finished_at is not None
    assert mission.finished_at >= mission.started_at


def test_an_ended_mission_keeps_its_outcome_and_time(register: Register, token: ShipToken) -> None:
    mission_id = register().mission_id
    services.mission_complete(mission_id=mission_id, outcome=MissionStatus.SUCCESS, token=token)
    before = Mission.objects.filter(mission_id=mission_id).values().get()

    with pytest.raises(MissionEnded) as refusal:
        services.mission_complete(mission_id=mission_id, outcome=MissionStatus.FAILURE, token=token)

    assert refusal.value.status == MissionStatus.SUCCESS
    assert Mission.objects.filter(mission_id=mission_id).values().get() == before


@pytest.mark.django_db(transaction=True)
def test_of_many_endings_at_once_exactly_one_counts(register: Register, token: ShipToken) -> None:
    mission_id = register().mission_id

    def end(number: int) -> str:
        outcome = (MissionStatus.SUCCESS, MissionStatus.FAILURE)[number % 2]
        try:
            return services.mission_complete(
                mission_id=mission_id, outcome=outcome, token=token, last_seq=number
            ).status
        except MissionEnded as refusal:
            return f"ended {refusal.status}"

    said = Counter(together(40, end))

    status = Mission.objects.get(mission_id=mission_id).status
    assert said == {status: 1, f"ended {status}": 39}


def test_a_mission_is_ended_only_by_the_token_that_registered_it(register: Register) -> None:
    mission_id = register().mission_id
    other, _secret = services.token_create(name="pirates")

    with pytest.raises(NotYourMission, match="pirates"):
        services.mission_complete(mission_id=mission_id, outcome=MissionStatus.SUCCESS, token=other)

    assert Mission.objects.get(mission_id=mission_id).status == MissionStatus.RUNNING


def test_an_unknown_mission_cannot_end(token: ShipToken) -> None:
    with pytest.raises(MissionNotFound, match="404404"):
        services.mission_complete(mission_id=404404, outcome=MissionStatus.SUCCESS, token=token)


def test_a_mission_ended_as_lost_has_failed_and_is_lost(register: Register) -> None:
    mission = services.mission_end_as_lost(mission_id=register().mission_id)

    assert (mission.status, mission.phase) == (MissionStatus.FAILURE, Phase.LOST)


def test_only_the_hash_of_a_token_is_kept(token: ShipToken, credential: tuple[ShipToken, str]) -> None:
    _token, secret = credential

    assert services.token_authenticate(secret) == token
    assert secret not in "".join(str(value) for value in ShipToken.objects.values_list().get())


def test_a_revoked_token_is_refused_and_stays_so(credential: tuple[ShipToken, str]) -> None:
    token, secret = credential
    services.token_revoke(token=token)
    services.token_add(name="again", secret=secret)

    with pytest.raises(TokenRefused, match="revoked"):
        services.token_authenticate(secret)


def test_an_unknown_token_is_refused_with_the_remedy(db: None) -> None:
    with pytest.raises(TokenRefused, match="create_ship_token"):
        services.token_authenticate("made up")


@pytest.mark.parametrize(
    "change",
    [
        {"status": "BANANA"},
        {"status": "SUCCESS"},
        {"phase": "ORBIT"},
        {"report_freq_min": 0},
        {"finished_at": "2026-11-25T08:00:00Z"},
    ],
)
def test_the_database_itself_refuses_a_mission_that_cannot_be(register: Register, change: dict[str, object]) -> None:
    mission_id = register().mission_id

    with pytest.raises(IntegrityError), transaction.atomic():
        Mission.objects.filter(mission_id=mission_id).update(**change)

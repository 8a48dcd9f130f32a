"""Reads of the registry that other apps rely on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from missions import selectors, services
from missions.exceptions import MissionNotFound
from missions.models import Mission, ShipToken
from ships_client.contracts import MissionStatus

Register = Callable[..., Mission]


def test_a_mission_is_found_by_its_number(register: Register) -> None:
    mission = register()

    assert selectors.mission_get(mission.mission_id) == mission
    with pytest.raises(MissionNotFound, match=str(10**30)):
        selectors.mission_get(10**30)


def test_running_missions_leave_out_the_ended(register: Register, token: ShipToken) -> None:
    running, ended = register(), register()
    services.mission_complete(mission_id=ended.mission_id, outcome=MissionStatus.SUCCESS, token=token)

    assert [names.mission_id for names in selectors.missions_running()] == [running.mission_id]


def test_names_are_given_for_the_missions_that_exist(register: Register) -> None:
    one, two = register(ship_name="ONION?!"), register()

    names = selectors.missions_by_ids([two.mission_id, one.mission_id, one.mission_id, 10**17])

    assert set(names) == {one.mission_id, two.mission_id}
    assert (names[one.mission_id].ship_name, names[one.mission_id].status) == ("ONION?!", MissionStatus.RUNNING)
    assert selectors.missions_by_ids([]) == {}


def test_recently_ended_missions_are_those_since_a_time(register: Register) -> None:
    before = timezone.now()
    register()
    lost = services.mission_end_as_lost(mission_id=register().mission_id)
    assert lost.finished_at is not None

    assert [names.mission_id for names in selectors.missions_recently_ended(before)] == [lost.mission_id]
    assert selectors.missions_recently_ended(lost.finished_at + timedelta(microseconds=1)) == []


def test_every_status_is_counted(register: Register) -> None:
    register()
    services.mission_end_as_lost(mission_id=register().mission_id)

    assert selectors.missions_count() == {
        MissionStatus.RUNNING: 1,
        MissionStatus.SUCCESS: 0,
        MissionStatus.FAILURE: 1,
    }

"""What a mission may be and how it may move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions import rules
from missions.exceptions import InvalidMission, MissionEnded
from ships_client.contracts import CAPTAINS, SHIPS, TARGETS, MissionStatus, Phase

outcomes = st.sampled_from([MissionStatus.SUCCESS, MissionStatus.FAILURE])
phases = st.none() | st.sampled_from(Phase)


@pytest.mark.parametrize("name", [*SHIPS, *CAPTAINS])
def test_the_fleets_own_names_are_accepted(name: str) -> None:
    rules.check_name("ship_name", name)


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\x00b", "a\nb", " a", "a\x7f", "a\u202eb"])
def test_a_name_that_telemetry_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(InvalidMission, match=r"captain .*\."):
        rules.check_name("captain", name)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_is_accepted(target: str) -> None:
    rules.check_target(target)


@pytest.mark.parametrize("target", ["Hocotate", "Pluto", "", "koppai", "x" * 10_000])
def test_what_is_no_target_is_refused_with_the_targets(target: str) -> None:
    with pytest.raises(InvalidMission, match="PNF-404") as refusal:
        rules.check_target(target)

    assert len(str(refusal.value)) < 500


@pytest.mark.parametrize("minutes", [-1, 0, 1441, 10**30, 10**4000])
def test_an_interval_out_of_range_is_refused(minutes: int) -> None:
    with pytest.raises(InvalidMission, match="1 to 1440") as refusal:
        rules.check_interval(minutes)

    assert len(str(refusal.value)) < 200


@given(outcomes)
def test_a_running_mission_takes_its_outcome(outcome: MissionStatus) -> None:
    assert rules.end(7, MissionStatus.RUNNING, outcome) is outcome


@given(outcomes, outcomes)
def test_an_ended_mission_stays_ended(status: MissionStatus, outcome: MissionStatus) -> None:
    with pytest.raises(MissionEnded) as refusal:
        rules.end(7, status, outcome)

    assert refusal.value.status == status


@given(st.sampled_from(MissionStatus))
def test_no_mission_ends_as_running(status: MissionStatus) -> None:
    with pytest.raises(InvalidMission):
        rules.end(7, status, MissionStatus.RUNNING)


@given(phases, st.lists(phases))
def test_phases_never_move_back_in_whatever_order_they_are_told(start: Phase | None, told: list[Phase | None]) -> None:
    rank = {None: -1} | {phase: place for place, phase in enumerate(rules.PHASE_ORDER)}
    phase = start
    for reported in told:
        before, phase = phase, rules.furthest(phase, reported)
        assert rank[phase] >= rank[before]
        assert before is not Phase.HOME or phase is Phase.HOME


@given(phases)
def test_a_failed_mission_is_lost_unless_its_ship_is_home(phase: Phase | None) -> None:
    ended = rules.phase_at_end(phase, MissionStatus.FAILURE)

    assert ended is (Phase.HOME if phase is Phase.HOME else Phase.LOST)
    assert rules.phase_at_end(phase, MissionStatus.SUCCESS) is phase

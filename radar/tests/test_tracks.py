"""The fleet's state: never back in time, honest about silence, and it forgets."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from radar.honesty import Link
from radar.tests.factories import EPOCH, message, mission, ms
from radar.tracks import KEEP_MS, Fleet, Mission, Verdict
from ships_client.contracts import Component, MissionStatus, Phase, ShipStatus


def fleet_of(*missions: Mission) -> Fleet:
    fleet = Fleet()
    fleet.learn(missions or [mission()])
    return fleet


def texts(fleet: Fleet) -> list[str]:
    return [told.text for _number, told in fleet.events]


@given(order=st.permutations(range(8)), again=st.lists(st.integers(0, 7), max_size=8))
def test_messages_in_any_order_and_repeated_leave_the_newest(order: list[int], again: list[int]) -> None:
    fleet = fleet_of()

    for seq in (*order, *again):
        fleet.apply(message(seq), ms(seq))

    assert fleet.tracks.values["SS_DOLPHIN"].last.seq == 7


def test_a_repeated_or_older_message_is_old_and_changes_nothing() -> None:
    fleet = fleet_of()
    fleet.apply(message(5), ms(5))
    version = fleet.tracks.close()

    assert fleet.apply(message(5), ms(6)) is Verdict.OLD
    assert fleet.apply(message(4), ms(6)) is Verdict.OLD
    delta = fleet.tracks.since(version)
    assert delta is not None
    assert not delta.put


def test_messages_without_seq_are_ordered_by_their_time() -> None:
    fleet = fleet_of()
    fleet.apply(message(None, at=EPOCH + timedelta(seconds=2)), ms(2))

    assert fleet.apply(message(None, at=EPOCH + timedelta(seconds=1)), ms(3)) is Verdict.OLD
    assert fleet.apply(message(None, at=EPOCH + timedelta(seconds=3)), ms(3)) is Verdict.APPLIED


def test_the_next_mission_of_a_ship_takes_its_place_and_the_one_before_does_not_come_back() -> None:
    first, second = mission(1), mission(2)
    fleet = fleet_of(first, second)
    fleet.apply(message(100, of=first), ms(100))

    assert fleet.apply(message(0, of=second), ms(101)) is Verdict.APPLIED
    assert fleet.apply(message(101, of=first), ms(102)) is Verdict.OLD
    assert fleet.tracks.values["SS_DOLPHIN"].mission is second


@pytest.mark.parametrize("stray", [mission(99), mission(1445, ship="SS_IMPOSTOR")])
def test_a_message_of_a_mission_that_is_not_the_ships_is_unknown(stray: Mission) -> None:
    fleet = fleet_of()

    assert fleet.apply(message(0, of=stray), ms(0)) is Verdict.UNKNOWN
    assert not fleet.tracks.values


def test_a_ship_was_seen_when_it_spoke_and_never_later_than_the_broker_heard_it() -> None:
    fleet = fleet_of(mission(1, "SLOW"), mission(2, "AHEAD"))
    fleet.apply(message(0, of=mission(1, "SLOW")), ms(40))
    fleet.apply(message(0, of=mission(2, "AHEAD"), at=EPOCH + timedelta(seconds=90)), ms(40))

    assert fleet.tracks.values["SLOW"].seen == ms(0)
    assert fleet.tracks.values["AHEAD"].seen == ms(40)


def test_silence_turns_a_ship_late_then_lost_and_a_message_brings_it_back() -> None:
    fleet = fleet_of()
    fleet.apply(message(1), ms(1))
    for second in (1, 5, 7, 61, 62):
        fleet.tick(ms(second))
    fleet.apply(message(70), ms(70))
    fleet.tick(ms(70))

    assert texts(fleet) == [
        "is late, no message for 5 s",
        "lost signal 2 M km from Hocotate",
        "is back after 69 s without a message",
    ]
    assert fleet.links() == {Link.LIVE: 1, Link.LATE: 0, Link.LOST: 0, Link.ENDED: 0}


def test_a_whole_fleet_that_falls_silent_is_told_in_one_sentence() -> None:
    missions = [mission(number, f"SHIP_{number}") for number in range(1, 8)]
    fleet = fleet_of(*missions)
    for flown in missions:
        fleet.apply(message(1, of=flown), ms(1))
    fleet.tick(ms(1))
    fleet.tick(ms(8))

    assert texts(fleet) == ["7 ships are late, no message for 5 s"]


def test_a_repair_is_told_from_its_start_to_its_end() -> None:
    fleet = fleet_of()
    fleet.apply(message(0), ms(0))
    for seq in (1, 2, 3):
        fleet.apply(message(seq, status=ShipStatus.REPAIR, fault=Component.ENGINE), ms(seq))
        assert fleet.tracks.values["SS_DOLPHIN"].repair_ticks == seq
    fleet.apply(message(4), ms(4))

    assert texts(fleet) == [
        "left for Koppai, mission 1445",
        "stopped for repair: engine pressure 588 kPa",
        "resumed, mended after 3 s",
    ]
    assert fleet.tracks.values["SS_DOLPHIN"].repair_ticks == 0


def test_the_way_out_and_back_is_told_and_an_ended_mission_stays_ended() -> None:
    fleet = fleet_of()
    fleet.apply(message(1), ms(1))
    fleet.apply(message(2, phase=Phase.ON_PLANET), ms(2))
    fleet.apply(message(3, phase=Phase.RETURNING), ms(3))
    fleet.apply(message(4, phase=Phase.HOME, outcome=MissionStatus.SUCCESS), ms(4))

    assert fleet.apply(message(5, phase=Phase.OUTBOUND), ms(5)) is Verdict.OLD
    assert texts(fleet) == ["reached Koppai", "left Koppai for Hocotate", "ended mission 1445 well"]
    assert fleet.tracks.values["SS_DOLPHIN"].outcome is MissionStatus.SUCCESS


def test_a_loss_names_the_way_it_happened_on() -> None:
    fleet = fleet_of()
    fleet.apply(message(1, phase=Phase.RETURNING), ms(1))
    fleet.apply(message(2, phase=Phase.LOST, status=ShipStatus.FAILURE, outcome=MissionStatus.FAILURE), ms(2))

    assert texts(fleet) == ["lost on the way home; mission 1445 failed"]


def test_a_mission_that_the_registry_ended_is_ended_though_its_last_message_never_came() -> None:
    fleet = fleet_of()
    fleet.apply(message(1), ms(1))
    fleet.learn([replace(mission(), status=MissionStatus.FAILURE, ended=ms(9))])

    track = fleet.tracks.values["SS_DOLPHIN"]
    assert (track.outcome, track.ended) == (MissionStatus.FAILURE, ms(9))
    assert fleet.apply(message(2), ms(10)) is Verdict.OLD
    assert texts(fleet) == ["is lost; mission 1445 failed"]


@pytest.mark.parametrize("outcome", list(KEEP_MS))
def test_an_ended_mission_is_forgotten_after_its_time_and_does_not_come_back(outcome: MissionStatus) -> None:
    fleet = fleet_of()
    fleet.apply(message(1, outcome=outcome), ms(1))
    fleet.learn([replace(mission(), status=outcome, ended=ms(1))])

    fleet.tick(ms(1) + KEEP_MS[outcome])
    assert "SS_DOLPHIN" in fleet.tracks.values
    fleet.tick(ms(2) + KEEP_MS[outcome])
    assert not fleet.tracks.values
    assert fleet.apply(message(2), ms(3) + KEEP_MS[outcome]) is not Verdict.APPLIED


def test_pace_is_measured_so_that_a_faster_demo_arrives_in_time() -> None:
    fleet = fleet_of()
    for tick in range(100):
        at = EPOCH + timedelta(seconds=tick / 20)
        fleet.apply(message(tick, at=at), ms(tick / 20))

    assert fleet.tracks.values["SS_DOLPHIN"].pace.ticks_per_s == pytest.approx(20)


def test_history_keeps_three_minutes_of_one_mission_a_moment_a_second() -> None:
    fleet = fleet_of(mission(1), mission(2))
    for seq in range(400):
        fleet.apply(message(seq, of=mission(1)), ms(seq))
    rows = fleet.history("SS_DOLPHIN")
    assert len(rows) == 181
    assert (rows[0][0], rows[-1][0]) == (ms(219), ms(399))

    fleet.apply(message(0, of=mission(2), at=EPOCH + timedelta(seconds=400)), ms(400))
    assert len(fleet.history("SS_DOLPHIN")) == 1
    assert fleet.history("NOBODY") == []


def test_events_of_the_past_are_told_in_the_order_in_which_they_happened() -> None:
    early, late = mission(1, "EARLY"), mission(2, "LATE")
    fleet = Fleet(settled=False)
    fleet.learn([early, late])
    fleet.apply(message(0, of=late, at=EPOCH + timedelta(seconds=9)), ms(9))
    fleet.apply(message(0, of=early, at=EPOCH), ms(0))
    assert not fleet.events

    fleet.settle()
    fleet.settle()

    assert [told.ship for _number, told in fleet.events] == ["EARLY", "LATE"]
    fleet.apply(message(1, of=early, phase=Phase.ON_PLANET), ms(1))
    assert len(fleet.events) == 3

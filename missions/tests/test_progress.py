"""What telemetry says of missions, recorded in batches."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from missions import rules, services
from missions.models import Mission
from missions.services import Progress, missions_record_progress
from ships_client.contracts import MissionStatus, Phase

START = datetime(2026, 11, 25, 8, tzinfo=UTC)


def told(mission: Mission, second: int, phase: Phase | None = Phase.OUTBOUND, seq: int | None = None) -> Progress:
    """What a message says that a ship sent so many seconds after START."""
    return Progress(mission.mission_id, phase, second if seq is None else seq, START + timedelta(seconds=second))


def test_a_batch_moves_each_mission_to_its_newest(register: Callable[..., Mission]) -> None:
    one, two = register(), register()

    moved = missions_record_progress([told(one, 5), told(two, 9, Phase.RETURNING), told(one, 7, Phase.ON_PLANET)])

    one.refresh_from_db()
    two.refresh_from_db()
    assert moved == 2
    assert (one.phase, one.last_seq, one.last_message_at) == (Phase.ON_PLANET, 7, START + timedelta(seconds=7))
    assert (two.phase, two.last_seq, two.last_message_at) == (Phase.RETURNING, 9, START + timedelta(seconds=9))


def test_what_was_told_before_moves_nothing(register: Callable[..., Mission]) -> None:
    mission = register()
    missions_record_progress([told(mission, 9, Phase.RETURNING)])
    before = Mission.objects.values().get()

    assert missions_record_progress([told(mission, 9, Phase.RETURNING), told(mission, 3)]) == 0
    assert Mission.objects.values().get() == before


def test_a_message_without_phase_and_seq_leaves_them(register: Callable[..., Mission]) -> None:
    mission = register()
    missions_record_progress([told(mission, 9, Phase.RETURNING)])

    missions_record_progress([Progress(mission.mission_id, None, None, START + timedelta(minutes=1))])

    mission.refresh_from_db()
    assert (mission.phase, mission.last_seq) == (Phase.RETURNING, 9)
    assert mission.last_message_at == START + timedelta(minutes=1)


def test_an_ended_mission_learns_of_late_messages_and_stays_ended(register: Callable[..., Mission]) -> None:
    mission = services.mission_end_as_lost(mission_id=register().mission_id)

    missions_record_progress([told(mission, 4, Phase.RETURNING)])

    mission.refresh_from_db()
    assert (mission.status, mission.phase, mission.last_seq) == (MissionStatus.FAILURE, Phase.LOST, 4)


def test_unknown_missions_and_empty_batches_are_passed_over(db: None) -> None:
    assert missions_record_progress([]) == 0
    assert missions_record_progress([Progress(10**18 - 1, Phase.HOME, 1, START)]) == 0


@pytest.mark.django_db
class TestAnyOrder(TestCase):
    """The statement follows the pure rule, however messages are batched."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.lists(st.tuples(st.none() | st.sampled_from(Phase), st.none() | st.integers(0, 2**53 - 1)))))
    def test_the_statement_does_what_the_rule_says(self, batches: list[list[tuple[Phase | None, int | None]]]) -> None:
        token, _secret = services.token_create(name="test fleet")
        mission = services.mission_register(
            token=token, ship_name="SS_MOTH", captain="Louie", target="Ohri", report_freq_min=1
        )
        phase: Phase | None = None
        seqs: list[int] = []
        for batch in batches:
            missions_record_progress([Progress(mission.mission_id, p, seq, START) for p, seq in batch])
            highest = max((p for p, _seq in batch if p), key=rules.PHASE_ORDER.index, default=None)
            phase = rules.furthest(phase, highest)
            seqs += [seq for _p, seq in batch if seq is not None]

        mission.refresh_from_db()
        assert mission.phase == phase
        assert mission.last_seq == max(seqs, default=None)

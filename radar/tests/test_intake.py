"""Intake: every message ends in exactly one count."""

from hypothesis import given
from hypothesis import strategies as st

from radar.intake import ABSENT_MS, HELD, Intake, Reading
from radar.tests.factories import message, mission, ms
from radar.tracks import Fleet

UNREGISTERED = mission(99, "SS_GHOST")


def reading(seq: int, of: object = None) -> Reading:
    return Reading(message(seq, of=of), ms(seq))  # type: ignore[arg-type]  # a mission or none


def test_messages_of_a_mission_that_nobody_asked_about_wait_for_the_registry() -> None:
    fleet = Fleet()
    intake = Intake(fleet)
    intake.take([reading(0), reading(1)], ms(1))
    assert (intake.wanted, intake.counts.waiting) == ({1445}, 2)
    assert not fleet.tracks.values

    intake.answer({1445}, [mission()], ms(2))

    assert fleet.tracks.values["SS_DOLPHIN"].last.seq == 1
    assert (intake.wanted, intake.counts.waiting, intake.counts.unknown) == (set(), 0, 0)


def test_messages_of_no_mission_are_counted_and_the_registry_is_not_asked_at_each() -> None:
    intake = Intake(Fleet())
    intake.take([reading(0, UNREGISTERED)], ms(0))
    intake.answer({99}, [], ms(0))

    intake.take([reading(1, UNREGISTERED)], ms(1))
    assert (intake.wanted, intake.counts.unknown) == (set(), 2)

    intake.take([reading(2, UNREGISTERED)], ms(0) + ABSENT_MS + 1)
    assert intake.wanted == {99}


@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("take"), st.integers(0, 9), st.sampled_from([1445, 99])),
            st.tuples(st.just("answer"), st.just(0), st.just(0)),
            st.tuples(st.just("refuse"), st.integers(1, 3), st.just(0)),
        ),
        max_size=60,
    )
)
def test_counts_add_up_to_all_messages(steps: list[tuple[str, int, int]]) -> None:
    fleet = Fleet()
    intake = Intake(fleet)
    applied = 0
    for step, number, mission_id in steps:
        before = fleet.tracks.version
        if step == "take":
            intake.take([reading(number, mission() if mission_id == 1445 else UNREGISTERED)], ms(0))
        elif step == "answer":
            intake.answer(intake.wanted, [mission()], ms(0))
        else:
            intake.refuse(number)
        assert fleet.tracks.version == before
    counts = intake.counts
    applied = counts.messages - counts.invalid - counts.unknown - counts.old - counts.waiting
    assert 0 <= applied <= 10
    assert (applied > 0) == ("SS_DOLPHIN" in fleet.tracks.values)


def test_a_mission_that_waits_long_keeps_its_newest_messages() -> None:
    fleet = Fleet()
    intake = Intake(fleet)
    intake.take([reading(seq) for seq in range(HELD + 5)], ms(0))
    assert (intake.counts.waiting, intake.counts.old) == (HELD, 5)

    intake.answer({1445}, [mission()], ms(0))

    assert fleet.tracks.values["SS_DOLPHIN"].last.seq == HELD + 4

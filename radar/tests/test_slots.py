"""Numbers of ships, and names that are told once."""

from msgspec.structs import replace

from radar.slots import Slots
from radar.tests.factories import EPOCH_MS, message, mission
from radar.tracks import Pace, Track


def track(ship: str = "SS_DOLPHIN", pace: float = 1.0) -> Track:
    flown = mission(ship=ship)
    return Track(flown, message(of=flown), at=EPOCH_MS, seen=EPOCH_MS, pace=Pace(pace, None, 0))


def test_a_slot_that_is_free_again_is_the_next_to_be_taken() -> None:
    slots = Slots()
    assert [slots.of(ship) for ship in ("A", "B", "C", "B")] == [0, 1, 2, 1]

    assert (slots.release("B"), slots.release("B"), slots.release("A")) == (1, None, 0)

    assert [slots.of(ship) for ship in ("D", "E", "F", "C")] == [0, 1, 3, 2]


def test_names_are_told_once_and_again_when_they_change() -> None:
    slots = Slots()
    slot = slots.of("SS_DOLPHIN")

    assert slots.news(slot, track()) is not None
    assert slots.news(slot, track()) is None
    assert slots.news(slot, replace(track(), ended=EPOCH_MS)) is not None


def test_a_pace_that_trembles_is_not_told_anew() -> None:
    slots = Slots()
    slot = slots.of("SS_DOLPHIN")
    slots.news(slot, track(pace=20.0))

    assert slots.news(slot, track(pace=20.3)) is None
    assert slots.facts(slot, track(pace=19.7)).pace == 20.0
    news = slots.news(slot, track(pace=21.0))
    assert news is not None
    assert news.pace == 21.0

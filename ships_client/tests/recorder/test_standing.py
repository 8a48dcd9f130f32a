import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ships_client.contracts import MissionStatus
from ships_client.recorder import Acknowledged, Closed, Ended, Note, Reported, Standing, Tally

SUCCESS, FAILURE = MissionStatus.SUCCESS, MissionStatus.FAILURE


def standing_after(sample, *notes: Note) -> Standing:
    standing = Standing(sample.header)
    for note in notes:
        standing.apply(note)
    return standing


def test_a_flight_goes_from_boarded_to_closed(sample) -> None:
    standing = standing_after(sample, sample.boarded(3, launch_turn=10))
    flight = standing.flights[3]
    assert (flight.ship, flight.mission_id, flight.launch_turn, flight.needed_turn) == ("SS_MOTH", 103, 10, 10)
    standing.apply(Reported(3, 1, 120, 20, landed=False))
    standing.apply(Ended(3, SUCCESS, 200, 210))
    assert (flight.reports, flight.items, flight.needed_turn, flight.outcome) == (1, 20, 131, SUCCESS)
    standing.apply(Reported(3, 2, 200, 20, landed=True))
    assert (flight.items, flight.needed_turn, flight.landed) == (40, None, True)
    standing.apply(Acknowledged(210))
    standing.apply(Closed(3, SUCCESS))
    assert (standing.flights, standing.closed, standing.flown) == ({}, {}, {3: 1})
    assert standing.totals == Tally(missions=1, success=1, failure=0, reports=2, items=40)


def test_a_closed_flight_is_known_until_its_last_message_is_acknowledged(sample) -> None:
    standing = standing_after(sample, sample.boarded(1), Ended(1, FAILURE, 5, 5), Closed(1, FAILURE), Acknowledged(4))
    assert list(standing.closed) == [1]
    standing.apply(Acknowledged(5))
    assert (standing.closed, standing.totals.failure) == ({}, 1)


def test_acknowledgements_never_go_back(sample) -> None:
    assert standing_after(sample, Acknowledged(9), Acknowledged(4)).acknowledged_turn == 9


def test_the_first_turn_still_needed_by_a_report_is_that_of_the_slowest_flight(sample) -> None:
    standing = standing_after(sample, sample.boarded(1, 0), sample.boarded(2, 7), Reported(1, 1, 20, 20, landed=False))
    assert standing.first_unreported_turn() == 7
    standing.apply(Reported(2, 1, 20, 20, landed=False))
    assert standing.first_unreported_turn() == 21
    for number in (1, 2):
        standing.apply(Ended(number, SUCCESS, 20, 27))
    assert standing.first_unreported_turn() is None


def test_a_note_about_a_flight_that_isnt_open_is_refused(sample) -> None:
    standing = standing_after(sample, sample.boarded(1))
    standing.check([Ended(1, SUCCESS, 1, 1), sample.boarded(2), Closed(2, SUCCESS), Acknowledged(1)])
    with pytest.raises(KeyError, match="flight 4 isn't open"):
        standing.check([Ended(4, SUCCESS, 1, 1)])


numbers, turns = st.integers(0, 3), st.integers(0, 100)
outcomes = st.sampled_from([SUCCESS, FAILURE])
notes = st.one_of(
    st.builds(lambda sample_number, turn: (sample_number, turn), numbers, turns),
    st.builds(Ended, numbers, outcomes, turns, turns),
    st.builds(Reported, numbers, st.integers(1, 9), turns, st.integers(0, 20), st.booleans()),
    st.builds(Closed, numbers, outcomes),
    st.builds(Acknowledged, turns),
)


@given(noted=st.lists(notes, max_size=30), cut=st.integers(0, 30))
def test_a_standing_goes_on_from_a_checkpoint_as_if_there_had_been_none(sample, noted, cut: int) -> None:
    noted = [sample.boarded(*note) if isinstance(note, tuple) else note for note in noted]
    whole, resumed = Standing(sample.header), Standing(sample.header)
    for index, note in enumerate(noted):
        if index == cut:
            resumed = msgspec.msgpack.decode(msgspec.msgpack.encode(resumed), type=Standing)
        try:
            whole.check([note])
        except KeyError:
            continue
        for standing in (whole, resumed):
            standing.apply(msgspec.msgpack.decode(msgspec.msgpack.encode(note), type=Note))
    assert resumed == whole

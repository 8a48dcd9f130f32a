from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ships_client.contracts import MissionStatus
from ships_client.exceptions import NothingToResume, RecorderBusy, RecorderError, RecorderFull
from ships_client.recorder import Acknowledged, Closed, Ended, Recorder, Reported

SMALL = 4096
"""Bytes of a segment: a few turns of a few ships."""
ROOMY = 2**20


def test_a_closed_flight_is_resumed_where_it_was(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header) as recorder:
        assert (recorder.last_turn, recorder.synced_turn, recorder.last_timestamp_us) == (-1, -1, 0)
        recorder.note(sample.boarded(1), sample.boarded(5), sample.boarded(9))
        sample.fly(recorder, 4, [1, 5, 9])
        recorder.note(Acknowledged(2), Reported(5, 1, 3, 20, landed=True))
        sample.check(recorder, range(4), [1, 5, 9])
        standing = recorder.standing
    with Recorder.resume(folder) as recorder:
        assert (recorder.last_turn, recorder.synced_turn, recorder.last_timestamp_us) == (3, 3, 3000)
        assert recorder.standing == standing
        assert recorder.standing.header == sample.header
        sample.check(recorder, range(4), [1, 5, 9])
        sample.fly(recorder, 2, [1, 9])
        sample.check(recorder, [4, 5], [1, 9])


def test_a_log_goes_on_over_many_segments_and_resumes(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header, segment_bytes=SMALL) as recorder:
        for turn in range(0, 100, 10):
            recorder.note(sample.boarded(turn, turn))
            sample.fly(recorder, 10, [2, 3, 4])
        standing = recorder.standing
        sample.check(recorder, range(100), [2, 3, 4])
        assert recorder.size_bytes == sum(file.stat().st_size for file in sample.files(folder)[:-1]) + (
            recorder._log.segments[-1].size
        )
    assert len(sample.files(folder)) > 5
    assert all(file.stat().st_size < 2 * SMALL for file in sample.files(folder))
    with Recorder.resume(folder) as recorder:
        assert recorder.standing == standing
        sample.check(recorder, range(100), [2, 3, 4])


def test_a_turn_far_back_is_read_from_the_disk(folder: Path, sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ships_client.recorder.tail.Tail.get", lambda tail, number: None)
    with Recorder.create(folder, sample.header, segment_bytes=SMALL) as recorder:
        sample.fly(recorder, 50, [3, 8])
        sample.check(recorder, range(50), [3, 8])
        for absent in (-1, 50):
            with pytest.raises(RecorderError, match=f"Turn {absent} isn't in the flight recorder"):
                recorder.turn(absent)


def test_a_turn_without_ships_counts(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header) as recorder:
        sample.fly(recorder, 2, [])
    with Recorder.resume(folder) as recorder:
        assert len(recorder.turn(1).rows) == 0
        assert recorder.last_turn == 1


def test_a_clock_that_jumps_back_is_recorded_as_it_is(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header) as recorder:
        for timestamp_us in (5_000, -4_000, 6_000):
            recorder.append(timestamp_us, *sample.turn(0, [1])[1:])
        assert [recorder.turn(turn).timestamp_us for turn in range(3)] == [5_000, -4_000, 6_000]
        assert recorder.stretch(1, 0, 2)[0].tolist() == [5_000, -4_000, 6_000]


def test_what_was_appended_cant_be_changed(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header) as recorder:
        sample.fly(recorder, 1, [1])
        with pytest.raises(ValueError, match="read-only"):
            recorder.turn(0).rows["tick"] = 5


def test_turns_are_on_the_disk_within_about_a_second(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header) as recorder:
        sample.fly(recorder, 3, [1])
        waiting = Event()
        for _ in range(100):
            if recorder.synced_turn == 2:
                break
            waiting.wait(0.05)
        assert recorder.synced_turn == 2


def test_a_note_about_an_unknown_flight_isnt_written(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header) as recorder:
        size = recorder.size_bytes
        with pytest.raises(KeyError, match="flight 4 isn't open"):
            recorder.note(Acknowledged(3), Closed(4, MissionStatus.SUCCESS))
        assert (recorder.size_bytes, recorder.standing.acknowledged_turn) == (size, -1)


def test_thousands_of_notes_go_in_one_call(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header) as recorder:
        recorder.note(*(sample.boarded(number) for number in range(3000)))
    with Recorder.resume(folder) as recorder:
        assert len(recorder.standing.flights) == 3000


def test_an_unfinished_flight_isnt_begun_anew(folder: Path, sample) -> None:
    Recorder.create(folder, sample.header).close()
    with pytest.raises(RecorderBusy, match=r"go on with it by --resume, or remove the folder"):
        Recorder.create(folder, sample.header)
    Recorder.resume(folder).close()


@pytest.mark.parametrize("made", [True, False])
def test_where_there_is_no_flight_there_is_nothing_to_resume(folder: Path, made: bool) -> None:
    if made:
        folder.mkdir(parents=True)
    with pytest.raises(NothingToResume, match=r"no flight to resume in .*recorder; start one without --resume"):
        Recorder.resume(folder)


def test_a_finished_log_leaves_nothing(folder: Path, sample) -> None:
    recorder = Recorder.create(folder, sample.header, segment_bytes=SMALL)
    sample.fly(recorder, 50, [1, 2])
    recorder.finish()
    assert not folder.exists()
    Recorder.create(folder, sample.header).finish()


def test_a_closed_recorder_takes_nothing(folder: Path, sample) -> None:
    recorder = Recorder.create(folder, sample.header)
    recorder.close()
    recorder.close()
    with pytest.raises(RecorderError, match="is closed; resume it first"):
        sample.fly(recorder, 1, [1])


def test_a_full_log_says_so_before_and_takes_notes_still(folder: Path, sample) -> None:
    recorder = Recorder.create(folder, sample.header, limit_bytes=40_000)
    recorder.note(sample.boarded(1))
    while not recorder.nearly_full:
        sample.fly(recorder, 1, range(10))
    sample.fly(recorder, 1, range(10))
    with pytest.raises(
        RecorderFull, match=r"has reached its limit of .* or raise --recorder-limit, then go on with --resume"
    ):
        sample.fly(recorder, 100, range(10))
    assert recorder.size_bytes <= 40_000
    full = recorder.last_turn
    recorder.note(Acknowledged(full), Reported(1, 1, full, 20, landed=False))
    sample.fly(recorder, 1, range(10))
    assert not recorder.nearly_full
    recorder.close()
    with Recorder.resume(folder) as recorder:
        assert recorder.last_turn == full + 1


def test_only_what_telemetry_and_reports_have_passed_is_trimmed(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header, segment_bytes=SMALL) as recorder:
        recorder.note(sample.boarded(1), sample.boarded(2))
        sample.fly(recorder, 100, [1, 2])
        files = len(sample.files(folder))
        recorder.trim()
        recorder.note(Acknowledged(99))
        recorder.trim()
        recorder.note(Reported(1, 1, 99, 20, landed=False), Reported(2, 1, 39, 20, landed=False))
        assert len(sample.files(folder)) == files
        recorder.trim()
        assert 1 < len(sample.files(folder)) < files
        sample.check(recorder, range(40, 100), [1, 2])
        assert len(recorder.stretch(2, 40, 99)[1]) == 60
    with Recorder.resume(folder) as recorder:
        sample.check(recorder, range(40, 100), [1, 2])
        recorder.note(Ended(2, MissionStatus.FAILURE, 39, 39))
        recorder.trim()
        sample.check(recorder, [99], [1, 2])
        with pytest.raises(RecorderError, match="Turn 40 isn't in"):
            recorder.turn(40)


def test_the_last_turn_is_never_trimmed(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header, segment_bytes=1) as recorder:
        sample.fly(recorder, 5, [1])
        recorder.note(Acknowledged(4))
        recorder.trim()
        assert len(sample.files(folder)) == 1
    with Recorder.resume(folder) as recorder:
        sample.check(recorder, [4], [1])


def test_a_trim_broken_off_after_its_deletion_goes_on(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header, segment_bytes=SMALL) as recorder:
        sample.fly(recorder, 100, [1, 2])
        recorder.note(Acknowledged(99))
        sample.files(folder)[0].unlink()
        recorder.trim()
        assert len(sample.files(folder)) == 1
        sample.check(recorder, [99], [1, 2])


@st.composite
def populations(draw):
    """Who is aloft, turn by turn: flights board in the order of their numbers and end in any."""
    aloft: list[int] = []
    number = draw(st.integers(0, 10))
    turns = []
    for boards, ends in draw(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 100)), min_size=1, max_size=8)):
        aloft = sorted(aloft[ends // 3 : len(aloft) - ends // 3] + [number + 2 * i for i in range(boards)])
        number += 2 * boards
        turns.append(list(aloft))
    return turns


@settings(deadline=None, max_examples=60)
@given(turns=populations(), data=st.data())
def test_a_stretch_is_the_same_flight_out_of_each_turn(tmp_path_factory, sample, turns, data: st.DataObject) -> None:
    with Recorder.create(tmp_path_factory.mktemp("log"), sample.header, segment_bytes=ROOMY // 20) as recorder:
        for turn, aloft in enumerate(turns):
            recorder.append(*sample.turn(turn, aloft))
        flown = sorted({number for aloft in turns for number in aloft} | {-1, 1, 10**9})
        first, last = sorted(data.draw(st.tuples(st.integers(-1, 9), st.integers(-1, 9))))
        for number in flown[:3] + flown[-5:] + data.draw(st.lists(st.sampled_from(flown), max_size=20)):
            times, rows = recorder.stretch(number, first, last)
            expected = [turn for turn in range(max(first, 0), last + 1) if turn < len(turns) and number in turns[turn]]
            assert times.tolist() == [1000 * turn for turn in expected]
            alone = [sample.turn(turn, [number])[2] for turn in expected]
            np.testing.assert_array_equal(rows, np.concatenate([sample.turn(0, [])[2], *alone]))


def test_stretches_are_read_while_turns_are_appended_and_trimmed(folder: Path, sample) -> None:
    aloft = list(range(0, 400, 2))
    done = Event()

    def report(number: int) -> int:
        reported = 0
        while not done.is_set():
            last = recorder.last_turn
            times, rows = recorder.stretch(number, reported, last)
            assert times.tolist() == [1000 * turn for turn in range(reported, last + 1)]
            assert rows["tick"].tolist() == list(range(reported, last + 1))
            assert (rows["malfunctions"] == number % 1000).all()
            if last > reported:
                recorder.note(Reported(number, 1, last, 20, landed=False))
                reported = last + 1
        return reported

    with Recorder.create(folder, sample.header, segment_bytes=SMALL * 20) as recorder:
        recorder.note(sample.boarded(100), sample.boarded(398))
        with ThreadPoolExecutor() as pool:
            reports = [pool.submit(report, number) for number in (100, 398)]
            try:
                for turn in range(300):
                    sample.fly(recorder, 1, aloft)
                    recorder.note(Acknowledged(turn))
                    recorder.trim()
            finally:
                done.set()
            assert all(report.result() > 0 for report in reports)
        recorder.trim()
        assert sample.files(folder)[0].stem != f"{0:020d}"

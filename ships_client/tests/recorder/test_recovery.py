import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ships_client.exceptions import NothingToResume, RecorderBusy, RecorderDamaged
from ships_client.recorder import Acknowledged, Header, Recorder
from ships_client.recorder.records import HEAD

SMALL = 1500
"""Bytes of a segment: its checkpoint, and a few turns of two ships."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory, sample) -> tuple[Path, list[int]]:
    """A log of three segments as kill -9 leaves one, not closed; where the last one's turns and notes end, in bytes."""
    folder = tmp_path_factory.mktemp("log")
    recorder = Recorder.create(folder, sample.header, segment_bytes=SMALL)
    recorder._syncer.stop()
    while len(sample.files(folder)) < 3:
        sample.fly(recorder, 1, [1, 4])
    ends = [recorder._log.segments[-1].size]
    for turn in range(3):
        recorder.note(Acknowledged(turn))
        ends.append(recorder._log.segments[-1].size)
        sample.fly(recorder, 1, [1, 4])
        ends.append(recorder._log.segments[-1].size)
    copy = tmp_path_factory.mktemp("copy") / "log"
    shutil.copytree(folder, copy)
    recorder.close()
    return copy, ends


@pytest.fixture
def closed(folder: Path, sample) -> Path:
    """A log of three turns of three ships, closed in order."""
    with Recorder.create(folder, sample.header) as recorder:
        sample.fly(recorder, 3, [1, 4, 6])
    return folder


def change(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 0x40
    file.write_bytes(content)


def check_cut(log: tuple[Path, list[int]], folder: Path, spoil: Callable[[Path], None], whole: int, sample) -> None:
    """Spoil a copy of the log whose last segment is whole up to byte `whole`: all up to there must be found, no more,
    and the log go on."""
    source, ends = log
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    last = sample.files(folder)[-1]
    spoil(last)
    left = sum(end <= whole for end in ends)
    last_turn = int(last.stem) - 1 + (left + 1) // 2
    with Recorder.resume(folder) as recorder:
        assert recorder.last_turn == last_turn
        assert recorder.last_timestamp_us == 1000 * last_turn
        assert recorder.standing.acknowledged_turn == left // 2 - 1
        assert recorder.size_bytes == sum(file.stat().st_size for file in sample.files(folder))
        sample.check(recorder, range(last_turn + 1), [1, 4])
        sample.fly(recorder, 2, [1, 4])
    with Recorder.resume(folder) as recorder:
        sample.check(recorder, range(last_turn + 3), [1, 4])


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_a_log_cut_anywhere_goes_on_from_its_last_whole_record(log, tmp_path_factory, sample, data) -> None:
    at = data.draw(st.integers(0, log[1][-1]), label="cut at")
    folder = tmp_path_factory.getbasetemp() / "cut"
    check_cut(log, folder, lambda file: file.write_bytes(file.read_bytes()[:at]), at, sample)


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_a_tail_that_became_zeros_is_cut(log, tmp_path_factory, sample, data) -> None:
    at = data.draw(st.integers(0, log[1][-1]), label="zeros from")
    more = data.draw(st.integers(0, 10_000), label="and more")
    folder = tmp_path_factory.getbasetemp() / "zeros"

    def spoil(file: Path) -> None:
        file.write_bytes(file.read_bytes()[:at] + bytes(log[1][-1] - at + more))

    # Zeros where zeros stood change nothing.
    gone = sample.files(log[0])[-1].read_bytes()[at : log[1][-1]]
    whole = log[1][-1] - len(gone.lstrip(b"\0"))
    check_cut(log, folder, spoil, whole, sample)


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_garbage_in_the_last_record_is_cut(log, tmp_path_factory, sample, data) -> None:
    at = data.draw(st.integers(log[1][-2], log[1][-1] - 1), label="changed at")
    check_cut(log, tmp_path_factory.getbasetemp() / "garbage", lambda file: change(file, at), at, sample)


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_what_was_never_synced_may_be_wrong_in_the_middle(log, tmp_path_factory, sample, data) -> None:
    """A machine that stops writes its last second in any order; the records of `log` after the checkpoint are of it."""
    at = data.draw(st.integers(log[1][0], log[1][-1] - 1), label="changed at")
    check_cut(log, tmp_path_factory.getbasetemp() / "unsynced", lambda file: change(file, at), at, sample)


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_damage_before_the_end_is_told(tmp_path_factory, sample, data) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    with Recorder.create(folder, sample.header) as recorder:
        sample.fly(recorder, 3, [1, 4, 6])
    (file,) = sample.files(folder)
    size = file.stat().st_size
    change(file, data.draw(st.integers(0, size - HEAD.size - 1), label="changed at"))
    before = file.read_bytes()
    with pytest.raises(RecorderDamaged, match=r"0\.log is damaged at byte \d+ .*put back a copy of it, or remove"):
        Recorder.resume(folder)
    assert file.read_bytes() == before


def test_damage_in_an_earlier_segment_is_told(log, tmp_path: Path, sample) -> None:
    folder = shutil.copytree(log[0], tmp_path / "log")
    change(sample.files(folder)[0], -1)
    with pytest.raises(RecorderDamaged, match=r"00\.log is damaged at byte \d+"):
        Recorder.resume(folder)


def test_a_missing_segment_is_told(log, tmp_path: Path, sample) -> None:
    folder = shutil.copytree(log[0], tmp_path / "log")
    sample.files(folder)[1].unlink()
    with pytest.raises(RecorderDamaged, match="a segment before it is missing"):
        Recorder.resume(folder)


def test_a_turn_that_is_damaged_while_it_is_needed_is_told(closed: Path, sample) -> None:
    with Recorder.resume(closed) as recorder:
        (file,) = sample.files(closed)
        offset = recorder._log.segments[0].where(1).offset
        content = file.read_bytes()
        with file.open("r+b") as spoiled:
            spoiled.seek(offset + HEAD.size + 60)
            spoiled.write(b"\xff" * 8)
        sample.check(recorder, [0, 2], [1, 4, 6])
        with pytest.raises(RecorderDamaged, match=rf"byte {offset} \(turn 1 isn't what was written\)"):
            recorder.turn(1)
        file.write_bytes(content)


def test_a_log_whose_first_checkpoint_is_torn_had_not_begun(closed: Path, sample) -> None:
    (file,) = sample.files(closed)
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(NothingToResume):
        Recorder.resume(closed)
    file.write_bytes(b"")
    Recorder.create(closed, sample.header).close()
    with pytest.raises(RecorderBusy):
        Recorder.create(closed, sample.header)


def test_a_new_flight_doesnt_take_the_place_of_a_damaged_one(closed: Path, sample) -> None:
    (file,) = sample.files(closed)
    change(file, 50)
    with pytest.raises(RecorderDamaged):
        Recorder.create(closed, sample.header)
    assert sample.files(closed) == [file]


def test_a_log_of_another_version_isnt_read(folder: Path) -> None:
    Recorder.create(folder, Header("b" * 32, 99, "2026-11-25T08:30:00Z", 7, {})).close()
    with pytest.raises(RecorderDamaged, match="format 99, this program reads 1; resume it with the version"):
        Recorder.resume(folder)

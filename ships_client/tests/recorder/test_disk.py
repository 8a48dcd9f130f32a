import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ships_client.exceptions import RecorderError, RecorderHeld
from ships_client.recorder import Recorder

as_root = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="mounts a file system of its own"
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        reason = f"may not mount here: {mounted.stderr.decode().strip()}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    yield disk
    subprocess.run(["umount", disk], check=True)


def fill(recorder: Recorder, sample) -> None:
    while True:
        sample.fly(recorder, 1, range(500))


@as_root
def test_a_full_disk_is_told_and_the_log_goes_on_once_there_is_room(small_disk: Path, sample) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(300_000))
    recorder = Recorder.create(small_disk / "log", sample.header)
    recorder.note(sample.boarded(1))
    for _ in range(2):
        with pytest.raises(RecorderError, match=r"No space left on device\); free some space there, then go on with"):
            fill(recorder, sample)
    last = recorder.last_turn
    assert last > 5
    recorder.close()
    with Recorder.resume(small_disk / "log") as recorder:
        assert recorder.last_turn == last
        sample.check(recorder, range(last + 1), range(500))
        with pytest.raises(RecorderError, match="No space left on device"):
            fill(recorder, sample)
        ballast.unlink()
        sample.fly(recorder, 2, range(500))
    with Recorder.resume(small_disk / "log") as recorder:
        sample.check(recorder, range(last + 3), range(500))


@as_root
def test_a_full_disk_at_a_new_segment_leaves_none(small_disk: Path, sample) -> None:
    recorder = Recorder.create(small_disk / "log", sample.header, segment_bytes=100_000)
    for _ in range(3):
        with pytest.raises(RecorderError, match="No space left on device"):
            fill(recorder, sample)
    last = recorder.last_turn
    recorder.close()
    with Recorder.resume(small_disk / "log") as recorder:
        assert recorder.last_turn == last
        sample.check(recorder, range(last + 1), range(500))


@as_root
def test_a_disk_that_became_read_only_is_told(small_disk: Path, sample) -> None:
    Recorder.create(small_disk / "log", sample.header).close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(RecorderError, match="Read-only file system"):
        Recorder.resume(small_disk / "log")
    with pytest.raises(RecorderError, match="Read-only file system"):
        Recorder.create(small_disk / "other", sample.header)


def test_the_limit_of_a_file_is_told_and_nothing_torn_is_left(folder: Path, sample) -> None:
    recorder = Recorder.create(folder, sample.header)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(RecorderError, match=r"File too large\); raise the limit of a file's size \(ulimit -f\)"):
            fill(recorder, sample)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    (file,) = sample.files(folder)
    assert file.stat().st_size == recorder.size_bytes
    last = recorder.last_turn
    sample.fly(recorder, 1, range(500))
    recorder.close()
    with Recorder.resume(folder) as recorder:
        sample.check(recorder, range(last + 2), range(500))


def test_what_cant_be_had_on_the_disk_is_told_at_the_next_append(folder: Path, sample) -> None:
    recorder = Recorder.create(folder, sample.header)
    sample.fly(recorder, 1, [1])
    reading, writing = os.pipe()
    # A pipe can't be synced: the file's descriptor fails from now on.
    os.dup2(writing, recorder._log.segments[-1].fd)
    recorder._syncer._thread.join(timeout=10)
    for _ in range(2):
        with pytest.raises(RecorderError, match=r"Invalid argument\); mend it"):
            sample.fly(recorder, 1, [1])
    recorder.close()
    os.close(reading)
    os.close(writing)
    with Recorder.resume(folder) as recorder:
        sample.check(recorder, [0], [1])


def test_what_cant_be_had_on_the_disk_is_told_at_the_end_if_not_before(folder: Path, sample) -> None:
    recorder = Recorder.create(folder, sample.header)
    sample.fly(recorder, 1, [1])
    reading, writing = os.pipe()
    os.dup2(writing, recorder._log.segments[-1].fd)
    with pytest.raises(RecorderError, match="Invalid argument"):
        recorder.close()
    os.close(reading)
    os.close(writing)
    Recorder.resume(folder).close()


def test_a_folder_is_held_by_one_recorder(folder: Path, sample) -> None:
    with Recorder.create(folder, sample.header):
        for take in (Recorder.resume, lambda path: Recorder.create(path, sample.header)):
            with pytest.raises(RecorderHeld, match="is in use by another process; end that one, or choose another"):
                take(folder)
    Recorder.resume(folder).close()


def test_a_folder_is_held_by_one_process(folder: Path, sample) -> None:
    resume = (
        f"from pathlib import Path; from ships_client.recorder import Recorder; Recorder.resume(Path({str(folder)!r}))"
    )

    def another() -> str:
        return subprocess.run([sys.executable, "-c", resume], capture_output=True, text=True, check=False).stderr

    with Recorder.create(folder, sample.header):
        assert "RecorderHeld: The flight recorder in" in another()
    assert another() == ""


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path, sample) -> None:
    (tmp_path / "log").write_text("")
    with pytest.raises(RecorderError, match=r"log \(File exists\); choose a folder"):
        Recorder.create(tmp_path / "log", sample.header)

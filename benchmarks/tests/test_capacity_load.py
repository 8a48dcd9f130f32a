"""The viewer's ages are those of the ships, and a load ends with all its processes."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from benchmarks.capacity import kept_to
from benchmarks.capacity_load import Watched, end
from benchmarks.limits import BIN_MS, BINS
from benchmarks.metrics_run import fleet_of
from benchmarks.viewer_ages import ages_of
from radar.records import pack
from radar.wire import Counts, FrameIn


def frame(seen_ms: int, ships: int) -> FrameIn:
    """So many ships, all seen at that moment."""
    fleet, _intake = fleet_of(ships, seen_ms)
    records = b"".join(pack(slot, track) for slot, track in enumerate(fleet.tracks.values.values()))
    return FrameIn(
        n=1, full=False, now=seen_ms, made=seen_ms, newest=seen_ms, source="following", counts=Counts(), facts=[],
        records=records, gone=[], events=[], readings=[], merged=0,
    )  # fmt: skip


def awaited(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(("late_ms", "place"), [(0, 0), (340, 34), (19_990, BINS - 1), (60_000, BINS - 1), (-500, 0)])
def test_the_age_of_an_update_is_the_time_since_the_ship_was_seen(late_ms: int, place: int) -> None:
    seen = datetime(2026, 11, 25, 8, 30, 0, 20_000, tzinfo=UTC)
    now = seen + timedelta(milliseconds=late_ms)
    ages = ages_of(frame(int(seen.timestamp() * 1000), 3), now.timestamp() * 1000)
    assert ages[place] == ages.sum() == 3
    assert BIN_MS == 10


def test_ages_of_a_viewer_are_counted_from_the_beginning_of_a_sample() -> None:
    program = "print('[[3, 5]]', flush=True); input(); print('[[3, 2], [7, 1]]\\n[]', flush=True); input()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe, text=True) as viewer:
        watched = Watched(viewer)
        awaited(lambda: int(watched.ages.sum()) == 5)
        watched.begin()
        assert viewer.stdin is not None
        viewer.stdin.write("\n")
        viewer.stdin.flush()
        awaited(lambda: int(watched.ages.sum()) == 3)
        assert (watched.ages[3], watched.ages[7], watched.lost) == (2, 1, False)
        end(viewer)
        assert watched.lost


def test_a_load_ends_with_all_that_it_has_started() -> None:
    program = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE, start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as load:
        assert load.stdout is not None
        child = psutil.Process(int(load.stdout.readline()))
        end(load)
    awaited(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_all_that_is_started_is_kept_to_so_many_cores() -> None:
    before = psutil.Process().cpu_affinity()
    with kept_to(1) as cores:
        program = "import os; print(len(os.sched_getaffinity(0)))"
        told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert (cores, int(told)) == (1, 1)
    assert psutil.Process().cpu_affinity() == before

"""What must end the application ends it."""

from __future__ import annotations

import queue
import subprocess
import time

import pytest

from spark import watch
from spark.errors import LakeStalled
from spark.watch import ProgressClock, Watchdog


def test_a_query_that_stands_still_is_given_up_after_the_limit() -> None:
    clock = ProgressClock("raw", stall_s=60)
    clock.look("batch 1", now=10)

    assert clock.look("batch 1", now=69) == 59
    with pytest.raises(LakeStalled, match="raw has made no progress for 61 s"):
        clock.look("batch 1", now=71)


def test_a_long_wait_before_the_first_look_counts_for_nothing() -> None:
    clock = ProgressClock("raw", stall_s=60)

    assert clock.look(None, now=500) == 0
    with pytest.raises(LakeStalled, match="61 s"):
        clock.look(None, now=561)


def test_new_progress_starts_the_clock_anew() -> None:
    clock = ProgressClock("raw", stall_s=60)
    clock.look("batch 1", now=50)

    assert clock.look("batch 2", now=100) == 0


def test_a_query_that_failed_and_shows_nothing_makes_no_progress() -> None:
    clock = ProgressClock("raw", stall_s=60)
    clock.look("batch 1", now=10)

    assert clock.look(None, now=30) == 20


@pytest.fixture
def left() -> queue.Queue[int]:
    """The statuses with which the watchdog would have ended this process."""
    return queue.Queue()


def test_the_application_ends_with_its_jvm(left: queue.Queue[int]) -> None:
    process = subprocess.Popen(["sleep", "60"])
    dog = Watchdog(stall_s=60, leave=left.put)
    dog.guard(process)

    process.kill()

    assert left.get(timeout=5) == 1


def test_a_main_loop_that_hangs_ends_the_application_and_its_jvm(left: queue.Queue[int]) -> None:
    process = subprocess.Popen(["sleep", "60"])
    dog = Watchdog(stall_s=0.5, leave=left.put)
    dog.guard(process)

    assert left.get(timeout=5) == 1
    assert process.wait(5) == -9


def test_a_stop_that_takes_too_long_is_finished_by_force(
    left: queue.Queue[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "GRACE_S", 0.3)
    process = subprocess.Popen(["sleep", "60"])
    dog = Watchdog(stall_s=60, leave=left.put)
    dog.guard(process)
    began = time.monotonic()

    dog.stop_soon()

    assert left.get(timeout=5) == 0
    assert time.monotonic() - began >= 0.3
    assert process.wait(5) == -9


def test_a_fault_s_end_by_force_keeps_its_status(left: queue.Queue[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "GRACE_S", 0.3)
    dog = Watchdog(stall_s=60, leave=left.put)

    dog.stop_soon(status=1)
    dog.stop_soon()

    assert left.get(timeout=5) == 1

"""The pause between frames follows their work, within its bounds."""

import pytest

from radar.pacing import LONGEST_S, Pacing


def settled(work_s: float) -> float:
    pacing = Pacing(0.05)
    for _frame in range(60):
        pacing.worked(work_s)
    return pacing.pause


@pytest.mark.parametrize(("work_s", "pause_s"), [(0.0, 0.05), (0.01, 0.05), (0.05, 0.1), (0.2, 0.4), (5.0, LONGEST_S)])
def test_frames_take_half_of_the_time_at_most_and_come_twice_a_second_at_least(work_s: float, pause_s: float) -> None:
    assert settled(work_s) == pytest.approx(pause_s, rel=0.01)


def test_one_slow_frame_changes_little() -> None:
    pacing = Pacing(0.05)
    pacing.worked(0.1)

    assert pacing.pause == 0.05

import pytest

from ships_client.cli import codes, processes
from ships_client.client import Summary
from ships_client.client.summary import Tally


@pytest.mark.parametrize(
    ("failures", "unfinished", "interrupted", "timed_out", "one_ship", "code"),
    [
        (0, 0, False, False, True, codes.HOME),
        (1, 0, False, False, True, codes.LOST),
        (1, 0, False, False, False, codes.HOME),
        (0, 1, False, False, True, codes.HEADQUARTERS),
        (0, 1, False, True, False, codes.HOME),
        (0, 1, True, False, True, codes.INTERRUPTED),
    ],
)
def test_what_became_of_a_fleet_gives_its_exit_code(
    failures: int, unfinished: int, interrupted: bool, timed_out: bool, one_ship: bool, code: int
) -> None:
    summary = Summary(1, Tally(failure=failures), [], unfinished, 0, 0, interrupted, timed_out)
    assert codes.of_summary(summary, one_ship=one_ship) == code


@pytest.mark.parametrize(
    ("found", "code"), [({0}, 0), ({0, 4}, 4), ({5, 4}, 5), ({0, 130}, 130), ({0, 1}, 1), ({4, -9}, 1)], ids=str
)
def test_of_several_processes_the_worst_code_counts(found: set[int], code: int) -> None:
    assert processes._worst(found) == code

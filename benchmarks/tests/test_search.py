"""The search finds the greatest load that is carried, with few tries."""

import math

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.capacity import RUNGS
from benchmarks.search import greatest, held

rungs = st.lists(st.integers(1, 50_000), min_size=1, max_size=40, unique=True).map(sorted)


class Machine:
    """Carries so many ships; remembers what was tried."""

    def __init__(self, most: float) -> None:
        self.most = most
        self.tried: list[int] = []

    def carries(self, ships: int) -> bool:
        self.tried.append(ships)
        return ships <= self.most


@given(rungs, st.integers(0, 60_000))
def test_the_greatest_rung_that_is_carried_is_found_with_few_tries(rungs: list[int], most: int) -> None:
    machine = Machine(most)
    assert greatest(rungs, machine.carries) == max((rung for rung in rungs if rung <= most), default=None)
    assert len(machine.tried) <= math.ceil(math.log2(len(rungs) + 1))
    assert len(set(machine.tried)) == len(machine.tried)


@given(rungs, st.lists(st.booleans(), min_size=40, max_size=40))
def test_a_machine_of_moods_gets_a_rung_that_it_carried_and_none_above_one_that_it_did_not(
    rungs: list[int], moods: list[bool]
) -> None:
    said: dict[int, bool] = {}

    def carries(ships: int) -> bool:
        said[ships] = moods[len(said)]
        return said[ships]

    found = greatest(rungs, carries)
    assert found is None or said[found]
    assert all(found is None or ships > found for ships, carried in said.items() if not carried)


def test_the_search_of_the_bench_takes_four_tries_at_most() -> None:
    for most in (0, 9_999, 10_000, 15_500, 1_000_000):
        machine = Machine(most)
        greatest(RUNGS, machine.carries)
        assert len(machine.tried) <= 4


def test_no_load_at_all_is_a_result_as_well() -> None:
    machine = Machine(0)
    assert greatest(RUNGS, machine.carries) is None
    assert held(RUNGS, None, machine.carries, tries=3) is None
    assert min(machine.tried) == RUNGS[0]


def test_what_can_not_be_held_gives_way_to_the_next_lower_rung() -> None:
    machine = Machine(11_000)
    assert held(RUNGS, 13_000, machine.carries, tries=3) == 11_000
    assert machine.tried == [13_000, 12_000, 11_000]


def test_holding_ends_after_so_many_tries() -> None:
    machine = Machine(2_000)
    assert held(RUNGS, 13_000, machine.carries, tries=2) is None
    assert machine.tried == [13_000, 12_000]
    assert held(RUNGS, RUNGS[0], Machine(0).carries, tries=3) is None

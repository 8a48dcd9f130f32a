"""Processes are counted with the program that they belong to."""

import os
import subprocess
import sys

from benchmarks.parts import Part, Process, at_limit, grouped, look, taken, weighed

SUPERVISORD, WEB, LAKE, JVM, PYTHON_WORKER, BENCH, FLEET, SHARE, SHELL = 10, 11, 12, 20, 21, 50, 60, 61, 70
ROOTS = {"supervisord": SUPERVISORD, "web": WEB, "lake": LAKE, "measuring": BENCH, "load: fleet": FLEET}


def process(pid: int, parent: int, own_s: float = 0.0, waited_s: float = 0.0, mb: float = 1.0) -> Process:
    return Process(pid, parent, own_s, waited_s, mb)


TREE = [
    process(1, 0),
    process(SUPERVISORD, 1),
    process(WEB, SUPERVISORD),
    process(LAKE, SUPERVISORD),
    process(JVM, LAKE),
    process(PYTHON_WORKER, JVM),
    process(SHELL, 1),
    process(BENCH, SHELL),
    process(FLEET, BENCH),
    process(SHARE, FLEET),
]


def pids(found: dict[str, list[Process]]) -> dict[str, set[int]]:
    return {name: {process.pid for process in processes} for name, processes in found.items()}


def test_each_process_belongs_to_the_nearest_program_above_it() -> None:
    assert pids(grouped(TREE, ROOTS)) == {
        "supervisord": {SUPERVISORD},
        "web": {WEB},
        "lake": {LAKE, JVM, PYTHON_WORKER},
        "measuring": {BENCH},
        "load: fleet": {FLEET, SHARE},
    }


def test_order_does_not_matter_and_a_program_that_is_gone_has_none() -> None:
    assert pids(grouped(reversed(TREE), ROOTS)) == pids(grouped(TREE, ROOTS))
    assert grouped(TREE, {"tracker": 99}) == {"tracker": []}


def test_a_circle_of_parents_ends() -> None:
    assert grouped([process(7, 8), process(8, 7)], ROOTS)["web"] == []


def test_time_of_children_that_ended_meanwhile_counts_and_none_counts_twice() -> None:
    before = [process(LAKE, 1, own_s=5, waited_s=1), process(JVM, LAKE, own_s=100), process(81, LAKE, own_s=2)]
    after = [process(LAKE, 1, own_s=6, waited_s=4, mb=30), process(JVM, LAKE, own_s=109, mb=400)]
    # 81 ended with 3 s, one of them in this while: 1 + 9 + 1 in all.
    assert taken(before, after, {"lake": LAKE}, 10) == [Part("lake", 1.1, 0.9, 430)]


def test_a_program_that_was_started_anew_takes_nothing_less() -> None:
    before, after = [process(WEB, 1, own_s=50)], [process(WEB, 1, own_s=1)]
    assert taken(before, after, {"web": WEB}, 10) == [Part("web", 0, 0, 1)]


def test_the_part_that_took_most_comes_first() -> None:
    before = [process(WEB, 1), process(LAKE, 1)]
    after = [process(WEB, 1, own_s=1), process(LAKE, 1, own_s=2)]
    assert [part.name for part in taken(before, after, ROOTS, 10)][:2] == ["lake", "web"]


def test_a_program_of_python_is_at_its_limit_when_a_process_takes_a_core() -> None:
    said = at_limit([Part("lake", 1.0, 1.0, 1), Part("radar", 0.97, 0.95, 1)], 2, 1.97)
    assert said == "radar was at its limit: one of its processes took 0.95 of the one core it can use."


def test_else_the_machine_is_when_little_of_it_is_left() -> None:
    some = [Part("web", 0.2, 0.2, 1), Part("lake", 0.9, 0.8, 1), Part("kafka", 0.5, 0.5, 1), Part("beat", 0, 0, 1)]
    assert at_limit(some, 2, 1.9) == (
        "The machine was at its limit: 1.90 of 2 cores were taken, "
        "most by lake (0.90), then kafka (0.50), then web (0.20)."
    )
    assert at_limit(some, 2, 1.7) == "No part was at the limit of its processor: 1.70 of 2 cores were taken."


def test_real_processes_are_found_with_time_and_memory() -> None:
    program = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, text=True) as child:
        roots = {"child": child.pid, "measuring": os.getpid()}
        processes = look()
        while len(grouped(processes, roots)["child"]) < 2:
            processes = look()
        found = grouped(weighed(processes, roots), roots)
        child.communicate("\n")
    assert {process.pid for process in found["measuring"]} >= {os.getpid()}
    assert all(process.mb > 1 for process in found["child"])
    assert next(one for one in found["measuring"] if one.pid == os.getpid()).own_s > 0

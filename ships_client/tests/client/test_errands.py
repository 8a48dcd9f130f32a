from functools import partial
from queue import SimpleQueue
from threading import Event

from ships_client.client.errands import Errands


def test_errands_of_one_flight_run_in_order() -> None:
    errands, done = Errands(4), SimpleQueue[int]()
    for number in range(50):
        errands.submit("moth", partial(done.put, number))
    assert [done.get(timeout=10) for _ in range(50)] == list(range(50))


def test_a_flight_that_waits_holds_up_no_other() -> None:
    errands, done, gate = Errands(2), SimpleQueue[str](), Event()

    def waits() -> None:
        gate.wait(10)
        done.put("moth")

    errands.submit("moth", waits)
    errands.submit("moth", lambda: done.put("moth again"))
    errands.submit("kitty", lambda: done.put("kitty"))
    assert done.get(timeout=10) == "kitty"
    gate.set()
    assert [done.get(timeout=10) for _ in range(2)] == ["moth", "moth again"]


def test_dropped_errands_never_run() -> None:
    errands, done, gate, begun = Errands(1), SimpleQueue[str](), Event(), Event()

    def begins() -> None:
        begun.set()
        gate.wait(10)
        done.put("begun")

    errands.submit("moth", begins)
    assert begun.wait(10)
    errands.submit("moth", lambda: done.put("dropped"))
    errands.submit("kitty", lambda: done.put("dropped"))
    errands.drop_waiting()
    errands.submit("scarab", lambda: done.put("after"))
    gate.set()
    assert [done.get(timeout=10) for _ in range(2)] == ["begun", "after"]

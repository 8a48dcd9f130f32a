from functools import partial
from queue import SimpleQueue
from threading import Event

from ships_client.client.errands import Errands


def unexpected(error: Exception) -> None:
    raise AssertionError("No errand of this test raises.") from error


def test_errands_of_one_flight_run_in_order() -> None:
    errands, done = Errands(unexpected, 4), SimpleQueue[int]()
    for number in range(50):
        errands.submit("moth", partial(done.put, number))
    assert [done.get(timeout=10) for _ in range(50)] == list(range(50))


def test_a_flight_that_waits_holds_up_no_other() -> None:
    errands, done, gate = Errands(unexpected, 2), SimpleQueue[str](), Event()

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
    errands, done, gate, begun = Errands(unexpected, 1), SimpleQueue[str](), Event(), Event()

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


def test_an_errand_with_a_fault_is_told_and_holds_up_nothing() -> None:
    faults, done = SimpleQueue[Exception](), SimpleQueue[str]()
    errands = Errands(faults.put, 1)
    fault = KeyError("a fault")

    def faulty() -> None:
        raise fault

    errands.submit("moth", faulty)
    errands.submit("moth", lambda: done.put("moth again"))
    assert faults.get(timeout=10) is fault
    assert done.get(timeout=10) == "moth again"

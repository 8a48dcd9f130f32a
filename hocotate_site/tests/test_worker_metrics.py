"""A worker counts its tasks: what they came to, how long they took, and those of its children, too."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from threading import Thread

import httpx
import pytest
from celery import Celery, signals
from celery.exceptions import TimeLimitExceeded
from prometheus_client import REGISTRY
from pytest_django import Settings

from hocotate_site import worker_metrics

app = Celery("counted", broker="memory://", set_as_current=False)


@app.task(name="counted.done")  # type: ignore[untyped-decorator]  # Celery has no types
def done() -> None:
    """End well."""


@app.task(name="counted.broken")  # type: ignore[untyped-decorator]  # as above
def broken() -> None:
    """Fail."""
    raise ValueError("It is broken.")


@app.task(name="counted.slow")  # type: ignore[untyped-decorator]  # as above
def slow() -> None:
    """Take longer than it may, as far as the parent is told."""


@pytest.fixture
def pipe() -> Iterator[worker_metrics.Pipe]:
    """A pipe that hears of tasks and counts them."""
    made = worker_metrics.Pipe()
    made.connect()
    Thread(target=made.count, daemon=True).start()
    yield made
    made.disconnect()


def counted(task: str, outcome: str) -> float:
    return REGISTRY.get_sample_value("worker_tasks_total", {"task": task, "outcome": outcome}) or 0


def timed(task: str) -> float:
    return REGISTRY.get_sample_value("worker_task_seconds_count", {"task": task}) or 0


def eventually(found: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not found() and time.monotonic() < end:
        time.sleep(0.01)
    return found()


def test_what_ends_well_and_what_fails_is_counted_and_timed(pipe: worker_metrics.Pipe) -> None:
    well, failed, seconds = counted("counted.done", "succeeded"), counted("counted.broken", "failed"), timed(done.name)

    for task in (done, broken, done):
        task.apply()

    assert eventually(lambda: counted("counted.done", "succeeded") == well + 2)
    assert eventually(lambda: counted("counted.broken", "failed") == failed + 1)
    assert timed("counted.done") == seconds + 2


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # of newer Pythons, about threads
def test_what_a_child_runs_the_parent_counts(pipe: worker_metrics.Pipe) -> None:
    before = counted("counted.done", "succeeded")

    # As Celery makes its children; nothing but the task is done in it.
    pid = os.fork()
    if pid == 0:
        done.apply()
        os._exit(0)
    os.waitpid(pid, 0)

    assert eventually(lambda: counted("counted.done", "succeeded") == before + 1)


def test_a_task_that_took_too_long_is_counted_without_a_time(pipe: worker_metrics.Pipe) -> None:
    before, seconds = counted("counted.slow", "killed"), timed("counted.slow")

    for task_id in ("1", "1", "2"):  # Celery's pool and its request both say so, one after the other
        signals.task_failure.send(sender=slow, task_id=task_id, exception=TimeLimitExceeded(3))

    assert eventually(lambda: counted("counted.slow", "killed") == before + 2)
    assert timed("counted.slow") == seconds


def test_a_pipe_that_nobody_reads_holds_no_task_up() -> None:
    made = worker_metrics.Pipe()
    made.connect()
    try:
        for _ in range(2000):
            signals.task_postrun.send(sender=done, task_id="1", task=done, state="SUCCESS")
    finally:
        made.disconnect()


def test_where_the_port_is_taken_the_worker_goes_on_and_says_so(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings.WORKER_METRICS_PORT = other.getsockname()[1]
        worker_metrics.serve()

    assert "not told of" in caplog.text


def test_the_numbers_are_served(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        settings.WORKER_METRICS_PORT = probe.getsockname()[1]
    worker_metrics.serve()

    url = f"http://127.0.0.1:{settings.WORKER_METRICS_PORT}/metrics"
    text = httpx.get(url, timeout=5, trust_env=False).raise_for_status().text

    assert "# TYPE worker_tasks_total counter" in text

"""What a Celery worker tells Prometheus: which tasks it ran, how they ended and how long they took.

Tasks run in the worker's children, Prometheus asks the parent. So a child writes a line a task into a pipe that it has
from its parent, and the parent counts. Numbers must never hold up a task: a line that finds no room is left out.
"""

import json
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from celery import signals
from celery.exceptions import TimeLimitExceeded, WorkerLostError
from django.conf import settings
from prometheus_client import start_http_server

from hocotate_site import exposition, metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

logger = logging.getLogger(__name__)

OUTCOMES: Final = {
    "SUCCESS": "succeeded",
    "FAILURE": "failed",
    "RETRY": "retried",
    "IGNORED": "ignored",
    "REJECTED": "rejected",
}
"""How a task ended, by Celery's name of its state."""
KILLED: Final = "killed"
"""It took longer than it may, or its child is gone, and it is not tried again: nothing is known of how long it took."""
FORKING: Final = Lock()
"""Held while numbers are read or written, and by a fork, so that no child begins with a lock that is held for ever."""


class Pipe:
    """From those who run tasks to the one who counts them, within a process and its children."""

    def __init__(self) -> None:
        self._reads, self._writes = os.pipe()
        os.set_blocking(self._writes, False)
        self._began: dict[str, float] = {}
        self._killed = ""

    def connect(self) -> None:
        """Hear of every task; to be called before the children are made."""
        signals.task_prerun.connect(self._begins, weak=False)
        signals.task_postrun.connect(self._ends, weak=False)
        signals.task_failure.connect(self._is_killed, weak=False)

    def disconnect(self) -> None:
        """Hear of no more tasks."""
        signals.task_prerun.disconnect(self._begins)
        signals.task_postrun.disconnect(self._ends)
        signals.task_failure.disconnect(self._is_killed)

    def count(self) -> None:
        """Count what comes, for ever."""
        with os.fdopen(self._reads, "rb") as lines:
            for line in lines:
                name, outcome, seconds = json.loads(line)
                with FORKING:
                    metrics.WORKER_TASKS.labels(name, outcome).inc()
                    if seconds is not None:
                        metrics.WORKER_TASK_SECONDS.labels(name).observe(seconds)

    def _begins(self, task_id: str, **_kwargs: Any) -> None:
        self._began[task_id] = time.monotonic()

    def _ends(self, task_id: str, task: Any, state: str | None = None, **_kwargs: Any) -> None:
        began = self._began.pop(task_id, None)
        seconds = None if began is None else time.monotonic() - began
        self._write(task.name, OUTCOMES.get(state or "", "ignored"), seconds)

    def _is_killed(self, sender: Any, task_id: str, exception: BaseException, **_kwargs: Any) -> None:
        # The parent says so, of a task out of time twice in a row; a child that fails a task tells by the end of it.
        if isinstance(exception, TimeLimitExceeded | WorkerLostError) and task_id != self._killed:
            self._killed = task_id
            self._write(sender.name, KILLED, None)

    def _write(self, name: str, outcome: str, seconds: float | None) -> None:
        # Below 4096 bytes a line is written whole or not at all, whoever writes beside.
        with suppress(BlockingIOError):
            os.write(self._writes, json.dumps([name, outcome, seconds]).encode() + b"\n")


def begin() -> None:
    """Count tasks from now on, and serve the numbers once the worker is ready; for the worker's parent."""
    pipe = Pipe()
    pipe.connect()

    def ready(**_kwargs: Any) -> None:
        Thread(target=pipe.count, name="tasks-counted", daemon=True).start()
        serve()

    signals.worker_ready.connect(ready, weak=False)


def serve() -> None:
    """Serve the numbers at WORKER_METRICS_PORT. Where the port is taken the worker goes on without, and says so."""
    address, port = settings.METRICS_ADDRESS, settings.WORKER_METRICS_PORT
    try:
        server, _thread = start_http_server(port, addr=address)
    except OSError as error:
        logger.warning("Tasks are run, but not told of: %s:%d can't be had (%s).", address, port, error.strerror)
        return
    server.set_app(_answer)
    # A child that outlives its parent must not keep the port from the next one.
    _in_child.append(server.socket.close)
    logger.info("Metrics at http://%s:%d/metrics.", address, server.server_port)


_in_child: list[Callable[[], None]] = []
"""What a child does first."""


def _after_fork() -> None:
    FORKING.release()
    for step in _in_child:
        step()


# Once a process: a second pair would wait for the first one's lock for ever.
os.register_at_fork(before=FORKING.acquire, after_in_parent=FORKING.release, after_in_child=_after_fork)


def _answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
    with FORKING:
        return exposition.answer(environ, start_response)

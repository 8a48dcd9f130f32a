"""The ids of jobs in the log: a job says which one it is, and which request asked for it.

The request's id travels in the job's message, from whoever enqueues it and on to what the job enqueues itself.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Final

from celery.signals import before_task_publish, task_postrun, task_prerun

from hocotate_logs import bound, current

HEADER: Final = "log_ids"
HANDED_ON: Final = ("request_id", "mission")
_running: dict[str, AbstractContextManager[None]] = {}
"""By id, this process' jobs under way; more than one only where a job runs another at once."""


def hand_on(headers: dict[str, Any] | None = None, **_kwargs: Any) -> None:
    """A job is enqueued: its message tells the request, and the mission that the request is about."""
    here = current()
    # What a job enqueues is seldom about the mission of what the job did itself.
    names = ("request_id",) if "task_id" in here else HANDED_ON
    ids = {name: here[name] for name in names if name in here}
    if headers is not None and ids:
        headers.setdefault(HEADER, ids)


def begin(task_id: str, task: Any, **_kwargs: Any) -> None:
    """A job begins in this process."""
    told = getattr(task.request, HEADER, None)
    ids = {name: told[name] for name in HANDED_ON if isinstance(told, dict) and isinstance(told.get(name), str | int)}
    binding = bound(**{**ids, "task_id": task_id, "task": task.name})
    binding.__enter__()
    _running[task_id] = binding


def end(task_id: str, **_kwargs: Any) -> None:
    """It has ended, whichever way."""
    if (binding := _running.pop(task_id, None)) is not None:
        binding.__exit__(None, None, None)


def connect() -> None:
    """Listen to Celery's signals; a second time changes nothing."""
    before_task_publish.connect(hand_on)
    task_prerun.connect(begin)
    task_postrun.connect(end)

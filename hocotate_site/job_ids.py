"""The ids of jobs in the log: a job says which one it is, and which request asked for it.

The request's id travels in the job's message, from whoever enqueues it and on to what the job enqueues itself.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Final

from celery.signals import before_task_publish, task_postrun, task_prerun

from hocotate_logs import bound, current

HEADER: Final = "request_id"
_running: dict[str, AbstractContextManager[None]] = {}
"""By id, this process' jobs under way; more than one only where a job runs another at once."""


def hand_on(headers: dict[str, Any] | None = None, **_kwargs: Any) -> None:
    """A job is enqueued: its message tells the request."""
    asked = current().get("request_id")
    if headers is not None and asked:
        headers.setdefault(HEADER, asked)


def begin(task_id: str, task: Any, **_kwargs: Any) -> None:
    """A job begins in this process."""
    asked = getattr(task.request, HEADER, None)
    ids = {"request_id": asked} if isinstance(asked, str) else {}
    binding = bound(task_id=task_id, task=task.name, **ids)
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

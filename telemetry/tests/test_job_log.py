"""What a real worker logs of a job: which one it was, and the request that asked for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from celery import Celery

from hocotate_logs import bound

from .broker import broker
from .worker import Worker, eventually, worker


def lines(of: Worker) -> list[dict[str, Any]]:
    """The log as programs read it; Celery's banner is not of our making."""
    return [json.loads(line) for line in of.log.read_text().splitlines() if line.startswith("{")]


def test_a_job_has_its_own_id_and_that_of_the_request_which_asked_for_it(tmp_path: Path, free_port: int) -> None:
    with broker(tmp_path / "valkey", free_port) as queue, Celery(broker=queue.url, set_as_current=False) as app:
        changes = {"VALKEY_URL": queue.url, "LOG_FORMAT": "json", "LOG_PART": "worker"}
        with worker(tmp_path, **changes) as working, bound(request_id="door-1", mission=7, ship="ONION?!"):
            asked = app.send_task("celery.accumulate", args=("not to be logged as a field",))
            eventually(lambda: working.said(f"[{asked.id}] succeeded"), "the job is done")
            found = [line for line in lines(working) if line.get("task_id") == asked.id]

    assert [line["logger"] for line in found] == ["celery.worker.strategy", "celery.app.trace"]
    assert {(line["task"], line["part"], line["level"]) for line in found} == {("celery.accumulate", "worker", "INFO")}
    assert (found[-1]["request_id"], found[-1]["mission"]) == ("door-1", 7)
    assert all(
        set(line) <= {"time", "level", "part", "logger", "message", "request_id", "mission", "task_id", "task"}
        for line in found
    )

"""A real Celery worker on the test database and the tests' own queue."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from stack.config import ROOT


def eventually(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Wait until `condition` holds.

    Raises:
        AssertionError: it does not within `seconds`.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"Not within {seconds:.0f} s: {what}.")
        time.sleep(0.05)


def site_env(**changes: str) -> dict[str, str]:
    """The environment of a process of the site that works on the test database."""
    database = connection.settings_dict
    url = (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
        f"/{database['NAME']}"
    )
    return {
        **os.environ,
        "DATABASE_URL": url,
        "VALKEY_URL": settings.VALKEY_URL,
        "DJANGO_SETTINGS_MODULE": "hocotate_site.settings",
        **changes,
    }


class Worker:
    """The process, in a group of its own."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self.log = process, log

    def ready(self) -> bool:
        """Whether it takes jobs."""
        assert self.process.poll() is None, self.log.read_text()
        return " ready." in self.log.read_text()

    def kill(self) -> None:
        """End the worker and its children as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def worker(folder: Path) -> Iterator[Worker]:
    """A worker that is ready; stopped at the end."""
    log = folder / f"worker-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "hocotate_site", "worker", "--concurrency", "1", "-l", "INFO"],
            cwd=ROOT,
            env=site_env(),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        started = Worker(process, log)
        try:
            eventually(started.ready, "the worker is ready", 60)
            yield started
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    started.kill()

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
from typing import Any

import psycopg
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


@contextmanager
def other_connection() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection of its own to the test database, as another process has; each statement for itself."""
    with psycopg.connect(site_env()["DATABASE_URL"], autocommit=True) as other:
        yield other
        # Closing only tells the server, which gives its locks back when it comes to it.
        other.execute("SELECT pg_advisory_unlock_all()")


class Worker:
    """A process of Celery's, in a group of its own."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, sign: str) -> None:
        self.process, self.log, self.sign = process, log, sign

    def said(self, words: str) -> bool:
        """Whether its log holds these words."""
        return words in self.log.read_text()

    def ready(self) -> bool:
        """Whether it does its work."""
        assert self.process.poll() is None, self.log.read_text()
        return self.said(self.sign)

    def kill(self) -> None:
        """End it and its children as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """Ask it to end, and end it when it does not."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


def start(folder: Path, program: str, *arguments: str, sign: str, **changes: str) -> Worker:
    """Start a program of Celery's with these changes of the environment, and wait until its log shows `sign`."""
    log = folder / f"{program}-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "hocotate_site", program, "-l", "INFO", *arguments],
            cwd=ROOT,
            env=site_env(**changes),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started = Worker(process, log, sign)
    try:
        eventually(started.ready, f"the {program} works", 60)
    except BaseException:
        started.stop()
        raise
    return started


@contextmanager
def worker(folder: Path, **changes: str) -> Iterator[Worker]:
    """A worker that is ready; stopped at the end."""
    started = start(folder, "worker", "--concurrency", "1", sign=" ready.", **changes)
    try:
        yield started
    finally:
        started.stop()


@contextmanager
def beat(folder: Path, **changes: str) -> Iterator[Worker]:
    """A scheduler with a schedule of its own; stopped at the end."""
    schedule = folder / f"schedule-{time.monotonic_ns()}"
    started = start(folder, "beat", "--schedule", str(schedule), "--pidfile=", sign="beat: Starting", **changes)
    try:
        yield started
    finally:
        started.stop()

"""Notices what must end the application: a dead JVM, a main loop that hangs, a query that stands still."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from subprocess import Popen
from typing import Final

from spark.errors import LakeStalled

log = logging.getLogger(__name__)

LOOK_S: Final = 0.2
GRACE_S: Final = 8.0
"""What a stop may take before the JVM is killed; a killed batch is run again and counts once."""


class Watchdog:
    """A thread that ends this process, and with it the JVM, when the main thread no longer can.

    Args:
        stall_s: how long the main thread may go without `turned`.
        start_s: the same for the first `turned`; starting a JVM takes long on a busy machine.
        leave: ends the process with a status; `os._exit` but in tests.
    """

    def __init__(self, stall_s: float, start_s: float | None = None, leave: Callable[[int], object] = os._exit) -> None:
        self._limit_s = stall_s if start_s is None else start_s
        self._stall_s = stall_s
        self._leave = leave
        self._turned = time.monotonic()
        self._stop_by: float | None = None
        self._stop_status = 0
        self._jvm: Popen[bytes] | None = None
        threading.Thread(target=self._run, name="watchdog", daemon=True).start()

    def turned(self) -> None:
        """The main thread is alive."""
        self._limit_s = self._stall_s
        self._turned = time.monotonic()

    def guard(self, process: Popen[bytes]) -> None:
        """End when this JVM ends."""
        self._jvm = process

    def stop_soon(self, status: int = 0) -> None:
        """The application ends, for good or (1) for a fault: it must be done within the grace."""
        if self._stop_by is None:
            self._stop_status = status
            self._stop_by = time.monotonic() + GRACE_S

    def _run(self) -> None:
        while (status := self._verdict()) is None:
            time.sleep(LOOK_S)
        if self._jvm is not None:
            self._jvm.kill()
        logging.shutdown()
        self._leave(status)

    def _verdict(self) -> int | None:
        stopping = self._stop_by is not None
        if self._jvm is not None and self._jvm.poll() is not None:
            if not stopping:
                log.error("Spark's JVM ended with status %s: starting again is up to the supervisor.", self._jvm.poll())
            return self._stop_status if stopping else 1
        if self._stop_by is not None and time.monotonic() > self._stop_by:
            return self._stop_status
        if time.monotonic() - self._turned > self._limit_s:
            log.error("The main loop has not turned for %.0f s.", self._limit_s)
            return 1
        return None


class ProgressClock:
    """How long a query has shown no progress. Spark shows some at least every 10 s, new messages or not.

    The first look starts it: servers that were long in coming are no fault of the query.
    """

    def __init__(self, name: str, stall_s: float) -> None:
        self._name = name
        self._stall_s = stall_s
        self._stamp: object = None
        self._since: float | None = None

    def look(self, stamp: object, now: float) -> float:
        """Note the newest progress and answer its age in seconds.

        Raises:
            LakeStalled: it is older than the limit.
        """
        if self._since is None or (stamp is not None and stamp != self._stamp):
            self._stamp, self._since = stamp, now
        age = now - self._since
        if age > self._stall_s:
            raise LakeStalled(f"Query {self._name} has made no progress for {age:.0f} s.")
        return age

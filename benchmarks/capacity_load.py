"""The load of `capacity`: a fleet that sends telemetry and next to nothing else, and one viewer of the radar."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil

from benchmarks.limits import BINS, Ages
from benchmarks.radar import TARGETS
from stack.config import ROOT
from stack.services.base import Context, inherited, python

PROCESSES: Final = 4
"""Each sends at a moment of its own; more would take more of the machine for themselves."""
LAUNCH_S: Final = 240.0
TAIL_BYTES: Final = 65_536
NAMES: Final = ("KAFKA_BOOTSTRAP", "MISSIONS_API", "HOCOTATE_TOKEN")


class NotAloft(RuntimeError):
    """The fleet did not take off, or ended by itself; the message says so."""


@contextmanager
def fleet(context: Context, ships: int) -> Iterator[psutil.Process]:
    """So many ships in flight for as long as is wanted, a message a second each; their first report is a day away.

    Raises:
        NotAloft: they are not all in the air within LAUNCH_S.
    """
    recorder, log = context.platform.data("bench-capacity"), context.platform.log("bench-capacity")
    argv = [context.platform.venv_program("hocotate-fleet"), "--ships", str(ships), "--processes", str(PROCESSES)]
    argv += ["--targets", ",".join(TARGETS), "--seed", "8", "--failure-rate", "0", "--reportfreq", "1440", "--keep"]
    argv += ["--json", "--state", str(recorder)]
    env = {**inherited(), **{name: context.settings[name] for name in NAMES}}
    with open(log, "wb") as out:
        started = subprocess.Popen(argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        _await_launch(started, log, ships)
        yield psutil.Process(started.pid)
        if started.poll() is not None:
            raise NotAloft(f"The fleet ended by itself with {started.returncode}; see {log}.")
    finally:
        end(started)
        shutil.rmtree(recorder, ignore_errors=True)


@contextmanager
def viewer(context: Context) -> Iterator[Watched]:
    """A browser of the radar, and what it sees."""
    argv = python("-m", "benchmarks.viewer_ages", context.settings["SITE_URL"])
    with open(context.platform.log("bench-viewer"), "wb") as log:
        started = subprocess.Popen(argv, cwd=ROOT, env=inherited(), stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        yield Watched(started)
    finally:
        end(started)


class Watched:
    """The ages of all updates that a viewer was shown since the last `begin`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.pid = process.pid
        self._process = process
        self._ages = np.zeros(BINS, np.int64)
        self._lock = threading.Lock()
        threading.Thread(target=self._read, name="viewer", daemon=True).start()

    def begin(self) -> None:
        """Count from now on."""
        with self._lock:
            self._ages[:] = 0

    @property
    def ages(self) -> Ages:
        """So far."""
        with self._lock:
            return self._ages.copy()

    @property
    def lost(self) -> bool:
        """Whether the server has let the viewer go."""
        return self._process.poll() is not None

    def _read(self) -> None:
        for line in self._process.stdout or ():
            found = np.array(json.loads(line), np.int64).reshape(-1, 2)
            with self._lock:
                self._ages[found[:, 0]] += found[:, 1]


def end(process: subprocess.Popen[Any]) -> None:
    """End a process and all under it at once.

    Nobody needs the end of these missions, nor the minutes that it would take to report it.
    """
    try:
        under = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        under = []
    process.kill()
    for child in under:
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(under, timeout=10)
    process.wait()


def _await_launch(process: subprocess.Popen[bytes], log: Path, ships: int) -> None:
    deadline = time.monotonic() + LAUNCH_S
    while (aloft := aloft_by(tail(log))) < ships:
        if process.poll() is not None:
            raise NotAloft(f"The fleet ended by itself with {process.returncode}; see {log}.")
        if time.monotonic() > deadline:
            raise NotAloft(f"Only {aloft:,} of {ships:,} ships took off within {LAUNCH_S:.0f} s; see {log}.")
        time.sleep(1)


def aloft_by(lines: list[str]) -> int:
    """Ships in the air by the newest status among a fleet's lines of JSON; 0 where there is none."""
    for line in reversed(lines):
        if line.startswith("{") and line.endswith("}"):
            told = json.loads(line)
            if told["line"] == "status":
                return sum(told["phases"].values())
    return 0


def tail(path: Path) -> list[str]:
    """The last lines of a file, whole ones alone."""
    with open(path, "rb") as file:
        before = max(0, os.fstat(file.fileno()).st_size - TAIL_BYTES)
        file.seek(before)
        *lines, _unfinished = file.read().decode(errors="replace").split("\n")
    return lines[1:] if before else lines

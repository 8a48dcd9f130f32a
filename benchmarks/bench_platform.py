"""A platform of the benchmarks' own: started, used, stopped."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from rich.console import Console

from stack import start
from stack.config import ROOT, Platform
from stack.progress import Progress
from stack.services import CORE
from stack.services.base import Context, inherited
from stack.supervisor import Supervisor

DIR = ".run/bench"
OFFSET = "200"
NO_FLEET = tuple(name for name in CORE if name != "fleet")


def own_platform() -> Platform:
    """The benchmarks' platform, whatever the caller's own is."""
    os.environ["STACK_DIR"] = DIR
    os.environ["STACK_PORT_OFFSET"] = OFFSET
    return Platform.from_environment()


@contextmanager
def running(names: tuple[str, ...] = NO_FLEET) -> Iterator[Context]:
    """The named services, up; stopped at the end."""
    platform, progress = own_platform(), Progress(Console(stderr=True))
    try:
        yield start.up(platform, names, progress)
    finally:
        start.down(platform, progress)


@contextmanager
def running_once(names: tuple[str, ...]) -> Iterator[Context]:
    """The named services, stopped at the end and all their data removed: a load that later figures must not meet.

    Logs stay, for whoever asks why a measurement failed.
    """
    try:
        with running(names) as context:
            yield context
    finally:
        for left in own_platform().home.iterdir():
            if left.is_dir() and left.name != "logs":
                shutil.rmtree(left, ignore_errors=True)
            elif left.is_file():
                left.unlink()


@contextmanager
def fleet(context: Context, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A fleet in flight, landed at the end."""
    recorder = context.platform.data("bench-fleet")
    shutil.rmtree(recorder, ignore_errors=True)
    argv = [context.platform.venv_program("hocotate-fleet"), *arguments, "--state", str(recorder), "--give-up"]
    env = {
        **inherited(),
        **{name: context.settings[name] for name in ("KAFKA_BOOTSTRAP", "MISSIONS_API", "HOCOTATE_TOKEN")},
    }
    log = context.platform.log("bench-fleet")
    with open(log, "ab") as file:
        process = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=file, stderr=file, stdin=subprocess.DEVNULL)
        try:
            yield process
            if process.poll() not in (None, 0):
                raise RuntimeError(f"The fleet ended with {process.returncode}; see {log}.")
        finally:
            process.terminate()
            process.wait(timeout=60)


def resident_mb(platform: Platform) -> dict[str, float]:
    """Resident memory by service in MB (10^6 bytes), shared pages counted once (PSS of every process under it)."""
    supervisor = Supervisor(platform)
    pid = supervisor.pid()
    if pid is None:
        return {}
    found = {"supervisord": _pss(psutil.Process(pid))}
    for name, info in supervisor.states().items():
        if info["pid"]:
            root = psutil.Process(info["pid"])
            found[name] = _pss(root) + sum(_pss(child) for child in root.children(recursive=True))
    return found


def _pss(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 1e6
    except psutil.NoSuchProcess:
        return 0.0

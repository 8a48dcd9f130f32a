"""What it costs one process to fly a large fleet in real time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from benchmarks.bench_platform import running_once
from benchmarks.figures import Result
from stack.config import ROOT
from stack.services.base import Context, inherited

SERVERS = ("web", "kafka", "seaweedfs")
SHIPS = 10_000
SETTLE_S = 30
SAMPLE_S = 60
LAUNCH_S = 180
HELD = 0.98
"""Share of a message a ship and second that counts as holding the rate; the rest is where a sample begins and ends."""
FLAT_MINUTES = float(os.environ.get("BENCH_FLAT_MINUTES", "30"))


def measure_cpu() -> list[Result]:
    """fleet_cpu, fleet_cpu_growth and the resident memory of a fleet.

    hocotate-fleet flies 10,000 ships, then 20,000, all to Maxima, at a message a second each. Half a minute after the
    last launch, the CPU time of the process over one minute counts, over that minute, and its resident memory at the
    end. The fleet must have had its messages acknowledged at its rate.
    fleet_rss_mb: of 10,000 ships.
    """
    with running_once(SERVERS) as context:
        small, memory = _sample(context, SHIPS)
        large, _ = _sample(context, 2 * SHIPS)
    return [
        Result("fleet_cpu", round(small, 3)),
        Result("fleet_cpu_growth", round(large / small, 2)),
        Result("fleet_rss_mb", round(memory)),
    ]


def measure_ship() -> list[Result]:
    """ship_rss_mb: resident memory of hocotate-ship, after its first report and with telemetry every second."""
    with running_once(SERVERS) as context:
        return [Result("ship_rss_mb", round(_one_ship(context)))]


def measure_flatness() -> list[Result]:
    """fleet_rss_growth_mb: by how much a fleet's memory grows in half an hour.

    10,000 ships, a new one as one ends: the greatest resident memory of the last sixth of the time, less that of the
    first. BENCH_FLAT_MINUTES sets another time than 30.
    """
    with running_once(SERVERS) as context, _fleet(context, SHIPS, "--keep") as (process, log):
        _await_launch(log, SHIPS)
        sizes = []
        minutes = FLAT_MINUTES
        began = time.monotonic()
        while time.monotonic() - began < minutes * 60:
            time.sleep(15)
            sizes.append(process.memory_info().rss / 1e6)
    first, rest = sizes[: max(1, len(sizes) // 6)], sizes[-max(1, len(sizes) // 6) :]
    Console(stderr=True).print(f"  {max(first):.0f} MB, then {max(rest):.0f} MB", highlight=False)
    return [Result("fleet_rss_growth_mb", round(max(rest) - max(first)))]


def _sample(context: Context, ships: int) -> tuple[float, float]:
    """Cores that a fleet takes, and its resident memory in MB.

    Raises:
        RuntimeError: it did not hold its rate.
    """
    with _fleet(context, ships) as (process, log):
        _await_launch(log, ships)
        time.sleep(SETTLE_S)
        before, acknowledged, began = _cpu(process), _status(log)["acknowledged"], time.monotonic()
        time.sleep(SAMPLE_S)
        after, then = _cpu(process), _status(log)["acknowledged"]
        took = time.monotonic() - began
        memory = process.memory_info().rss / 1e6
    cores, rate = (after - before) / took, (then - acknowledged) / took
    Console(stderr=True).print(
        f"  {ships:,} ships: {cores:.3f} of a core, {rate:,.0f} messages/s, {memory:.0f} MB", highlight=False
    )
    if rate < HELD * ships:
        raise RuntimeError(f"{ships:,} ships have sent {rate:,.0f} messages a second and not {ships:,}; see {log}.")
    return cores, memory


def _one_ship(context: Context) -> float:
    program = context.platform.venv_program("hocotate-ship")
    argv = [program, "--ship", "BENCH", "--captain", "Olimar", "--target", "Maxima", "--failure-rate", "0"]
    argv += ["--reportfreq", "1", "--give-up", "--json"]
    with _flying(context, argv) as (process, log):
        deadline = time.monotonic() + LAUNCH_S
        while not _lines(log, "event", kind="report"):
            _check(time.monotonic() < deadline, f"No report stands; see {log}.")
            time.sleep(1)
        return float(process.memory_info().rss) / 1e6


@contextmanager
def _fleet(context: Context, ships: int, *arguments: str) -> Iterator[tuple[psutil.Process, Path]]:
    argv = [context.platform.venv_program("hocotate-fleet"), "--ships", str(ships), "--seed", "5", "--json"]
    argv += ["--targets", "Maxima", "--reportfreq", "1440", "--failure-rate", "0", "--give-up", *arguments]
    with _flying(context, argv) as flying:
        yield flying


@contextmanager
def _flying(context: Context, argv: list[str]) -> Iterator[tuple[psutil.Process, Path]]:
    recorder, log = context.platform.data("bench-load"), Path(context.platform.log("bench-load"))
    shutil.rmtree(recorder, ignore_errors=True)
    names = ("KAFKA_BOOTSTRAP", "MISSIONS_API", "HOCOTATE_TOKEN")
    env = {**inherited(), **{name: context.settings[name] for name in names}}
    with open(log, "wb") as out:
        started = subprocess.Popen([*argv, "--state", str(recorder)], cwd=ROOT, env=env, stdout=out, stderr=out)
    try:
        yield psutil.Process(started.pid), log
        _check(started.poll() is None, f"The fleet has ended with {started.poll()}; see {log}.")
    finally:
        # Nobody needs the end of these missions, nor the minutes that it would take to report it.
        started.kill()
        started.wait()
        shutil.rmtree(recorder, ignore_errors=True)


def _await_launch(log: Path, ships: int) -> None:
    deadline = time.monotonic() + LAUNCH_S
    while sum(_status(log).get("phases", {}).values()) < ships:
        _check(time.monotonic() < deadline, f"Not all of {ships:,} ships have taken off; see {log}.")
        time.sleep(1)


def _status(log: Path) -> dict[str, Any]:
    found = _lines(log, "status")
    return found[-1] if found else {}


def _lines(log: Path, line: str, **wanted: str) -> list[dict[str, Any]]:
    parsed = [json.loads(text) for text in log.read_text().splitlines() if text.startswith("{") and text.endswith("}")]
    return [one for one in parsed if one["line"] == line and all(one[name] == value for name, value in wanted.items())]


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _check(holds: bool, sentence: str) -> None:
    if not holds:
        raise RuntimeError(sentence)

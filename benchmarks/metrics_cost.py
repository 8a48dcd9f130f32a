"""What it costs the radar that Prometheus asks it for every ship's gauges."""

from __future__ import annotations

import http.client
import json
import math
import re
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from zlib import MAX_WBITS, decompress

import psutil
from rich.console import Console

from benchmarks.figures import Result
from stack.config import LOOPBACK, ROOT, Platform
from stack.services.base import inherited, python

SHIPS: Final = 1_000
MANY: Final = 10_000
EVERY_S: Final = 5.0
SCRAPES: Final = 24
"""Two minutes; one before them doesn't count."""
MANY_SCRAPES: Final = 6
ASKED: Final = {
    "Accept": "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "Accept-Encoding": "gzip",
    "User-Agent": "Prometheus",
}
"""As Prometheus asks."""
_GZIP: Final = MAX_WBITS | 16


@dataclass(frozen=True)
class Cost:
    """Of a scrape: wall time in ms (median and 95th percentile), percent of one core, bytes sent, and what was told."""

    median_ms: float
    p95_ms: float
    core_percent: float
    sent: int
    ships: int
    left_out: int


def measure() -> list[Result]:
    """metrics_cost, metrics_scrape_ms and metrics_ships_10000.

    A process with the radar's own fleet, gauges and metrics server holds 1,000 ships in flight, and does nothing else.
    It is asked every 5 s for two minutes as Prometheus asks: by HTTP, with gzip. metrics_scrape_ms is how long an
    answer took to its last byte, 95th percentile; metrics_cost is the processor time of the process over these minutes,
    in percent of one core. metrics_ships_10000 is how many of 10,000 ships have gauges, which METRICS_SHIPS limits; the
    others must be told as left out. Needs no platform.
    """
    few, _ = _scraped(SHIPS, SCRAPES)
    many, most = _scraped(MANY, MANY_SCRAPES)
    if few.ships != min(SHIPS, most) or (many.ships, many.left_out) != (min(MANY, most), max(0, MANY - most)):
        raise RuntimeError(
            f"With METRICS_SHIPS={most} {few.ships:,} of {SHIPS:,} ships have gauges, and of {MANY:,} {many.ships:,}, "
            f"while {many.left_out:,} are told as left out."
        )
    return [
        Result("metrics_cost", round(few.core_percent, 2)),
        Result("metrics_scrape_ms", round(few.p95_ms, 1)),
        Result("metrics_ships_10000", many.ships),
    ]


def _scraped(ships: int, scrapes: int) -> tuple[Cost, int]:
    """What scrapes of so many ships cost, and METRICS_SHIPS."""
    with served(ships) as (process, port, most):
        found = cost(process, port, scrapes)
    Console(stderr=True).print(
        f"  {ships:,} ships: {found.median_ms:.1f} ms a scrape, 95 % within {found.p95_ms:.1f} ms, "
        f"{found.core_percent:.2f} % of a core, {found.sent / 1000:,.0f} kB; "
        f"{found.ships:,} have gauges, {found.left_out:,} left out (METRICS_SHIPS={most})",
        highlight=False,
    )
    return found, most


@contextmanager
def served(ships: int) -> Iterator[tuple[psutil.Process, int, int]]:
    """A process that serves the metrics of so many ships, its port, and METRICS_SHIPS."""
    argv, settings = python("-m", "benchmarks.metrics_run", str(ships)), Platform.from_environment().settings
    env = {**inherited(), **{name: settings[name] for name in ("METRICS_SHIPS",) if name in settings}}
    with subprocess.Popen(argv, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            if not line:
                raise RuntimeError(f"The metrics' server ended with {server.wait()}; what it said stands above.")
            told = json.loads(line)
            yield psutil.Process(server.pid), told["port"], told["most"]
        finally:
            server.terminate()


def cost(process: psutil.Process, port: int, scrapes: int, every_s: float = EVERY_S) -> Cost:
    """Ask the process so often for its metrics at `port`, `every_s` apart, after one time that doesn't count."""
    line = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
    took = []
    _scrape(line)
    used, began = _cpu(process), time.monotonic()
    for number in range(1, scrapes + 1):
        asked = time.monotonic()
        body = _scrape(line)
        took.append(1000 * (time.monotonic() - asked))
        time.sleep(max(0.0, began + number * every_s - time.monotonic()))
    cores = (_cpu(process) - used) / (time.monotonic() - began)
    line.close()
    text = decompress(body, _GZIP).decode()
    return Cost(statistics.median(took), percentile(took, 0.95), 100 * cores, len(body), *gauged(text))


def percentile(values: Sequence[float], share: float) -> float:
    """The least of the values that so large a share of them does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def gauged(text: str) -> tuple[int, int]:
    """How many ships have gauges in these metrics, and how many are told as left out."""
    left_out = re.search(r"^ship_gauges_left_out (\S+)$", text, re.MULTILINE)
    if left_out is None:
        raise RuntimeError("The metrics don't tell how many ships have no gauges (ship_gauges_left_out).")
    return len(re.findall(r"^ship_fuel_percent\{", text, re.MULTILINE)), int(float(left_out[1]))


def _scrape(line: http.client.HTTPConnection) -> bytes:
    line.request("GET", "/metrics", headers=ASKED)
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200 or answer.headers["Content-Encoding"] != "gzip":
        raise RuntimeError(f"The metrics' server answered {answer.status}, {answer.headers['Content-Encoding']}.")
    return body


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)

"""How fast the lake answers: one mission's track, and an aggregate over everything."""

from __future__ import annotations

import random
import re
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console

from benchmarks.bench_platform import running_once
from benchmarks.figures import Result
from benchmarks.lake_files import ROW_GROUP, BenchLake
from benchmarks.tracks import MISSIONS_A_DAY, ROWS_A_MISSION, mission_bounds
from stack.config import ROOT
from stack.services.apps import manage
from stack.services.base import Context, inherited, python
from telemetry.history.asked import SLACK, Span
from telemetry.history.columns import NUMBERS, READINGS
from telemetry.history.reading import lake_rows
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.frontier import frontiers

DAYS: Final = range(10)
LARGER: Final = range(10, 110)
LOOKUPS: Final = 120
PART: Final = ROW_GROUP // ROWS_A_MISSION
"""Missions that are read together, about."""
SCANS: Final = 5


def measure_lookup() -> list[Result]:
    """lake_lookup_ms and lake_lookup_growth.

    A lake of 20 million rows and one of 200 million, both compacted: a file a day, sorted by mission and seq. A lookup
    is what the history's API does to the lake: ask the catalog how far the lake is and where its newest metadata is,
    then read the six readings of a mission within the times that the registry knows, by a connection behind the fence.
    The process has looked into each file once before, as one that has run for a while; but each mission lies in a part
    of a file that it has not read, since of the smaller lake it would soon hold everything in memory.

    lake_lookup_ms is the 95th percentile of 120 lookups in the smaller lake. Both lakes are asked in turn, and
    lake_lookup_growth is the ratio of their medians.
    """
    with _lakes(DAYS, LARGER) as (_, (small, large), _):
        for lake, days in ((small, DAYS), (large, LARGER)):
            for day in days:
                _lookup(lake, day, 0)
        places = zip(_unread(DAYS), _unread(LARGER), strict=True)
        pairs = [(_lookup(small, *one), _lookup(large, *other)) for one, other in places]
    ours, theirs = sorted(one for one, _ in pairs), sorted(other for _, other in pairs)
    middle, larger = statistics.median(ours), statistics.median(theirs)
    high, larger_high = (taken[int(LOOKUPS * 0.95)] for taken in (ours, theirs))
    for rows, median, p95 in ((20, middle, high), (200, larger, larger_high)):
        Console(stderr=True).print(f"  {rows} M rows: median {median:.0f}, p95 {p95:.0f} ms", highlight=False)
    return [Result("lake_lookup_ms", round(high)), Result("lake_lookup_growth", round(larger / middle, 2))]


def measure_scan() -> list[Result]:
    """lake_scan_ratio: seconds of a full aggregate over 20 million rows by `manage.py lake`, over DuckDB's alone.

    The aggregate describes each ship: of every number the mean, the least, the greatest and the deviation.
    Both are commands of their own, and the seconds that each reports count: from before DuckDB is opened, with the
    fence, the catalog and the loading of extensions, to the last row; not Python's start. DuckDB alone reads copies of
    the same files from the local disk with the same threads and memory. They run in turn, and the median of the
    rounds' ratios counts.
    """
    with _lakes(DAYS, keep=True) as (_, (lake,), files):
        ours = manage("lake", _aggregate("telemetry.raw"))
        theirs = python("-m", "benchmarks.local_scan", _aggregate("files"), *map(str, files))
        rounds = [(_seconds(ours, lake), _seconds(theirs, lake)) for _ in range(SCANS + 1)][1:]
    each = ", ".join(f"{through:.1f}/{alone:.1f}" for through, alone in rounds)
    Console(stderr=True).print(f"  lake/DuckDB alone, s: {each}", highlight=False)
    return [Result("lake_scan_ratio", round(statistics.median(through / alone for through, alone in rounds), 2))]


@contextmanager
def _lakes(*days: range, keep: bool = False) -> Iterator[tuple[Context, list[BenchLake], list[Path]]]:
    """A filled lake for each range of days, on servers of their own; with `keep`, the local copies of their files."""
    with (
        running_once(("postgres", "seaweedfs")) as context,
        TemporaryDirectory(dir=context.platform.home) as folder,
    ):
        lakes = [BenchLake(context, f"bench_{len(part)}") for part in days]
        files = [
            file for lake, part in zip(lakes, days, strict=True) for file in lake.fill(part, Path(folder), keep=keep)
        ]
        yield context, lakes, files


def _unread(days: range) -> list[tuple[int, int]]:
    """Random parts of the files (day, part), none twice, and none that the first look went into."""
    parts = [(day, part) for day in days for part in range(1, MISSIONS_A_DAY // PART)]
    return random.sample(parts, LOOKUPS)


def _lookup(lake: BenchLake, day: int, part: int) -> float:
    """Milliseconds that it takes to look up a random mission of a part of a day's file."""
    mission = day * MISSIONS_A_DAY + part * PART + random.randrange(PART)  # noqa: S311 - a load
    began, ended = mission_bounds(mission)
    start = time.perf_counter()
    frontiers(lake.access)
    metadata = metadata_locations(lake.access)["track"]
    rows = lake_rows(lake.access, metadata, mission, READINGS, Span(began - SLACK, ended + SLACK))
    took = (time.perf_counter() - start) * 1e3
    if rows.num_rows != ROWS_A_MISSION:
        raise RuntimeError(f"Mission {mission} has {rows.num_rows} rows, not {ROWS_A_MISSION}.")
    return took


def _aggregate(table: str) -> str:
    figures = [f"avg({name}), min({name}), max({name}), stddev_samp({name})" for name in NUMBERS]
    return f"SELECT ship_id, count(*), {', '.join(figures)} FROM {table} GROUP BY ship_id ORDER BY ship_id"  # noqa: S608


def _seconds(command: list[str], lake: BenchLake) -> float:
    """Seconds that a query took, as the last line of its command tells."""
    done = subprocess.run(
        command, cwd=ROOT, env={**inherited(), **lake.settings}, capture_output=True, text=True, check=False
    )
    told = re.search(r"rows, ([0-9.]+) s\)\s*$", done.stdout)
    if done.returncode or told is None:
        raise RuntimeError(f"{' '.join(command[:3])} failed: {done.stderr.strip()[-1500:]}")
    return float(told[1])

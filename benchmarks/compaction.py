"""What upkeep costs, and whether the streams notice it; what a backlog does to memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from rich.console import Console

from benchmarks.bench_platform import NO_FLEET, fleet, own_platform, resident_mb, running, running_once
from benchmarks.figures import Result
from benchmarks.hour import SECONDS, SHIPS
from benchmarks.messages import produce
from stack.config import ROOT
from stack.environment import LAKE_SETTINGS
from stack.services.base import Context, inherited, python
from telemetry.lake import LakeAccess, query
from telemetry.lake.offsets import committed_offsets
from telemetry.upkeep import upkeep_order, upkeep_tasks, upkeep_wait

BACKING = ("postgres", "seaweedfs", "kafka")
LOAD = ("--spread", "0.02", "--keep", "--targets", "Maxima", "--failure-rate", "0", "--reportfreq", "1440")
"""A message a ship and second for longer than it takes; reports are another figure's load."""
LOOK_S = 3.0
"""A look costs a third of a second of a core; more often would be a load of its own."""
SETTLE_S = 60
LONGEST_S = 900
BACKLOG = 2_000_000


def measure() -> list[Result]:
    """compaction_share and compaction_freshness_s.

    raw and track hold an hour of 2,000 ships in 1,440 files each, as 5-second commits leave them. While 2,000 ships
    send a message a second, and the stream, the derived tables and the site run, upkeep is asked for. compaction_share
    is the time that the compaction of raw took, in percent of that hour; that of track is printed beside it.
    compaction_freshness_s is the greatest age meanwhile of the newest message that a query of raw sees, at the moment
    when the query begins.
    """
    shutil.rmtree(own_platform().home, ignore_errors=True)
    with _never_by_itself(), running_once(BACKING) as context:
        _fill(context)
        with running(NO_FLEET) as context, fleet(context, "--ships", str(SHIPS), *LOAD):
            time.sleep(SETTLE_S)
            access = LakeAccess.of(context.settings)
            order = upkeep_order(access)
            ages: list[float] = []
            ended = threading.Event()
            watcher = threading.Thread(target=_watch, args=(access, ages, ended))
            watcher.start()
            done = upkeep_wait(order, seconds=LONGEST_S, told=lambda: None, access=access)
            ended.set()
            watcher.join()
            tasks = upkeep_tasks(access, after_order=order)
    if not done:
        raise RuntimeError(f"Upkeep was not done within {LONGEST_S} s.")
    took = {task.table: task.seconds for task in tasks if task.task == "compaction"}
    each = ", ".join(f"{table} {seconds:.1f} s" for table, seconds in took.items())
    Console(stderr=True).print(f"  {each}; freshness meanwhile at most {max(ages):.1f} s", highlight=False)
    share = round(100 * took["raw"] / SECONDS, 2)
    return [Result("compaction_share", share), Result("compaction_freshness_s", round(max(ages), 1))]


def measure_backlog() -> list[Result]:
    """lake_backlog_rss_mb: the most memory that the lake's application takes while two million messages drain.

    They stand in Kafka before it starts. Resident memory of the driver, its JVM and its Python workers, shared pages
    counted once, sampled every second until all are committed and the track has read them. Printed beside it: the same
    half a minute later, at rest.
    """
    with running_once(BACKING) as context:
        produce(context.settings["KAFKA_BOOTSTRAP"], "telemetry.raw", BACKLOG)
        began = time.monotonic()
        with running((*BACKING, "lake")) as context:
            most, access = 0.0, LakeAccess.of(context.settings)
            while sum(committed_offsets(access).values()) < BACKLOG and time.monotonic() - began < LONGEST_S:
                most = max(most, _lake_mb(context))
                time.sleep(1)
            drained = time.monotonic() - began
            time.sleep(30)
            rest = _lake_mb(context)
    Console(stderr=True).print(f"  drained in {drained:.0f} s, at rest {rest:,.0f} MB", highlight=False)
    return [Result("lake_backlog_rss_mb", round(max(most, rest)))]


@contextmanager
def _never_by_itself() -> Iterator[None]:
    """The application compacts only when it is asked."""
    os.environ["LAKE_COMPACT_FILES"] = "1000000"
    try:
        yield
    finally:
        del os.environ["LAKE_COMPACT_FILES"]


def _fill(context: Context) -> None:
    settings = {name: context.settings[name] for name in LAKE_SETTINGS if name in context.settings}
    context.platform.data("spark").mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        python("-m", "benchmarks.hour"),
        cwd=ROOT,
        env={**inherited(), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The hour could not be written: {done.stderr.strip()[-1500:]}")


def _watch(access: LakeAccess, ages: list[float], ended: threading.Event) -> None:
    while not ended.wait(LOOK_S):
        asked = time.time()
        ages.append(asked - _newest(access))


def _newest(access: LakeAccess) -> float:
    """When the newest message was sent that a query of the last minutes sees, in seconds since 1970."""
    recent = datetime.now(UTC) - timedelta(minutes=5)
    within = f"event_time > TIMESTAMPTZ '{recent.isoformat()}'"
    (row,) = query(f"SELECT epoch_us(max(event_time)) FROM telemetry.raw WHERE {within}", access=access).rows  # noqa: S608
    return float(row[0]) / 1e6


def _lake_mb(context: Context) -> float:
    return resident_mb(context.platform).get("lake", 0.0)

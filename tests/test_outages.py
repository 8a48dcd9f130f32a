"""Every server and every loop is killed once while a fleet flies: all comes back by itself, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
import pytest

from stack.testing import RunningPlatform
from tests.fleets import flying, ships_in_flight, until

pytestmark = [pytest.mark.platform, pytest.mark.timeout(1200)]

BACK_WITHIN_S = 60
VICTIMS = ("worker", "radar", "valkey", "seaweedfs", "postgres", "spark", "kafka")
"""Kafka last: the worker that takes the status page's samples then lives on, with what it kept of Kafka before."""


def victim_pid(platform: RunningPlatform, victim: str) -> int:
    """The process to kill, for Spark the JVM under the lake writer; 0 while there is none."""
    if victim != "spark":
        return platform.pid(victim)
    lake = platform.pid("lake")
    below = psutil.Process(lake).children(recursive=True) if lake else []
    return next((process.pid for process in below if "java" in process.name()), 0)


def back(platform: RunningPlatform, victim: str, killed: int) -> bool:
    """Whether another process has taken the place of the killed one, and every part answers well."""
    return victim_pid(platform, victim) not in (0, killed) and not platform.unhealthy()


def test_each_part_comes_back_from_kill_9_and_the_audit_holds(platform: RunningPlatform, tmp_path: Path) -> None:
    summary, log = tmp_path / "summary.json", tmp_path / "fleet.log"
    # Maxima and Neechki are the longest flights: more than three minutes at this pace, twice what seven kills take
    arguments = ["--ships", "20", "--speed", "6", "--seed", "3", "--targets", "Maxima,Neechki"]
    took: dict[str, float] = {}
    with flying(platform, log, *arguments, "--summary", str(summary)) as fleet:
        until("twenty ships are in flight", lambda: ships_in_flight(platform) >= 20, 90)
        for victim in VICTIMS:
            pid = victim_pid(platform, victim)
            os.kill(pid, signal.SIGKILL)
            killed = time.monotonic()
            until(f"the killed {victim} is gone", lambda pid=pid: not alive(pid), 10, every=0.05)
            until(
                f"{victim} is back and all parts are healthy",
                lambda victim=victim, pid=pid: back(platform, victim, pid),
                BACK_WITHIN_S,
            )
            took[victim] = round(time.monotonic() - killed, 1)
            assert fleet.poll() is None, log.read_text()[-3000:]
        print("back after, in s:", json.dumps(took))  # noqa: T201 - figures of the run
        all_back = datetime.now(UTC)
        assert fleet.wait(timeout=600) == 0, log.read_text()[-3000:]
    until("the status page knows the tracker again", lambda: said_of("tracker", platform, all_back) == "healthy", 180)
    flown = json.loads(summary.read_text())
    assert (len(flown["missions"]), flown["refused"]) == (20, 0)
    platform.audit("--wait", "120")


def said_of(part: str, platform: RunningPlatform, since: datetime) -> str | None:
    """The state in a part's newest sample since a moment; None while there is no such sample."""
    with psycopg.connect(platform.env["DATABASE_URL"]) as connection:
        found = connection.execute(
            "select state from ops.status_samples where part = %s and asked_at > %s order by at desc limit 1",
            [part, since],
        ).fetchone()
    return str(found[0]) if found else None


def alive(pid: int) -> bool:
    """Whether a process still runs."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

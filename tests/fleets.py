"""Flying fleets in whole-platform tests."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import psycopg
from playwright.sync_api import Page, expect

from stack.config import ROOT
from stack.services.loops import sample
from stack.testing import RunningPlatform

SAFE: Final = ("--failure-rate", "0")
"""No ship breaks down, so that one that is looked at is still there however slow the machine is."""


@contextmanager
def flying(platform: RunningPlatform, log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A fleet in flight; given up at the end of the block if it has not come home by then."""
    recorder = log.with_name(f"{log.stem}-recorder")
    program = platform.context.platform.venv_program("hocotate-fleet")
    argv = [program, *arguments, "--state", str(recorder), "--give-up"]
    with open(log, "wb") as file:
        fleet = subprocess.Popen(
            argv, cwd=ROOT, env=platform.ship_env(), stdout=file, stderr=file, stdin=subprocess.DEVNULL
        )
        try:
            yield fleet
        finally:
            if fleet.poll() is None:
                fleet.terminate()
            fleet.wait(timeout=60)


def until(what: str, holds: Callable[[], Any], seconds: float, every: float = 0.5) -> Any:
    """Wait for a condition; fails with `what` when it does not hold in time."""
    deadline = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(every)


def choose(page: Page, ship: str) -> None:
    """Chooses a ship in the radar's table, as a person does: first the pointer comes, then it clicks."""
    row = page.locator(f"tr[data-ship={json.dumps(ship)}]")
    # From now on rows keep their places; before, an update between aiming and clicking may put another one there.
    row.hover()
    row.click()
    expect(row).to_have_attribute("aria-selected", "true")


def lake(platform: RunningPlatform, query: str) -> list[dict[str, Any]]:
    """Rows of a query of the lake."""
    done = platform.manage("lake", query, "--format", "json", "--limit", "100000")
    assert done.returncode == 0, done.stdout + done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def metrics(platform: RunningPlatform) -> str:
    """What the radar tells Prometheus."""
    answer = httpx.get(f"http://127.0.0.1:{platform.env['FLEET_METRICS_PORT']}/metrics", trust_env=False)
    return answer.raise_for_status().text


def ships_on_radar(platform: RunningPlatform) -> int:
    """How many ships the radar shows."""
    return int(sample(metrics(platform), "fleet_missions") or 0)


def newest_age(platform: RunningPlatform) -> float:
    """Age in seconds of the newest message on the radar."""
    age = sample(metrics(platform), "radar_newest_event_age_seconds")
    return time.time() if age is None else age


def ships_in_flight(platform: RunningPlatform) -> int:
    """How many running missions headquarters has heard of within the last five seconds."""
    with psycopg.connect(platform.env["DATABASE_URL"]) as connection:
        found = connection.execute(
            "select count(*) from params.missions where status = 'RUNNING' and last_message_at > now() - interval '5 s'"
        ).fetchone()
    return int(found[0]) if found else 0

"""A ship that is killed again and again reaches home as if nothing had happened."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from stack.config import ROOT
from stack.testing import RunningPlatform
from tests.fleets import lake, until

pytestmark = [pytest.mark.platform, pytest.mark.timeout(900)]

KILLS = 20
KAFKA_GOES_AT = (5, 14)
"""At these kills the broker is killed too; it needs about ten seconds to come back."""
# Flight 0 of this seed comes home from Neechki, after more than a minute at this pace.
FLIGHT = ["--target", "Neechki", "--captain", "Olimar", "--seed", "20", "--reportfreq", "2", "--failure-rate", "0.002"]
READINGS = "seq, phase, coord_x, coord_y, coord_z, fuel_prc, motor_temp_c, engine_pressure_kpa, status, ship_condition"


def test_killed_twenty_times_a_ship_comes_home_whole(platform: RunningPlatform, tmp_path: Path) -> None:
    chance = random.Random(4)
    state, log = tmp_path / "recorder", tmp_path / "ship.log"
    new = ["--ship", "PHOENIX", *FLIGHT, "--speed", "15", "--state", str(state)]
    again = ["--resume", "--state", str(state)]
    for kill in range(KILLS):
        with open(log, "ab") as file:
            ship = subprocess.Popen(
                [ship_program(platform), *(again if kill else new)],
                cwd=ROOT, env=platform.ship_env(), stdout=file, stderr=file, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        if not kill:
            until("the flight has begun", lambda: b"leaves for" in log.read_bytes(), 60, every=0.05)
        time.sleep(chance.uniform(0.5, 4.0))
        if kill in KAFKA_GOES_AT:
            os.kill(platform.pid("kafka") or 0, signal.SIGKILL)
        assert ship.poll() is None, log.read_text()[-3000:]
        ship.kill()
        ship.wait()
    phoenix = flown(platform, tmp_path / "phoenix.json", again)
    twin = flown(platform, tmp_path / "twin.json", ["--ship", "TWIN", *FLIGHT, "--speed", "100"])

    until("all parts are healthy again", lambda: not platform.unhealthy(), 120)
    platform.audit("--wait", "120")
    courses = [course(platform, mission) for mission in (phoenix, twin)]
    assert [row["seq"] for row in courses[0]] == list(range(phoenix["last_seq"] + 1))
    assert courses[0] == courses[1]
    for mission in (phoenix, twin):
        assert mission["status"] == "SUCCESS"
        assert ingested(platform, mission) == (mission["reports"], mission["items"], mission["last_seq"] + 1)
    assert (phoenix["reports"], phoenix["items"]) == (twin["reports"], twin["items"])


def ship_program(platform: RunningPlatform) -> str:
    """hocotate-ship of the platform's environment."""
    return platform.context.platform.venv_program("hocotate-ship")


def flown(platform: RunningPlatform, summary: Path, arguments: list[str]) -> dict[str, Any]:
    """What became of a flight that is flown to its end."""
    done = subprocess.run(
        [ship_program(platform), *arguments, "--speed", "100", "--summary", str(summary)],
        cwd=ROOT, env=platform.ship_env(), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (mission,) = json.loads(summary.read_text())["missions"]
    found: dict[str, Any] = mission
    return found


def course(platform: RunningPlatform, mission: dict[str, Any]) -> list[dict[str, Any]]:
    """What the lake has of a mission, each seq once: what was sent twice must say the same."""
    where = f"CAST(mission_id AS VARCHAR) = '{mission['mission_id']}'"
    return lake(platform, f"SELECT DISTINCT {READINGS} FROM telemetry.raw WHERE {where} ORDER BY seq")


def ingested(platform: RunningPlatform, mission: dict[str, Any]) -> tuple[int, int, int]:
    """Manifests, items and ticks of a mission in the warehouse."""
    counts = []
    with psycopg.connect(platform.env["DATABASE_URL"]) as connection:
        for table in ("manifests", "mission_reports", "ship_state"):
            found = connection.execute(
                f"select count(*) from ll.{table} where mission_id = %s",
                [int(mission["mission_id"])],
            ).fetchone()
            counts.append(int(found[0]) if found else 0)
    return counts[0], counts[1], counts[2]

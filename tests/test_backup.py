"""A platform that has flown is backed up, and restored into another folder with other ports: nothing lacks there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from django.db import connections
from rich.console import Console

from stack import start
from stack.config import ROOT, Platform
from stack.execute import context
from stack.progress import Progress
from stack.supervisor import DOWN_STATES
from stack.testing import RunningPlatform
from tests.fleets import SAFE, flying

pytestmark = [pytest.mark.platform, pytest.mark.timeout(900)]

FAR_AWAY: Final = 300
"""Ports of the restored platform, beyond those of the tests' and the benchmarks'."""
TABLES: Final = ("params.missions", "ll.manifests", "ll.mission_reports", "ll.ship_state", "ll.report_uploads")


def stack(platform: Platform, *arguments: str) -> str:
    """Run a command of the platform, as `make` does; what it printed."""
    env = {**os.environ, "STACK_DIR": str(platform.home), "STACK_PORT_OFFSET": str(platform.offset)}
    argv = [sys.executable, "-m", "stack", *arguments]
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def figures(audit: dict[str, object], invariant: int) -> dict[str, Any]:
    """What an audit counted for one invariant."""
    rows: Any = audit["rows"]
    found: dict[str, Any] = next(row["figures"] for row in rows if row["invariant"] == invariant)
    return found


def counted(platform: RunningPlatform) -> dict[str, Any]:
    """Rows of the registry and of the warehouse, by table, and the contracts in their registry's own database."""
    found: dict[str, Any] = {}
    with psycopg.connect(platform.env["DATABASE_URL"]) as connection:
        for table in TABLES:
            found[table] = connection.execute(f"select count(*) from {table}").fetchone()
    password = platform.context.secrets["REGISTRY_DB_PASSWORD"]
    with psycopg.connect(
        platform.env["DATABASE_URL"], user="registry", password=password, dbname="registry"
    ) as connection:
        found["contracts"] = connection.execute("select count(*) from content").fetchone()
    return found


@contextmanager
def stopped(platform: RunningPlatform) -> Iterator[None]:
    """The shared platform at rest; at the end its parts run again, those that ran before."""
    states = platform.supervisor.states()
    names = tuple(name for name, info in states.items() if info["statename"] not in DOWN_STATES)
    connections.close_all()  # of tests before this one; they end with their server
    try:
        start.down(platform.context.platform, Progress(Console(stderr=True)))
        yield
    finally:
        start.up(platform.context.platform, names, Progress(Console(stderr=True)))


@pytest.fixture
def places(platform: RunningPlatform) -> Iterator[tuple[Path, Platform]]:
    """A folder for a backup and a place for a platform, beside the shared one; both are gone afterwards."""
    shared = platform.context.platform
    to, home = (shared.home.with_name(f"{shared.home.name}-{what}") for what in ("backup", "restored"))
    offset = shared.offset + FAR_AWAY
    elsewhere = replace(shared, home=home, offset=offset, settings={"STACK_PORT_OFFSET": str(offset)})
    for folder in (to, home):
        shutil.rmtree(folder, ignore_errors=True)
    yield to, elsewhere
    for folder in (to, home):
        shutil.rmtree(folder, ignore_errors=True)


def test_what_was_backed_up_is_all_there_in_another_folder_with_other_ports(
    platform: RunningPlatform, places: tuple[Path, Platform], tmp_path: Path
) -> None:
    to, elsewhere = places
    fleet = ["--ships", "4", "--targets", "Nijo", "--speed", "100", *SAFE]
    with flying(platform, tmp_path / "fleet.log", *fleet) as flight:
        assert flight.wait(timeout=120) == 0, (tmp_path / "fleet.log").read_text()[-3000:]
    before = platform.audit("--wait", "90")
    rows = counted(platform)

    with stopped(platform):
        stack(platform.context.platform, "backup", "--to", str(to))
        stack(elsewhere, "restore", "--from", str(to))
        try:
            stack(elsewhere, "up", "web")
            restored = RunningPlatform(context(elsewhere))
            after = restored.audit("--wait", "0")
            again = counted(restored)
        finally:
            stack(elsewhere, "down")

    assert again == rows
    assert restored.site_url != platform.site_url
    assert restored.context.secrets == platform.context.secrets
    for figure in (
        "messages in Kafka by now",
        "committed by the lake",
        "in raw",
        "in dead_letters",
        "missing",
        "doubled",
    ):
        assert figures(after, 1)[figure] == figures(before, 1)[figure], json.dumps([before, after])
    assert figures(after, 1)["in raw"] > 0
    assert figures(after, 3) == figures(before, 3)

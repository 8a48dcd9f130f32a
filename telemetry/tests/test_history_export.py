"""A large export from the site's own server: bounded memory, whoever reads it and however slowly."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import psutil
import pyarrow as pa
import pytest
from django.db import connection

from missions.models import Mission
from spark.tests.lakes import Lake, until
from stack.config import ROOT
from stack.services.apps import SMALL
from stack.services.base import Context, inherited

from .tracks import SCHEMA, Tracks

ROWS = 2_000_000
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
MOST_GROWTH_MB = 300
"""Of which the engine may take 128 for the lake's files; the whole export is as large as CSV, and larger in memory."""


@dataclass
class Site:
    """A server of the test's own."""

    client: httpx.Client
    process: psutil.Process

    def pss_mb(self) -> float:
        """Its memory."""
        return float(self.process.memory_full_info().pss) / 1e6


@pytest.fixture
def large_mission(backing: Context, mission: Mission, tmp_path: Path) -> Iterator[tuple[Mission, Lake]]:
    """A mission of twelve days, a message a second, in a lake of the test's own."""
    lake = Lake(backing, tmp_path)
    lake.make()
    ends = BEGAN + timedelta(seconds=ROWS)
    Mission.objects.filter(pk=mission.pk).update(started_at=BEGAN, last_seq=ROWS - 1, last_message_at=ends)
    tracks = Tracks(lake)
    tracks.append([])
    for begin in range(0, ROWS, 100_000):
        tracks.append_table(rows(mission, begin, begin + 100_000))
    yield mission, lake
    lake.drop()


def rows(mission: Mission, begin: int, end: int) -> pa.Table:
    """Some rows of the large mission."""
    seq = np.arange(begin, end)
    times = int(BEGAN.timestamp() * 1e6) + seq * 1_000_000
    noise = np.random.default_rng(begin).standard_normal(len(seq))
    texts = {"phase": "OUTBOUND", "ship_condition": "GOOD", "status": "OK", "ship_id": mission.ship_name}
    given = {
        "event_time": times,
        "kafka_time": times,
        "mission_id": np.full(len(seq), mission.mission_id),
        "seq": seq,
        "kafka_offset": seq,
        "kafka_partition": np.zeros(len(seq), int),
    }
    columns = []
    for field in SCHEMA:
        if field.type == pa.string():
            columns.append(pa.array([texts.get(field.name)] * len(seq), pa.string()))
        else:
            columns.append(pa.array(given.get(field.name, np.round(noise, 3))).cast(field.type))
    return pa.table(columns, schema=SCHEMA)


@pytest.fixture
def site(backing: Context, large_mission: tuple[Mission, Lake], free_port: int) -> Iterator[Site]:
    """The site, served as the platform serves it, over the test's database and lake."""
    access = large_mission[1].access()
    database = urlsplit(backing.settings["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {
        **inherited(),
        **backing.settings,
        **SMALL,
        "DATABASE_URL": database,
        "LAKE_CATALOG_READER_URL": access.catalog_url,
        "LAKE_WAREHOUSE": access.warehouse,
        "DJANGO_SETTINGS_MODULE": "hocotate_site.settings",
    }
    argv = [sys.executable, "-m", "hocotate_site.server", "-b", "127.0.0.1", "-p", str(free_port)]
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen(
            [*argv, "hocotate_site.asgi:application"], cwd=ROOT, env=environment, stdout=nothing, stderr=nothing
        )
    with httpx.Client(base_url=f"http://127.0.0.1:{free_port}", trust_env=False, timeout=120) as client:
        try:
            until("the site answers", lambda: _answers(client))
            yield Site(client, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(20)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/livez").status_code == 200
    except httpx.TransportError:
        return False


def path(mission: Mission, suffix: str) -> str:
    """Where its telemetry is."""
    return f"/api/v1/missions/{mission.mission_id}/telemetry{suffix}"


def test_a_long_mission_is_exported_in_bounded_memory_and_leaving_frees_the_place(
    site: Site, large_mission: tuple[Mission, Lake]
) -> None:
    mission, _ = large_mission
    short = {"from": BEGAN.isoformat(), "to": (BEGAN + timedelta(seconds=100)).isoformat()}
    assert site.client.get(path(mission, ".csv"), params=short).text.count("\n") == 101
    before, seen = site.pss_mb(), [0.0]
    looked = time.monotonic()

    lines, size = 0, 0
    with site.client.stream("GET", path(mission, ".csv")) as answer:
        for piece in answer.iter_bytes(2**20):
            lines += piece.count(b"\n")
            size += len(piece)
            if time.monotonic() - looked > 0.2:
                seen.append(site.pss_mb() - before)
                looked = time.monotonic()

    assert lines == ROWS + 1
    assert size > 360e6
    assert max(seen) < MOST_GROWTH_MB, f"{max(seen):.0f} MB more, for a file of {size / 1e6:.0f} MB"

    for _ in range(6):  # more than may run at once
        with site.client.stream("GET", path(mission, ".parquet")) as answer:
            assert answer.status_code == 200
            next(answer.iter_bytes())
        until("a place is free", lambda: site.client.get(path(mission, ".csv"), params=short).status_code == 200, 60)


def test_a_chart_of_a_long_mission_has_few_points(site: Site, large_mission: tuple[Mission, Lake]) -> None:
    mission, _ = large_mission

    answer = site.client.get(path(mission, ""), params={"columns": "motor_temp_c", "points": 500}).json()

    assert answer["rows"] == answer["source"]["lake"] == ROWS
    assert 200 < len(answer["series"]["motor_temp_c"]["at"]) <= 500
    assert answer["gap_count"] == 0

"""Twenty ships fly out and home through every part of the platform."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest

from stack.services.seaweedfs import client
from stack.testing import RunningPlatform
from tests.fleets import flying, lake, until

pytestmark = [pytest.mark.platform, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def flight(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The summary of 20 ships that flew to the end at 20 times the pace."""
    folder = tmp_path_factory.mktemp("flight")
    summary = folder / "summary.json"
    arguments = ["--ships", "20", "--speed", "20", "--seed", "7", "--summary", str(summary)]
    with flying(platform, folder / "fleet.log", *arguments) as fleet:
        assert fleet.wait(timeout=400) == 0, (folder / "fleet.log").read_text()[-3000:]
    found: dict[str, Any] = json.loads(summary.read_text())
    return found


def test_every_ship_ends_its_mission(flight: dict[str, Any]) -> None:
    missions = flight["missions"]
    assert len(missions) == 20
    assert {mission["status"] for mission in missions} <= {"SUCCESS", "FAILURE"}
    assert any(mission["status"] == "SUCCESS" for mission in missions)
    assert flight["refused"] == 0


def test_the_audit_holds(platform: RunningPlatform, flight: dict[str, Any]) -> None:
    platform.audit("--wait", "90")


def test_the_lake_holds_what_was_acknowledged(platform: RunningPlatform, flight: dict[str, Any]) -> None:
    platform.audit("--wait", "90")
    acknowledged = {int(mission["mission_id"]): mission["last_seq"] + 1 for mission in flight["missions"]}
    wanted = ", ".join(f"'{mission}'" for mission in acknowledged)
    rows = lake(
        platform,
        "SELECT CAST(mission_id AS BIGINT) AS mission, count(*) AS messages, count(DISTINCT seq) AS distinct_seq "
        f"FROM telemetry.raw WHERE CAST(mission_id AS VARCHAR) IN ({wanted}) GROUP BY 1",
    )
    assert {row["mission"]: row["messages"] for row in rows} == acknowledged
    assert {row["mission"]: row["distinct_seq"] for row in rows} == acknowledged


def test_the_warehouse_holds_what_the_parquet_files_hold(platform: RunningPlatform, flight: dict[str, Any]) -> None:
    store: Any = client(platform.context, "SITE")
    missions = [int(mission["mission_id"]) for mission in flight["missions"]]
    with psycopg.connect(platform.env["DATABASE_URL"]) as connection:

        def loaded() -> bool:
            open_ones = connection.execute(
                "select count(*) from ll.report_uploads where mission_id = any(%s) and state <> 'loaded'", [missions]
            ).fetchone()
            connection.rollback()
            return open_ones == (0,)

        until("every report is loaded", loaded, 90)
        for table, kind in (("mission_reports", "mission"), ("ship_state", "ship_state")):
            stored = 0
            for mission in missions:
                listing = store.list_objects_v2(Bucket="missions", Prefix=f"missions/{mission}/")
                for entry in listing.get("Contents", []):
                    if entry["Key"].rsplit("/", 1)[1].startswith(f"{kind}_") and entry["Key"].endswith(".parquet"):
                        body = store.get_object(Bucket="missions", Key=entry["Key"])["Body"].read()
                        stored += pq.read_metadata(io.BytesIO(body)).num_rows
                        assert_manifest_names(store, entry["Key"], body)
            rows = connection.execute(
                f"select count(*) from ll.{table} where mission_id = any(%s)",
                [missions],
            ).fetchone()
            assert rows == (stored,)
            assert stored > 0


def assert_manifest_names(store: Any, key: str, body: bytes) -> None:
    """The manifest beside a file names it with its checksum."""
    folder, name = key.rsplit("/", 1)
    stem = name.removesuffix(".parquet").removeprefix("mission_").removeprefix("ship_state_")
    manifest_key = f"{folder}/manifest_{stem}.json"
    manifest = json.loads(store.get_object(Bucket="missions", Key=manifest_key)["Body"].read())
    checksums = {file["key"]: file["sha256"] for file in manifest["files"]}
    assert checksums[key] == hashlib.sha256(body).hexdigest()


def test_the_log_of_uploads_names_each_report(platform: RunningPlatform, flight: dict[str, Any]) -> None:
    store: Any = client(platform.context, "SITE")
    pages = store.get_paginator("list_objects_v2").paginate(Bucket="logs")
    names = [Path(entry["Key"]).name for page in pages for entry in page.get("Contents", [])]
    assert len(names) >= sum(mission["reports"] for mission in flight["missions"])


def test_flying_again_with_the_same_seed_flies_the_same_flight(
    platform: RunningPlatform, flight: dict[str, Any], tmp_path: Path
) -> None:
    summary = tmp_path / "again.json"
    arguments = ["--ships", "20", "--speed", "100", "--seed", "7", "--summary", str(summary)]
    with flying(platform, tmp_path / "fleet.log", *arguments) as fleet:
        assert fleet.wait(timeout=300) == 0, (tmp_path / "fleet.log").read_text()[-3000:]
    again = json.loads(summary.read_text())

    def course(mission: dict[str, Any]) -> tuple[object, ...]:
        return mission["ship"], mission["target"], mission["status"], mission["last_seq"]

    assert sorted(map(course, again["missions"])) == sorted(map(course, flight["missions"]))

"""How soon a list of the admin opens when it has five million rows."""

from __future__ import annotations

import time
from typing import Final

import httpx
import psycopg
from psycopg import sql

from benchmarks.bench_platform import running_once
from benchmarks.figures import Result
from benchmarks.site import administrator
from stack.services.postgres import superuser_url

ROWS: Final = 5_000_000
OPENED: Final = 20
PARTS: Final = ("postgres", "valkey", "seaweedfs", "kafka", "web")

_FILL: Final = (
    """
    INSERT INTO params.missions (ship_name, captain, target, report_freq_min, status, started_at, finished_at,
                                 updated_at, registered_by_id)
    SELECT 'SHIP_' || mod(n, 5000), 'Captain ' || mod(n, 15), 'Koppai', 5, 'SUCCESS', t, t + interval '10 minutes', t,
           (SELECT min(token_id) FROM params.ship_tokens)
    FROM (SELECT n, timestamptz '2024-01-01' + n * interval '10 seconds' AS t FROM generate_series(1, {rows}) AS n)
    """,
    """
    INSERT INTO ll.report_uploads (mission_id, report_no, date, manifest_key, state, failed_check, reason, attempts,
                                   announced_at, updated_at)
    SELECT n, 1, date '2024-01-01' + n / 8640, 'missions/' || n, 'loaded', '', '', 1, t, t
    FROM (SELECT n, timestamptz '2024-01-01' + n * interval '10 seconds' AS t FROM generate_series(1, {rows}) AS n)
    """,
    """
    INSERT INTO ll.mission_reports (manifest_id, row_no, mission_id, item, value, timestamp, file_checksum, source_file)
    SELECT n / 20, mod(n, 20), n / 20, 'Frozen Food Containers', 75,
           timestamptz '2024-01-01' + n * interval '10 seconds', repeat('0', 64), 'missions/' || n / 20
    FROM generate_series(1, {rows}) AS n
    """,
)
_LISTS: Final = (
    "missions/mission/",
    "missions/mission/?started_at__year=2024&started_at__month=1",
    "telemetry/reportupload/",
    "telemetry/missionreport/",
)


def measure() -> list[Result]:
    """admin_open_ms: the slowest list's 95th percentile of 20 openings, with five million rows in each, in ms.

    Missions as they are and of a month two years back, announced reports, and items of cargo: the whole page, from the
    running site over HTTP, by a signed-in administrator.
    """
    with running_once(PARTS) as context:
        with psycopg.connect(superuser_url(context), autocommit=True) as connection:
            for statement in _FILL:
                connection.execute(sql.SQL(statement).format(rows=sql.Literal(ROWS)))
            connection.execute("ANALYZE")
        with administrator(context) as browser:
            slowest = max(_percentile(browser, f"/admin/{path}") for path in _LISTS)
    return [Result("admin_open_ms", slowest)]


def _percentile(browser: httpx.Client, path: str) -> float:
    took = []
    for _ in range(OPENED):
        began = time.perf_counter()
        browser.get(path).raise_for_status()
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print(f"  {path}: median {took[OPENED // 2]:.0f} ms, p95 {took[int(OPENED * 0.95) - 1]:.0f} ms")
    return took[int(OPENED * 0.95) - 1]

"""How fast pages answer while people ask at a steady rate, whether or not the answer before has come."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Final

import httpx
import psycopg
from rich.console import Console

from benchmarks.bench_platform import running_once
from benchmarks.figures import Result
from benchmarks.site import administrator, managed
from ships_client.contracts import CAPTAINS, SHIPS, TARGETS
from stack.services.base import Context

PARTS: Final = ("postgres", "valkey", "seaweedfs", "kafka", "registry", "web")
MISSIONS: Final = 100_000
RUNNING: Final = 200
"""Missions in flight, the newest ones."""
WITH_REPORTS: Final = 2_000
"""The newest ended missions have two loaded reports of 20 items each."""
RATE: Final = 20.0
"""Requests a second."""
SECONDS: Final = 20.0
WARM_S: Final = 3.0
PERCENTILE: Final = 95

# A year of missions, ten minutes of flight each, names in turn; one in twelve was lost.
_MISSIONS: Final = """
INSERT INTO params.missions (ship_name, captain, target, report_freq_min, status, phase, last_seq, final_seq,
                             last_message_at, started_at, finished_at, updated_at, registered_by_id)
SELECT (%(ships)s::text[])[1 + n %% %(many_ships)s], (%(captains)s::text[])[1 + n %% %(many_captains)s],
       (%(targets)s::text[])[1 + n %% %(many_targets)s], 5,
       CASE WHEN flying THEN 'RUNNING' WHEN n %% 12 = 0 THEN 'FAILURE' ELSE 'SUCCESS' END,
       CASE WHEN flying THEN 'OUTBOUND' WHEN n %% 12 = 0 THEN 'LOST' ELSE 'HOME' END,
       599, CASE WHEN flying THEN NULL ELSE 599 END, began + interval '10 minutes', began,
       CASE WHEN flying THEN NULL ELSE began + interval '10 minutes' END, now(), %(token)s
FROM (SELECT n, n > %(missions)s - %(running)s AS flying,
             now() - interval '365 days' * (1 - n::float / %(missions)s) - interval '11 minutes' AS began
      FROM generate_series(1, %(missions)s::int) AS n) AS made
"""
_REPORTS: Final = """
WITH chosen AS (
    SELECT mission_id, started_at FROM params.missions WHERE status <> 'RUNNING' ORDER BY mission_id DESC LIMIT %(most)s
), announced AS (
    INSERT INTO ll.report_uploads (mission_id, report_no, date, manifest_key, state, failed_check, reason, attempts,
                                   announced_at, updated_at)
    SELECT mission_id, number, started_at::date, mission_id || '/' || number, 'loaded', '', '', 1, started_at, now()
    FROM chosen, generate_series(1, 2) AS number RETURNING mission_id, report_no, date, manifest_key
), ledger AS (
    INSERT INTO ll.manifests (mission_id, mission_date, report_no, manifest_path, mission_file, checksum_mission,
                              checksum_manifest, rows_mission, rows_ship_state, upload_time, status)
    SELECT mission_id, date, report_no, manifest_key, manifest_key, repeat('0', 64), repeat('0', 64), 20, 0, now(),
           'LOADED'
    FROM announced RETURNING id, mission_id
)
INSERT INTO ll.mission_reports (manifest_id, row_no, mission_id, item, value, timestamp, file_checksum, source_file)
SELECT id, n, mission_id, 'Machinery Parts', 140, now(), repeat('0', 64), '' FROM ledger, generate_series(0, 19) AS n
"""


def list_pages(newest: int) -> list[str]:
    """The list as people use it: its first page, deep in the past, narrowed, searched, sorted, and its live rows."""
    flying = ",".join(str(newest - n) for n in range(50))
    return [
        "/missions/",
        f"/missions/?after={newest - MISSIONS // 2}",
        "/missions/?status=failure&planet=Koppai",
        "/missions/?q=dolphin",
        "/missions/?sort=captain&rows=100",
        f"/missions/live/?ids={flying}&newest={newest}",
    ]


def mission_pages(newest: int) -> list[str]:
    """Pages of ended missions, with their reports."""
    chosen = [newest - RUNNING - 37 * n for n in range(20)]
    return [page for n in chosen for page in (f"/missions/{n}/", f"/missions/{n}/reports/?panel")]


def analytics_pages(newest: int) -> list[str]:
    """The marts of each period, and the long tables."""
    return [*(f"/analytics/?period={period}" for period in ("7d", "30d", "90d", "all")), "/analytics/?all=ships"]


PAGES: Final[dict[str, Callable[[int], list[str]]]] = {
    "list": list_pages,
    "mission": mission_pages,
    "analytics": analytics_pages,
}
"""Addresses by page, from the newest mission's number; each page is measured by itself."""


def measure() -> list[Result]:
    """page_p95_ms: of the slowest page the 95th percentile of the time to its last byte, at 20 requests a second.

    The registry holds 100,000 missions of a year, and the marts are built of them. Who asks is signed in. Each page is
    asked for 20 times a second over 20 s, its addresses in turn, by a schedule that waits for no answer: time spent
    queueing counts.
    """
    with running_once(PARTS) as context:
        newest = fill(context)
        managed(context, "build_marts")
        with administrator(context) as browser:
            session = browser.cookies
        found = {}
        for name, addresses in PAGES.items():
            asyncio.run(asked(context.settings["SITE_URL"], addresses(newest), WARM_S, session))
            taken = asyncio.run(asked(context.settings["SITE_URL"], addresses(newest), SECONDS, session))
            found[name] = statistics.quantiles(taken, n=100)[PERCENTILE - 1]
            said = (
                f"  {name}: p50 {statistics.median(taken):.0f} ms, p95 {found[name]:.0f} ms, most {max(taken):.0f} ms"
            )
            Console(stderr=True).print(said, highlight=False)
    return [Result("page_p95_ms", round(max(found.values()), 1))]


def fill(context: Context) -> int:
    """A registry of MISSIONS missions; returns the newest one's number."""
    with psycopg.connect(context.settings["DATABASE_URL"], autocommit=True) as connection:
        token = connection.execute(
            "INSERT INTO params.ship_tokens (name, sha256, scopes, created_at)"
            " VALUES ('pages', 'pages', '{missions:write}', now())"
            " RETURNING token_id"
        ).fetchone()
        connection.execute(
            _MISSIONS,
            {
                "ships": list(SHIPS),
                "many_ships": len(SHIPS),
                "captains": list(CAPTAINS),
                "many_captains": len(CAPTAINS),
                "targets": list(TARGETS),
                "many_targets": len(TARGETS),
                "missions": MISSIONS,
                "running": RUNNING,
                "token": token[0] if token else None,
            },
        )
        connection.execute(_REPORTS, {"most": WITH_REPORTS})
        # As autovacuum leaves the tables, minutes after so many rows came at once.
        connection.execute("VACUUM ANALYZE params.missions, params.mission_days, ll.manifests, ll.mission_reports")
        newest = connection.execute("SELECT max(mission_id) FROM params.missions").fetchone()
    return int(newest[0]) if newest else 0


async def asked(site: str, addresses: Sequence[str], seconds: float, session: httpx.Cookies) -> list[float]:
    """Times in ms from when each request was due until its answer was whole, RATE a second."""
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=site, cookies=session, timeout=30, limits=limits, trust_env=False) as client:
        began = time.monotonic() + 0.1

        async def ask(number: int) -> float:
            due = began + number / RATE
            await asyncio.sleep(due - time.monotonic())
            answer = await client.get(addresses[number % len(addresses)])
            answer.raise_for_status()
            return (time.monotonic() - due) * 1000

        return list(await asyncio.gather(*(ask(number) for number in range(int(RATE * seconds)))))

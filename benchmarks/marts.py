"""What it costs to bring the marts up to date when little is new, over building them anew."""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

import psycopg
from rich.console import Console

from benchmarks.bench_platform import running_once
from benchmarks.figures import Result
from benchmarks.site import managed
from stack.config import ROOT
from stack.services.base import Context, inherited, python

MISSIONS: Final = 10_000
TICKS: Final = 1_000
"""A mission; 10 million ship states in all."""
REPORTS: Final = 2
"""A mission, of 500 ticks and 20 items each."""
NEW: Final = MISSIONS // 100
ROUNDS: Final = 3
WRITERS: Final = 2

_MISSIONS = """
INSERT INTO params.missions (ship_name, captain, target, report_freq_min, status, phase, last_seq, final_seq,
                             started_at, finished_at, updated_at, registered_by_id)
SELECT 'SHIP_' || n %% 23, 'Captain ' || n %% 15, (%(targets)s::text[])[1 + n %% 20], 10,
       CASE WHEN n %% 7 = 0 THEN 'FAILURE' ELSE 'SUCCESS' END, CASE WHEN n %% 7 = 0 THEN 'LOST' ELSE 'HOME' END,
       999, 999, at, at + interval '1000 s', at + interval '1000 s', %(token)s
FROM generate_series(%(first)s::int, %(last)s::int) AS n
CROSS JOIN LATERAL (SELECT now() - interval '90 days' + n * interval '90 days' / 12000 AS at) AS t
ORDER BY n
RETURNING mission_id
"""
_LEDGER = """
INSERT INTO ll.manifests (mission_id, mission_date, report_no, manifest_path, mission_file, ship_state_file,
                          checksum_mission, checksum_ship_state, checksum_manifest, rows_mission, rows_ship_state,
                          first_tick_at, last_tick_at, upload_time, status)
SELECT m.mission_id, m.started_at::date, r, format('missions/%%s/manifest_%%s.json', m.mission_id, r),
       format('missions/%%s/mission_%%s.parquet', m.mission_id, r),
       format('missions/%%s/ship_state_%%s.parquet', m.mission_id, r), repeat('0', 64), repeat('0', 64),
       repeat('0', 64), 20, 500, m.started_at + (r - 1) * interval '500 s',
       m.started_at + r * interval '500 s' - interval '1 s', m.started_at + r * interval '500 s', 'LOADED'
FROM params.missions AS m CROSS JOIN generate_series(1, 2) AS r
WHERE m.mission_id BETWEEN %(first)s AND %(last)s
ORDER BY m.mission_id, r
"""
_ITEMS = """
INSERT INTO ll.mission_reports (manifest_id, row_no, mission_id, item, value, timestamp, file_checksum, source_file)
SELECT m.id, n, m.mission_id, (%(items)s::text[])[1 + (m.id + n)::int %% 23],
       (%(prices)s::bigint[])[1 + (m.id + n)::int %% 23], m.upload_time, repeat('0', 64), m.mission_file
FROM ll.manifests AS m CROSS JOIN generate_series(0, 19) AS n
WHERE m.mission_id BETWEEN %(first)s AND %(last)s
"""
_TREASURES = """
INSERT INTO ll.treasure_reports (manifest_id, row_no, mission_id, item, value, timestamp)
SELECT manifest_id, row_no, mission_id, item, value, timestamp FROM ll.mission_reports
WHERE mission_id BETWEEN %(first)s AND %(last)s AND item = ANY (%(treasures)s)
"""
_STATES = """
INSERT INTO ll.ship_state (mission_id, timestamp, seq, status, ship_condition, normalized_health_total, motor_health,
                           engine_health, core_health, fuel_health, fuel_prc, temperature_c, radiation_usv,
                           cargo_integrity_prc, coord_x, coord_y, coord_z, planet, file_checksum, source_file)
SELECT m.mission_id, m.first_tick_at + n * interval '1 s', 500 * (m.report_no - 1) + n,
       CASE WHEN n %% 100 < 5 THEN 'REPAIR' ELSE 'OK' END, CASE WHEN n %% 100 < 5 THEN 'REPAIRING' ELSE 'GOOD' END,
       0.9, 0.9, 0.95, 0.98, 0.99, 99 - n * 0.01, 21 + n %% 7, 0.4, 95, n * 2.4e6, n * -2.4e6, 0, NULL,
       m.checksum_ship_state, m.ship_state_file
FROM ll.manifests AS m CROSS JOIN generate_series(0, 499) AS n
WHERE m.mission_id BETWEEN %(first)s AND %(last)s
ORDER BY m.id, n
"""


def measure() -> list[Result]:
    """marts_incremental_ratio: seconds of a build after 1 % new data, over those of a full one.

    10 million ship states of 10,000 missions in 20,000 reports with 400,000 items stand and are built; then, three
    times, 100 missions more are loaded and built. What is compared is all of a build: models, data tests and
    publishing. One process makes them all and keeps its dbt, as the worker does; the first build, which also pays for
    what dbt reads and compiles once, counts on neither side.
    """
    with running_once(("postgres",)) as context:
        managed(context, "migrate", "--verbosity", "0")
        with (
            psycopg.connect(context.settings["DATABASE_URL"], autocommit=True) as connection,
            _builder(context) as build,
        ):
            _fill(context, connection, 1, MISSIONS)
            connection.execute("VACUUM (ANALYZE) ll.ship_state, ll.manifests, ll.mission_reports, params.missions")
            build("full")
            full = build("full")
            rounds = []
            for turn in range(ROUNDS):
                _fill(context, connection, MISSIONS + 1 + turn * NEW, MISSIONS + (turn + 1) * NEW)
                rounds.append(build("new"))
    told = ", ".join(f"{seconds:.2f}" for seconds in rounds)
    Console(stderr=True).print(f"  full {full:.2f} s; after 1 % new {told} s", highlight=False)
    return [Result("marts_incremental_ratio", round(statistics.median(rounds) / full, 3))]


def _fill(context: Context, connection: psycopg.Connection, first: int, last: int) -> None:
    """Missions with these numbers, and all that they handed in."""
    from ships_client.contracts import CATALOGUE, TARGETS
    from ships_client.contracts.world import ItemKind

    token = connection.execute(
        "INSERT INTO params.ship_tokens (name, sha256, scopes, created_at)"
        " VALUES ('bench', 'bench', '{missions:write}', now())"
        " ON CONFLICT (sha256) DO UPDATE SET name = 'bench' RETURNING token_id"
    ).fetchone()
    values = {
        "targets": list(TARGETS),
        "token": token[0] if token else 0,
        "items": [item.name for item in CATALOGUE],
        "prices": [item.poko for item in CATALOGUE],
        "treasures": [item.name for item in CATALOGUE if item.kind is ItemKind.TREASURE],
        "first": first,
        "last": last,
    }
    connection.execute(
        "SELECT ll.ship_state_month(d::date) FROM generate_series(now() - interval '100 days', now(), '10 days') AS d"
    )
    for statement in (_MISSIONS, _LEDGER, _ITEMS, _TREASURES):
        connection.execute(statement, values)
    step = -(-(last - first + 1) // WRITERS)
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda begin: _states(context, begin, min(begin + step - 1, last)), range(first, last + 1, step)))


def _states(context: Context, first: int, last: int) -> None:
    with psycopg.connect(context.settings["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(_STATES, {"first": first, "last": last})


@contextmanager
def _builder(context: Context) -> Iterator[Callable[[str], float]]:
    """Builds on request, "full" or "new", in one process; each gives its seconds."""
    with subprocess.Popen(
        python("-m", "benchmarks.marts_run"),
        cwd=ROOT,
        env={**inherited(), **context.settings, "DJANGO_SETTINGS_MODULE": "hocotate_site.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        asked, told = process.stdin, process.stdout
        if asked is None or told is None:
            raise RuntimeError("The builder has no pipes.")

        def build(what: str) -> float:
            asked.write(f"{what}\n")
            asked.flush()
            said = told.readline()
            if not said:
                raise RuntimeError("A build of the marts failed; its words stand above.")
            return float(said)

        yield build
        asked.close()

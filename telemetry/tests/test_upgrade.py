"""This version's tables over what the first release left, with its data, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from ships_client.contracts import CATALOGUE
from ships_client.contracts.world import ItemKind
from telemetry.partitions import months_held

from .warehouse import one, rows

FIRST = {"telemetry": "0002_dead_letter_replay", "missions": "0001_initial"}

START = dt.datetime(2026, 10, 31, 23, 59, 30, tzinfo=dt.UTC)
"""The ticks of the report cross a month's end."""


@pytest.fixture
def first_release(transactional_db: None) -> Iterator[int]:
    """The tables of the first release with a mission and its report; gives the mission."""
    # The site's own migrations take whatever depends on them along.
    for app, migration in FIRST.items():
        call_command("migrate", app, migration, verbosity=0)
    yield filled()
    call_command("migrate", verbosity=0)


def filled() -> int:
    """A mission of 60 ticks and all items of the catalogue, by the columns of the first release."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO params.ship_tokens (name, sha256, created_at) VALUES ('fleet', 'x', now()) RETURNING token_id"
        )
        cursor.execute(
            "INSERT INTO params.missions (ship_name, captain, target, report_freq_min, status, started_at, updated_at,"
            " registered_by_id) VALUES ('ODYSSEY', 'Olimar', 'Karut', 5, 'RUNNING', %s, now(), %s)"
            " RETURNING mission_id",
            [START, cursor.fetchone()[0]],
        )
        (mission,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO ll.manifests (mission_id, mission_date, report_no, manifest_path, mission_file,"
            " ship_state_file, checksum_mission, checksum_ship_state, checksum_manifest, rows_mission, rows_ship_state,"
            " upload_time, status) VALUES (%s, '2026-11-01', 1, 'manifest', 'items', 'states', 'a', 'b', 'c', 23, 60,"
            " now(), 'LOADED') RETURNING id",
            [mission],
        )
        (manifest,) = cursor.fetchone()
        cursor.executemany(
            "INSERT INTO ll.mission_reports (manifest_id, row_no, mission_id, item, value, timestamp, file_checksum,"
            " source_file) VALUES (%s, %s, %s, %s, %s, now(), 'a', 'items')",
            [(manifest, n, mission, item.name, item.poko) for n, item in enumerate(CATALOGUE)],
        )
        cursor.execute(
            "INSERT INTO ll.ship_state SELECT %s, %s::timestamptz + n * interval '1 s', n, 'OK', 'GOOD', 1, 1, 1, 1, 1,"
            " 100, 20, 0, 100, 0, 0, 0, NULL, 'b', 'states', now() FROM generate_series(0, 59) AS n",
            [mission, START],
        )
    return int(mission)


def test_the_first_release_is_upgraded_with_its_data_and_taken_back(first_release: int) -> None:
    before = {name: rows(f"ll.{name}", order) for name, order in (("ship_state", "seq"), ("mission_reports", "row_no"))}

    call_command("migrate", verbosity=0)

    assert {
        name: rows(f"ll.{name}", order) for name, order in (("ship_state", "seq"), ("mission_reports", "row_no"))
    } == before
    assert one("(SELECT relkind::text FROM pg_class WHERE oid = 'll.ship_state'::regclass) AS t")["relkind"] == "p"
    assert {"ship_state_2026_10", "ship_state_2026_11", f"ship_state_{timezone.now():%Y_%m}"} <= set(months_held())
    counted = one("(SELECT count(*) FROM ll.ship_state_2026_10) AS t")
    assert counted["count"] == 30
    ledger = one("ll.manifests")
    assert (ledger["first_tick_at"], ledger["last_tick_at"]) == (START, START + dt.timedelta(seconds=59))
    treasures = [item.name for item in CATALOGUE if item.kind is ItemKind.TREASURE]
    assert [row["item"] for row in rows("ll.treasure_reports", "row_no")] == treasures

    for app, migration in FIRST.items():
        call_command("migrate", app, migration, verbosity=0)

    assert one("(SELECT relkind::text FROM pg_class WHERE oid = 'll.ship_state'::regclass) AS t")["relkind"] == "r"
    assert {
        name: rows(f"ll.{name}", order) for name, order in (("ship_state", "seq"), ("mission_reports", "row_no"))
    } == before


BROKEN = [
    (
        "INSERT INTO ll.manifests SELECT changed.* FROM ll.manifests AS m"
        """, jsonb_populate_record(m, '{"id": -1, "mission_id": 999999}') AS changed""",
        "manifests_mission",
    ),
    ("UPDATE ll.mission_reports SET mission_id = 999999", "mission_reports_manifest"),
    ("DELETE FROM ll.mission_reports", "treasure_reports_item"),
    ("DELETE FROM params.missions", "manifests_mission"),
]


def test_keys_hold_reports_to_their_mission(first_release: int) -> None:
    call_command("migrate", verbosity=0)
    for statement, key in BROKEN:
        with pytest.raises(IntegrityError, match=key), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_tick_of_a_month_that_is_not_there_is_refused(first_release: int) -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor, pytest.raises(IntegrityError) as refused:
        cursor.execute("UPDATE ll.ship_state SET timestamp = '1999-01-01'")
    assert isinstance(refused.value.__cause__, psycopg.errors.CheckViolation)

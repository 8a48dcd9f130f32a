"""What the application notes in the catalog's database beside the catalog, for those who watch it or ask it something.

Tables: lake_progress (how far each query has committed), lake_upkeep (what was done to keep the tables small),
lake_orders (what people asked to be done), lake_retired (rows that retention took out).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final
from urllib.parse import urlsplit

import psycopg

from spark.settings import LakeSettings

log = logging.getLogger(__name__)

CREATE: Final = (
    """CREATE TABLE IF NOT EXISTS lake_progress (
        table_name text NOT NULL,
        kafka_partition integer NOT NULL,
        next_offset bigint NOT NULL,
        noted_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (table_name, kafka_partition))""",
    """CREATE TABLE IF NOT EXISTS lake_upkeep (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        table_name text NOT NULL,
        task text NOT NULL,
        began_at timestamptz NOT NULL DEFAULT now(),
        seconds double precision NOT NULL,
        figures jsonb NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS lake_orders (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        what text NOT NULL CHECK (what = 'upkeep'),
        asked_at timestamptz NOT NULL DEFAULT now(),
        done_at timestamptz)""",
    """CREATE TABLE IF NOT EXISTS lake_retired (
        table_name text NOT NULL,
        before_day date NOT NULL,
        kafka_partition integer NOT NULL,
        rows bigint NOT NULL,
        done boolean NOT NULL DEFAULT false,
        PRIMARY KEY (table_name, before_day, kafka_partition))""",
    # Whoever may read the catalog may ask for maintenance; what is done then is this application's own choice.
    "GRANT INSERT (what) ON lake_orders TO PUBLIC",
)
KEPT_DAYS: Final = 30


class Ledger:
    """The notes. Each call is a connection and a transaction of its own.

    Raises, from each method:
        psycopg.Error: the database does not answer.
    """

    def __init__(self, settings: LakeSettings) -> None:
        where = urlsplit(settings.catalog_uri.removeprefix("jdbc:"))
        self._parameters = psycopg.conninfo.make_conninfo(
            host=where.hostname,
            port=where.port,
            dbname=where.path.strip("/"),
            user=settings.catalog_user,
            password=settings.catalog_password,
            connect_timeout=5,
            application_name="lake ledger",
        )
        self._made = False

    def note_progress(self, table: str, next_offsets: Mapping[int, int]) -> None:
        """A table holds all messages of its kind before these offsets, by partition. Never ahead of the table."""
        rows = [(table, partition, offset) for partition, offset in next_offsets.items()]
        with self._cursor() as cursor:
            cursor.executemany(
                "INSERT INTO lake_progress (table_name, kafka_partition, next_offset) VALUES (%s, %s, %s)"
                " ON CONFLICT (table_name, kafka_partition)"
                " DO UPDATE SET next_offset = excluded.next_offset, noted_at = now()",
                rows,
            )

    def progress(self, table: str) -> dict[int, int]:
        """The offsets that were noted last for a table, by partition."""
        with self._cursor() as cursor:
            cursor.execute("SELECT kafka_partition, next_offset FROM lake_progress WHERE table_name = %s", [table])
            return dict(cursor.fetchall())

    def note_upkeep(self, table: str, task: str, seconds: float, figures: Mapping[str, int]) -> None:
        """A task was done to a table, just now. Notes are kept for a month."""
        with self._cursor() as cursor:
            cursor.execute(
                "INSERT INTO lake_upkeep (table_name, task, began_at, seconds, figures)"
                " VALUES (%s, %s, now() - make_interval(secs => %s), %s, %s)",
                [table, task, seconds, seconds, json.dumps(figures)],
            )
            cursor.execute("DELETE FROM lake_upkeep WHERE began_at < now() - make_interval(days => %s)", [KEPT_DAYS])

    def seconds_since(self, table: str, task: str) -> float | None:
        """How long ago a task was done to a table; None when it is not known that it ever was."""
        with self._cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM now() - max(began_at))::float FROM lake_upkeep"
                " WHERE table_name = %s AND task = %s",
                [table, task],
            )
            row = cursor.fetchone()
        return row[0] if row else None

    def open_orders(self) -> list[int]:
        """Orders for maintenance that are not done, oldest first."""
        with self._cursor() as cursor:
            cursor.execute("SELECT id FROM lake_orders WHERE done_at IS NULL ORDER BY id")
            return [row[0] for row in cursor.fetchall()]

    def close_orders(self, orders: list[int]) -> None:
        """These orders are done. Notes are kept for a month."""
        with self._cursor() as cursor:
            cursor.execute("UPDATE lake_orders SET done_at = now() WHERE id = ANY(%s)", [orders])
            cursor.execute("DELETE FROM lake_orders WHERE done_at < now() - make_interval(days => %s)", [KEPT_DAYS])

    def plan_retirement(self, table: str, before: date, rows: Mapping[int, int]) -> None:
        """So many rows of the days before that one are about to go, by partition."""
        with self._cursor() as cursor:
            cursor.executemany(
                "INSERT INTO lake_retired (table_name, before_day, kafka_partition, rows) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (table_name, before_day, kafka_partition) DO UPDATE SET rows = excluded.rows"
                " WHERE NOT lake_retired.done",
                [(table, before, partition, count) for partition, count in rows.items()],
            )

    def planned_retirement(self, table: str) -> date | None:
        """The day before which rows were about to go, if a kill may have come in between."""
        with self._cursor() as cursor:
            cursor.execute("SELECT max(before_day) FROM lake_retired WHERE table_name = %s AND NOT done", [table])
            row = cursor.fetchone()
        return row[0] if row else None

    def confirm_retirement(self, table: str) -> None:
        """All rows of a table that were about to go are gone."""
        with self._cursor() as cursor:
            cursor.execute("UPDATE lake_retired SET done = true WHERE table_name = %s AND NOT done", [table])

    @contextmanager
    def _cursor(self) -> Iterator[psycopg.Cursor]:
        with psycopg.connect(self._parameters) as connection, connection.cursor() as cursor:
            if not self._made:
                for statement in CREATE:
                    cursor.execute(statement)
            yield cursor
        self._made = True

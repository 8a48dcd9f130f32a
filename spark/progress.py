"""Notes in the catalog's database how far each query has committed, for those who compare the lake with Kafka.

The tables alone don't tell: after the last refused message there may be a thousand offsets with none. A note is
written after the commit, so it is never ahead of the tables.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import psycopg

from spark.settings import LakeSettings

log = logging.getLogger(__name__)

CREATE: Final = """
    CREATE TABLE IF NOT EXISTS lake_progress (
        table_name text NOT NULL,
        kafka_partition integer NOT NULL,
        next_offset bigint NOT NULL,
        noted_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (table_name, kafka_partition)
    )
"""
NOTE: Final = """
    INSERT INTO lake_progress (table_name, kafka_partition, next_offset) VALUES (%s, %s, %s)
    ON CONFLICT (table_name, kafka_partition)
    DO UPDATE SET next_offset = excluded.next_offset, noted_at = now()
"""


class ProgressNotes:
    """Writes the notes; what can't be written now is made up for by the next note."""

    def __init__(self, settings: LakeSettings) -> None:
        where = urlsplit(settings.catalog_uri.removeprefix("jdbc:"))
        self._parameters = psycopg.conninfo.make_conninfo(
            host=where.hostname,
            port=where.port,
            dbname=where.path.strip("/"),
            user=settings.catalog_user,
            password=settings.catalog_password,
            connect_timeout=5,
            application_name="lake progress",
        )

    def note(self, table: str, next_offsets: Mapping[int, int]) -> None:
        """A table holds all messages of its kind before these offsets, by partition."""
        rows = [(table, partition, offset) for partition, offset in next_offsets.items()]
        try:
            with psycopg.connect(self._parameters) as connection, connection.cursor() as cursor:
                cursor.execute(CREATE)
                cursor.executemany(NOTE, rows)
        except psycopg.Error as error:
            log.warning("The progress of %s can't be noted: %s", table, str(error).strip())

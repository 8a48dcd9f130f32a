"""Up to which offset of Kafka each table of the lake holds all messages of its kind."""

from __future__ import annotations

from typing import Final

import psycopg

from telemetry.lake.access import LakeAccess
from telemetry.lake.errors import LakeUnavailable

_STATEMENT: Final = "SELECT table_name, kafka_partition, next_offset FROM lake_progress"


def frontiers(access: LakeAccess) -> dict[str, dict[int, int]]:
    """By table and partition the next offset that it does not hold for certain, as the lake's writer noted it.

    Read it before the tables: then they hold at least that much.

    Raises:
        LakeUnavailable: the catalog does not answer.
    """
    found: dict[str, dict[int, int]] = {}
    try:
        with psycopg.connect(access.catalog_url, connect_timeout=5) as connection:
            for table, partition, offset in connection.execute(_STATEMENT):
                found.setdefault(table, {})[partition] = offset
    except psycopg.errors.UndefinedTable:
        return {}
    except psycopg.Error as error:
        raise LakeUnavailable(f"The lake's catalog does not answer: {str(error).strip()}") from error
    return found

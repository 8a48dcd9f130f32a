"""Figures for the audit: which offsets and which sequence numbers the lake holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import psycopg

from telemetry.lake.access import LakeAccess, Limits
from telemetry.lake.errors import LakeUnavailable
from telemetry.lake.frontier import frontiers
from telemetry.lake.query import query

AUDIT: Final = Limits(rows=1_000_000, seconds=120, memory_mb=1024)


@dataclass(frozen=True)
class PartitionOffsets:
    """One Kafka partition in the lake, up to the offset that both queries have committed.

    Attributes:
        committed: the next offset that the slower of both queries reads; 0 before the first commit.
        raw_rows, dead_rows: rows in each table with an offset below `committed`.
        distinct: distinct offsets among them, both tables together.
        lowest, highest: the first and last of these offsets; None without any.
        retired: rows that retention took out of both tables.
    """

    partition: int
    committed: int
    raw_rows: int
    dead_rows: int
    distinct: int
    lowest: int | None
    highest: int | None
    retired: int = 0

    @property
    def rows(self) -> int:
        """Rows of both tables."""
        return self.raw_rows + self.dead_rows

    @property
    def doubled(self) -> int:
        """Rows beyond the first of an offset."""
        return self.rows - self.distinct

    @property
    def missing(self) -> int:
        """Offsets between the lowest that stands in the lake and the committed one which stand in no table."""
        return 0 if self.lowest is None else self.committed - self.lowest - self.distinct - self.retired


@dataclass(frozen=True)
class MissionSequence:
    """One mission's sequence numbers in the lake: rows with one, distinct ones, lowest and highest."""

    mission_id: int
    rows: int
    distinct: int
    lowest: int | None
    highest: int | None


def offsets_by_partition(access: LakeAccess | None = None) -> list[PartitionOffsets]:
    """What the lake holds of each partition, by partition.

    Raises:
        LakeQueryError: the lake is empty or can't be reached.
    """
    access = access or LakeAccess.from_settings()
    # Read before the tables: so these hold at least what was committed then.
    committed = committed_offsets(access)
    if not committed:
        return []
    bounds = ", ".join(f"({partition}, {offset})" for partition, offset in committed.items())
    result = query(
        f"""
        WITH bounds(part, bound) AS (VALUES {bounds}),
        held AS (
            SELECT kafka_partition AS part, kafka_offset AS position, true AS valid FROM telemetry.raw
            UNION ALL
            SELECT kafka_partition, kafka_offset, false FROM telemetry.dead_letters
        )
        SELECT bounds.part, bound, count(position) FILTER (valid), count(position) FILTER (NOT valid),
               count(DISTINCT position), min(position), max(position)
        FROM bounds LEFT JOIN held ON held.part = bounds.part AND position < bound
        GROUP BY ALL ORDER BY bounds.part
        """,  # noqa: S608 - our whole numbers
        limits=AUDIT,
        access=access,
    )
    gone = retired_rows(access)
    return [replace(PartitionOffsets(*row), retired=gone.get(row[0], 0)) for row in result.rows]


def committed_offsets(access: LakeAccess) -> dict[int, int]:
    """By partition, the next offset of the slower query, as the lake application notes after each commit.

    Raises:
        LakeUnavailable: the catalog does not answer.
    """
    noted = frontiers(access)
    raw, dead = noted.get("raw", {}), noted.get("dead_letters", {})
    return {part: min(raw.get(part, 0), dead.get(part, 0)) for part in sorted(raw.keys() | dead.keys())}


def retired_rows(access: LakeAccess) -> dict[int, int]:
    """By partition, rows that were in raw or dead_letters until retention took them out.

    Raises:
        LakeUnavailable: the catalog does not answer.
    """
    statement = (
        "SELECT kafka_partition, sum(rows)::bigint FROM lake_retired"
        " WHERE done AND table_name IN ('raw', 'dead_letters') GROUP BY kafka_partition"
    )
    try:
        with psycopg.connect(access.catalog_url, connect_timeout=5) as connection:
            return dict(connection.execute(statement).fetchall())
    except psycopg.errors.UndefinedTable:
        return {}
    except psycopg.Error as error:
        raise LakeUnavailable(f"The lake's catalog does not answer: {str(error).strip()}") from error


def mission_sequences(ids: Collection[int], access: LakeAccess | None = None) -> dict[int, MissionSequence]:
    """The sequence numbers of some missions; one without any message in the lake is left out.

    Raises:
        LakeQueryError: the lake is empty or can't be reached.
    """
    if not ids:
        return {}
    listed = ", ".join(str(int(mission_id)) for mission_id in ids)
    result = query(
        "SELECT mission_id, count(seq), count(DISTINCT seq), min(seq), max(seq)"  # noqa: S608 - our whole numbers
        f" FROM telemetry.raw WHERE mission_id IN ({listed}) GROUP BY mission_id",
        limits=AUDIT,
        access=access,
    )
    return {row[0]: MissionSequence(*row) for row in result.rows}

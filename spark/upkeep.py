"""Keeps a table quick to read and small: compaction, manifests, expiry of snapshots, orphans, retention.

All of it runs beside the streams. These only append, which never conflicts with files that are replaced; when two
commits meet, Iceberg tries the later one again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pyspark.sql import Row, SparkSession
from pyspark.sql.functions import col, lit

from spark.increments import ancestors
from spark.session import CATALOG, jvm
from spark.tables import LakeTable, iceberg_table

MB: Final = 2**20
TARGET_MB: Final = 128
SMALL_MB: Final = 32
"""Files below it are put together; above it they are left, so that a row is written a few times at most."""

LEAST_FILES: Final = 4
MOST_MANIFESTS: Final = 30
KEPT_SNAPSHOTS: Final = 10

COMPACTION: Final[Mapping[str, str]] = {
    "target-file-size-bytes": str(TARGET_MB * MB),
    "min-file-size-bytes": str(SMALL_MB * MB),
    "max-file-size-bytes": str(2 * TARGET_MB * MB),
    # One file a group, so that a group is sorted by one task; and one group at a time, which leaves a core to the
    # streams.
    "max-file-group-size-bytes": str(TARGET_MB * MB),
    "max-concurrent-file-group-rewrites": "1",
    "min-input-files": str(LEAST_FILES),
    # What is done is kept, whatever happens to the rest.
    "partial-progress.enabled": "true",
    "partial-progress.max-commits": "50",
    # Rows that a merge marked as deleted go, and then their marks.
    "delete-file-threshold": "1",
    "remove-dangling-deletes": "true",
}


@dataclass(frozen=True)
class Compacted:
    """What a compaction did: data files before and after, bytes that were written anew."""

    rewritten: int
    added: int
    written_bytes: int


def compact(session: SparkSession, table: LakeTable, **options: str) -> Compacted:
    """Put small files of each partition together into files sorted by the table's order."""
    order = ", ".join(f"{column} ASC NULLS LAST" for column in table.order)
    listed = ", ".join(f"'{name}', '{value}'" for name, value in {**COMPACTION, **options}.items())
    row = _call(
        session,
        f"rewrite_data_files(table => '{table.identifier}', strategy => 'sort', sort_order => '{order}',"
        f" options => map({listed}))",
    )
    return Compacted(row["rewritten_data_files_count"], row["added_data_files_count"], row["rewritten_bytes_count"])


def rewrite_manifests(session: SparkSession, table: LakeTable) -> int:
    """Put many small manifests together; how many were."""
    loaded = iceberg_table(session, table)
    loaded.refresh()
    snapshot = loaded.currentSnapshot()
    if snapshot is None or snapshot.allManifests(loaded.io()).size() <= MOST_MANIFESTS:
        return 0
    row = _call(session, f"rewrite_manifests(table => '{table.identifier}', use_caching => false)")
    return int(row["rewritten_manifests_count"])


def expire(session: SparkSession, table: LakeTable, older_than: datetime, needed: int | None) -> int:
    """Forget snapshots from before `older_than`, and remove the files that only they had; how many were forgotten.

    Snapshots since `needed`, which another table has read last, stay.
    """
    loaded = iceberg_table(session, table)
    loaded.refresh()
    before = loaded.currentSnapshot()
    if before is None:
        return 0
    limit = round(older_than.timestamp() * 1000)
    if needed is not None and (read_last := loaded.snapshot(needed)) is not None:
        limit = min(limit, read_last.timestampMillis())
    count = sum(1 for _ in ancestors(session, loaded))
    loaded.expireSnapshots().expireOlderThan(limit).retainLast(KEPT_SNAPSHOTS).commit()
    loaded.refresh()
    return count - sum(1 for _ in ancestors(session, loaded))


def remove_orphans(session: SparkSession, table: LakeTable, older_than: datetime) -> int:
    """Remove files that no snapshot names, left behind by writers that were killed; how many there were.

    A file that is just being written is named by none either: `older_than` has to leave the longest commit its time.
    """
    actions = jvm(session).org.apache.iceberg.spark.actions.SparkActions.get(session._jsparkSession)
    removal = actions.deleteOrphanFiles(iceberg_table(session, table)).usePrefixListing(True)
    result = removal.olderThan(round(older_than.timestamp() * 1000)).execute()
    return sum(1 for _ in result.orphanFileLocations())


def rows_before(session: SparkSession, table: LakeTable, before: date) -> dict[int, int]:
    """Rows of the days before that one, by Kafka partition where the table has it, else under 0."""
    old = session.table(table.identifier).where(f"{table.time_column} < TIMESTAMP '{before} 00:00:00'")
    part = col("kafka_partition") if "kafka_partition" in old.columns else lit(0)
    return {int(row["part"]): int(row["count"]) for row in old.groupBy(part.alias("part")).count().collect()}


def drop_days(session: SparkSession, table: LakeTable, before: date) -> None:
    """Drop the partitions of the days before that one.

    Only metadata changes: no file is written anew, and expiry removes the files.
    """
    old = f"{table.time_column} < TIMESTAMP '{before} 00:00:00'"
    session.sql(f"DELETE FROM {table.identifier} WHERE {old}")  # noqa: S608 - our names and a date


def _call(session: SparkSession, procedure: str) -> Row:
    return session.sql(f"CALL {CATALOG}.system.{procedure}").collect()[0]

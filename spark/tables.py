"""The Iceberg tables of namespace fleet.telemetry as they are now; `spark.migrations` brings each lake there."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from pyspark.sql import SparkSession

from spark import columns
from spark.columns import Column
from spark.session import CATALOG, jvm

NAMESPACE: Final = f"{CATALOG}.telemetry"

PROPERTIES: Final = MappingProxyType(
    {
        "format-version": "2",
        "write.parquet.compression-codec": "zstd",
        # Speed before size, since a stream's files are short-lived.
        "write.parquet.compression-level": "1",
        # A dictionary that does not pay is given up sooner.
        "write.parquet.dict-size-bytes": str(64 * 2**10),
        "write.target-file-size-bytes": str(128 * 2**20),
        # Some 150,000 rows. A look-up of one mission reads one group, and a scan has as many as DuckDB likes best; it
        # also bounds what a writer holds in memory for each partition that is open.
        "write.parquet.row-group-size-bytes": str(8 * 2**20),
        # Rows are written where they were read: a shuffle by day would put all of them into one task.
        "write.distribution-mode": "none",
        "write.metadata.delete-after-commit.enabled": "true",
        "write.metadata.previous-versions-max": "20",
        "commit.retry.num-retries": "10",
        "commit.retry.total-timeout-ms": "60000",
    }
)
MERGED: Final = MappingProxyType(
    {
        # A minute that changes marks its old row as deleted instead of writing its whole file anew.
        "write.merge.mode": "merge-on-read",
        "write.delete.mode": "merge-on-read",
        "write.update.mode": "merge-on-read",
    }
)


DIFFERING: Final = ("event_time", "seq", "kafka_offset", "kafka_time")
"""Columns that, beside the readings, have hardly a value twice in a file."""


@dataclass(frozen=True)
class LakeTable:
    """One table.

    Attributes:
        name: its name in the namespace.
        columns: its columns in order.
        partitioning: Iceberg's partition transform.
        order: columns by which compacted files are sorted.
        comment: what it holds.
        own_properties: table properties beside those that all have.
    """

    name: str
    columns: tuple[Column, ...]
    partitioning: str
    order: tuple[str, ...]
    comment: str
    own_properties: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def identifier(self) -> str:
        """The name with catalog and namespace."""
        return f"{NAMESPACE}.{self.name}"

    @property
    def time_column(self) -> str:
        """The column whose day is the partition."""
        return self.partitioning.removeprefix("days(").removesuffix(")")

    @property
    def properties(self) -> dict[str, str]:
        """All table properties."""
        # Where values hardly repeat, a dictionary costs a look-up a value and is given up in the end.
        plain = (column.name for column in self.columns if column.type == "double" or column.name in DIFFERING)
        unlisted = {f"write.parquet.dict-encoding-enabled.column.{name}": "false" for name in plain}
        return {**PROPERTIES, **unlisted, **self.own_properties}


RAW: Final = LakeTable(
    "raw",
    columns.RAW,
    "days(event_time)",
    ("mission_id", "seq", "event_time"),
    "Every valid message of topic telemetry.raw",
)
DEAD_LETTERS: Final = LakeTable(
    "dead_letters",
    columns.DEAD_LETTERS,
    "days(kafka_time)",
    ("kafka_time", "kafka_partition", "kafka_offset"),
    "Every refused message, with its reason",
)
TRACK: Final = LakeTable(
    "track",
    columns.TRACK,
    "days(event_time)",
    ("mission_id", "seq", "event_time"),
    "Every mission's messages, each seq once",
)
SHIP_MINUTE: Final = LakeTable(
    "ship_minute",
    columns.SHIP_MINUTE,
    "days(minute)",
    ("ship_id", "minute"),
    "What each ship said in each minute, summed up",
    MERGED,
)
STREAMED: Final = (RAW, DEAD_LETTERS)
"""What the streaming queries fill, from Kafka."""

TABLES: Final = (*STREAMED, TRACK, SHIP_MINUTE)


def ddl(table: LakeTable, structure: str = "") -> str:
    """The statement that makes a table; `structure` (name type, name type) stands in for today's columns."""
    structure = structure or columns.sql_schema(table.columns)
    comments = {column.name: column.comment for column in table.columns}
    named = (entry.strip().split(" ") for entry in structure.split(","))
    listed = ", ".join(f"{name} {kind} COMMENT {_quoted(comments.get(name, ''))}" for name, kind in named)
    properties = ", ".join(f"'{name}' = '{value}'" for name, value in table.properties.items())
    return (
        f"CREATE TABLE IF NOT EXISTS {table.identifier} ({listed}) USING iceberg"
        f" PARTITIONED BY ({table.partitioning}) COMMENT {_quoted(table.comment)} TBLPROPERTIES ({properties})"
    )


@dataclass(frozen=True)
class Snapshot:
    """The newest state of a table: rows and data files in it, and when it was committed (unix s)."""

    rows: int
    files: int
    committed: float


def current_snapshot(session: SparkSession, table: LakeTable) -> Snapshot | None:
    """What the table holds now; None before its first commit."""
    loaded = iceberg_table(session, table)
    loaded.refresh()
    snapshot = loaded.currentSnapshot()
    if snapshot is None:
        return None
    summary = snapshot.summary()
    return Snapshot(
        int(summary.get("total-records")),
        int(summary.get("total-data-files")),
        snapshot.timestampMillis() / 1000,
    )


def current_id(session: SparkSession, table: LakeTable) -> int | None:
    """The number of the table's newest snapshot; None before its first commit."""
    loaded = iceberg_table(session, table)
    loaded.refresh()
    snapshot = loaded.currentSnapshot()
    return None if snapshot is None else int(snapshot.snapshotId())


def iceberg_table(session: SparkSession, table: LakeTable) -> Any:
    """Iceberg's own table object in the JVM."""
    spark3_util = jvm(session).org.apache.iceberg.spark.Spark3Util
    return spark3_util.loadIcebergTable(session._jsparkSession, table.identifier)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "\\'") + "'"

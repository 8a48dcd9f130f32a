"""The Iceberg tables: made at each start where they are missing, never altered here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pyspark.sql import SparkSession

from spark.columns import INGEST_TIME, KAFKA, TELEMETRY, VERDICT, Column
from spark.session import CATALOG, jvm

NAMESPACE: Final = f"{CATALOG}.telemetry"

PROPERTIES: Final = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    # Speed before size, since a stream's files are short-lived: readings hardly repeat, so that their dictionaries
    # are built in vain, and a small one is given up sooner.
    "write.parquet.compression-level": "1",
    "write.parquet.dict-size-bytes": str(64 * 2**10),
    "write.target-file-size-bytes": str(128 * 2**20),
    # Bounds what a writer holds in memory for each partition that is open.
    "write.parquet.row-group-size-bytes": str(32 * 2**20),
    # Rows are written where they were read: a shuffle by day would put all of them into one task.
    "write.distribution-mode": "none",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
    "commit.retry.num-retries": "10",
    "commit.retry.total-timeout-ms": "60000",
}


@dataclass(frozen=True)
class LakeTable:
    """One table: its name in the namespace, its columns, its partitioning, and what it holds."""

    name: str
    columns: tuple[Column, ...]
    partitioning: str
    comment: str

    @property
    def identifier(self) -> str:
        """The name with catalog and namespace."""
        return f"{NAMESPACE}.{self.name}"


RAW: Final = LakeTable(
    "raw", (*TELEMETRY, *KAFKA, INGEST_TIME), "days(event_time)", "Every valid message of topic telemetry.raw"
)
DEAD_LETTERS: Final = LakeTable(
    "dead_letters", (*VERDICT, *KAFKA, INGEST_TIME), "days(kafka_time)", "Every refused message, with its reason"
)
TABLES: Final = (RAW, DEAD_LETTERS)


def create_tables(session: SparkSession) -> None:
    """Make the namespace and the tables where they are missing."""
    session.sql(f"CREATE NAMESPACE IF NOT EXISTS {NAMESPACE}")
    for table in TABLES:
        session.sql(ddl(table))


def ddl(table: LakeTable) -> str:
    """The statement that makes a table."""
    columns = ", ".join(f"{c.name} {c.type} COMMENT {_quoted(c.comment)}" for c in table.columns)
    properties = ", ".join(f"'{name}' = '{value}'" for name, value in PROPERTIES.items())
    return (
        f"CREATE TABLE IF NOT EXISTS {table.identifier} ({columns}) USING iceberg"
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


def iceberg_table(session: SparkSession, table: LakeTable) -> Any:
    """Iceberg's own table object in the JVM."""
    spark3_util = jvm(session).org.apache.iceberg.spark.Spark3Util
    return spark3_util.loadIcebergTable(session._jsparkSession, table.identifier)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "\\'") + "'"

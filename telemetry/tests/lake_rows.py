"""Rows straight into a lake of a test's own: real Iceberg tables on the real store, without Spark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from spark.columns import INGEST_TIME, KAFKA, KEY, TELEMETRY, VERDICT, Column, arrow_schema
from spark.ledger import Ledger
from spark.settings import lake_settings
from spark.tests.lakes import Lake

TABLES: Mapping[str, tuple[Column, ...]] = {
    "raw": (*TELEMETRY, *KAFKA, INGEST_TIME),
    "dead_letters": (*VERDICT, *KAFKA, INGEST_TIME),
}


def make_tables(lake: Lake, *, with_keys: bool = False) -> None:
    """Empty tables; `with_keys` with the column of keys."""
    with lake.writer() as writer:
        writer.create_namespace("telemetry")
        for name, columns in TABLES.items():
            extra = (KEY,) if with_keys and name == "dead_letters" else ()
            writer.create_table(f"telemetry.{name}", schema=arrow_schema((*columns, *extra)))


def append(lake: Lake, table: str, batches: Iterable[pa.RecordBatch], *, at: datetime, **more: list[Any]) -> None:
    """Rows as the verdicts give them, with INGEST_TIME `at`; `more` columns by name."""
    rows = pa.Table.from_batches(list(batches))
    rows = rows.append_column(INGEST_TIME.name, pa.array([at] * rows.num_rows, pa.timestamp("us", tz="UTC")))
    with lake.writer() as writer:
        target = writer.load_table(f"telemetry.{table}")
        schema = target.schema().as_arrow()
        # An older lake has fewer columns.
        rows = rows.select([name for name in rows.column_names if name in schema.names and name not in more])
        for name, values in more.items():
            rows = rows.append_column(name, pa.array(values, schema.field(name).type))
        target.append(rows)


def note_progress(lake: Lake, next_offsets: Mapping[int, int]) -> None:
    """Both queries have committed all before these offsets."""
    ledger = Ledger(lake_settings(lake.environment()))
    for name in TABLES:
        ledger.note_progress(name, next_offsets)

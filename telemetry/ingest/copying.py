"""Arrow tables into tables of the database, by binary COPY."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pgpq
import pyarrow as pa
from django.db import connection

BATCH_ROWS: Final = 65_536
"""Rows encoded at once; bounds the memory beside the tables themselves."""


def copy_in(tables: Iterable[pa.Table], *, into: str, columns: str, of: str) -> None:
    """Fill the temporary table `into`, made of `columns` (SQL) of the table `of`, with the rows of all `tables`.

    Each table has these columns in this order. The rows are gone at the end of the transaction.
    """
    with connection.cursor() as cursor:
        # Kept for the connection's life: a table made anew for each report would wear out the catalog.
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {into} ON COMMIT DELETE ROWS AS SELECT {columns} FROM {of} LIMIT 0"  # noqa: S608  (constants)
        )
    _copy(tables, f"pg_temp.{into}")


def copy_straight(tables: Iterable[pa.Table], *, into: str, columns: str) -> None:
    """Append the rows of all `tables`, each of these `columns` in this order, to the table `into`."""
    _copy(tables, f"{into} ({columns})")


def _copy(tables: Iterable[pa.Table], target: str) -> None:
    encoder: pgpq.ArrowToPostgresBinaryEncoder | None = None
    # What breaks in the middle of a COPY would else be told in psycopg's own errors.
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {target} FROM STDIN WITH (FORMAT BINARY)") as copy,
    ):
        for table in tables:
            plain = _plain(table)
            if encoder is None:
                encoder = pgpq.ArrowToPostgresBinaryEncoder(plain.schema)
                copy.write(encoder.write_header())
            for batch in plain.to_batches(max_chunksize=BATCH_ROWS):
                copy.write(encoder.write_batch(batch))
        if encoder is not None:
            copy.write(encoder.finish())


def _plain(table: pa.Table) -> pa.Table:
    """The table with its texts as strings, which is what is encoded, and with what a file says beyond types left out.

    One encoder serves all tables, and files of the same columns may differ in notes and in what they call nullable.
    """
    columns = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    return pa.table(columns, schema=pa.schema(zip(table.column_names, (one.type for one in columns), strict=True)))

"""Statements of our own over the lake's tables, as Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from telemetry.lake import reader
from telemetry.lake.access import LakeAccess
from telemetry.lake.engine import literal, stopped_after
from telemetry.lake.errors import LakeUnavailable, QueryTooLarge


def read(access: LakeAccess, metadata_location: str, columns: tuple[str, ...], where: str, order: str = "") -> pa.Table:
    """Rows of the snapshot that a metadata file names; `where` and `order` are SQL of our own.

    Raises:
        QueryTooLarge: it needs more time or memory than there is.
        LakeUnavailable: the object store does not answer.
    """
    names = ", ".join(columns)
    ordered = f" ORDER BY {order}" if order else ""
    return select(access, metadata_location, f"SELECT {names} FROM {{table}} WHERE {where}{ordered}")  # noqa: S608


def select(
    access: LakeAccess,
    metadata_location: str,
    statement: str,
    values: Mapping[str, object] | None = None,
) -> pa.Table:
    """The answer of one SELECT of our own over the snapshot that a metadata file names.

    In the statement `{table}` stands for the table, and `$name` for each of the values.

    Raises:
        QueryTooLarge: it needs more time or memory than there is.
        LakeUnavailable: the object store does not answer.
    """
    sql = statement.replace("{table}", f"iceberg_scan({literal(metadata_location)})")
    with _translated():
        connection = reader.connect(access)
        try:
            with stopped_after(connection, reader.LIMITS.seconds):
                return connection.execute(sql, dict(values or {})).to_arrow_table()
        finally:
            connection.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (duckdb.InterruptException, duckdb.OutOfMemoryException) as error:
        raise QueryTooLarge(
            f"The lake needs more than {reader.LIMITS.seconds:g} s or {reader.LIMITS.memory_mb} MB for this."
        ) from error
    except duckdb.Error as error:
        reason = " ".join(str(error).split())
        raise LakeUnavailable(f"The lake's object store does not answer: {reason}") from error

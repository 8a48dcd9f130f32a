"""Statements of our own over the lake's tables, as Arrow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import duckdb
import psycopg
import pyarrow as pa

from telemetry.lake import reader
from telemetry.lake.access import LakeAccess
from telemetry.lake.errors import LakeEmpty, LakeUnavailable, QueryTooLarge

POINTERS: Final = (
    "SELECT table_name, metadata_location FROM iceberg_tables WHERE catalog_name = %s AND table_namespace = %s"
)


def tables(access: LakeAccess) -> dict[str, str]:
    """Where the newest metadata of each table of the namespace lies, by name.

    Raises:
        LakeEmpty: there is none.
        LakeUnavailable: the catalog does not answer.
    """
    try:
        with psycopg.connect(access.catalog_url, connect_timeout=5) as connection:
            found: dict[str, str] = dict(connection.execute(POINTERS, [access.catalog, access.namespace]).fetchall())
    except psycopg.errors.UndefinedTable:
        found = {}
    except psycopg.Error as error:
        raise LakeUnavailable(f"The lake's catalog does not answer: {str(error).strip()}") from error
    if not found:
        raise LakeEmpty("No message has been written to the lake yet.")
    return found


def read(access: LakeAccess, metadata_location: str, columns: tuple[str, ...], where: str, order: str = "") -> pa.Table:
    """Rows of the snapshot that a metadata file names; `where` and `order` are SQL of our own.

    Raises:
        QueryTooLarge: it needs more time or memory than there is.
        LakeUnavailable: the object store does not answer.
    """
    names = ", ".join(columns)
    sql = f"SELECT {names} FROM iceberg_scan({reader.literal(metadata_location)}) WHERE {where}"  # noqa: S608
    with _translated():
        connection = reader.connect(access)
        try:
            with _stopped_after(connection, reader.LIMITS.seconds):
                return connection.execute(sql + (f" ORDER BY {order}" if order else "")).to_arrow_table()
        finally:
            connection.close()


@contextmanager
def _stopped_after(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


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

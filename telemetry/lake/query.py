"""SQL over the lake: DuckDB reads the newest snapshot of each Iceberg table, behind the fence."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import duckdb

from telemetry.lake.access import LakeAccess, Limits, extension_file
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.errors import LakeQueryError, LakeUnavailable, QueryInvalid, QueryRefused, QueryTooLarge
from telemetry.lake.fence import at, check

EXTENSIONS: Final = ("avro", "httpfs", "iceberg")


@dataclass(frozen=True)
class Result:
    """Columns (name, DuckDB type), rows, whether the row limit cut them, and how long it took in seconds."""

    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]]
    truncated: bool
    seconds: float


def query(sql: str, *, limits: Limits | None = None, access: LakeAccess | None = None) -> Result:
    """Run one SELECT over the views telemetry.raw and telemetry.dead_letters, on a connection of its own.

    Raises:
        LakeQueryError: one of its kinds; the text is a sentence for the one who asked.
    """
    limits = limits or Limits()
    access = access or LakeAccess.from_settings()
    began = time.monotonic()
    with duckdb.connect(config=_configuration(limits)) as connection, _translated(sql, limits):
        check(connection, sql)
        _open(connection, access, metadata_locations(access))
        with _stopped_after(connection, limits.seconds):
            cursor = connection.execute(sql)
            columns = tuple((column[0], str(column[1])) for column in cursor.description or ())
            rows = cursor.fetchmany(limits.rows + 1)
    return Result(columns, rows[: limits.rows], len(rows) > limits.rows, time.monotonic() - began)


def _configuration(limits: Limits) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": f"{limits.memory_mb}MB",
        "threads": limits.threads,
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }


def _open(connection: duckdb.DuckDBPyConnection, access: LakeAccess, locations: Mapping[str, str]) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    for name in EXTENSIONS:
        connection.execute(f"LOAD {_literal(str(extension_file(name)))}")
    endpoint = urlsplit(access.s3_endpoint)
    connection.execute(
        f"CREATE SECRET lake (TYPE s3, KEY_ID {_literal(access.s3_access_key)},"
        f" SECRET {_literal(access.s3_secret_key)}, REGION {_literal(access.s3_region)},"
        f" ENDPOINT {_literal(endpoint.netloc)}, URL_STYLE 'path', USE_SSL {endpoint.scheme == 'https'},"
        f" SCOPE {_literal(access.warehouse)})"
    )
    connection.execute(f"CREATE SCHEMA {access.namespace}")
    for name, location in locations.items():
        connection.execute(f"CREATE VIEW {access.namespace}.{name} AS FROM iceberg_scan({_literal(location)})")
    connection.execute(f"SET allowed_directories = [{_literal(access.warehouse.rstrip('/') + '/')}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET errors_as_json = true")
    connection.execute("SET lock_configuration = true")


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
def _translated(sql: str, limits: Limits) -> Iterator[None]:
    """DuckDB's errors as sentences."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryTooLarge(f"The query was stopped after {limits.seconds:g} s. Narrow it down.") from error
    except duckdb.OutOfMemoryException as error:
        raise QueryTooLarge(f"The query needs more than {limits.memory_mb} MB. Narrow it down.") from error
    except duckdb.Error as error:
        raise _sentence(sql, error) from error


def _sentence(sql: str, error: duckdb.Error) -> LakeQueryError:
    _, _, rest = str(error).partition(": ")
    try:
        told: dict[str, Any] = json.loads(rest)
    except ValueError:
        told = {"exception_message": str(error)}
    reason = " ".join(str(told["exception_message"]).split())
    if isinstance(error, duckdb.PermissionException):
        return QueryRefused(reason)
    if isinstance(error, (duckdb.IOException, duckdb.HTTPException)):
        return LakeUnavailable(f"The lake's object store does not answer: {reason}")
    return QueryInvalid(f"{reason.rstrip('.')}{at(sql, told, 'position')}.")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

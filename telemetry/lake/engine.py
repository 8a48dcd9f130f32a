"""One DuckDB behind the fence: it reads the lake's tables with an identity that can only read, and nothing else."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import duckdb

from telemetry.lake.access import LakeAccess, Limits, extension_file
from telemetry.lake.errors import LakeQueryError, LakeUnavailable, Place, QueryInvalid, QueryRefused, QueryTooLarge
from telemetry.lake.fence import check, place_of
from telemetry.lake.parquet import ParquetResult, written
from telemetry.lake.result import Result, named_once

EXTENSIONS: Final = ("avro", "httpfs", "iceberg")
BATCH_ROWS: Final = 10_000

Explain = Literal["", "plan", "analyze"]
EXPLAINED: Final[Mapping[Explain, str]] = {"": "", "plan": "EXPLAIN\n", "analyze": "EXPLAIN ANALYZE\n"}
"""What goes before a query: on a line of its own, so that places in the query stay easy to tell."""


class Engine:
    """A DuckDB in memory, with the settings locked. Close it after use."""

    def __init__(self, access: LakeAccess, limits: Limits) -> None:
        self._namespace = access.namespace
        self._limits = limits
        self._views: dict[str, str] = {}
        self._connection = duckdb.connect(config=_configuration(limits))
        for statement in _preparations(access):
            self._connection.execute(statement)

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def run(self, sql: str, locations: Mapping[str, str], *, limits: Limits, explain: Explain = "") -> Result:
        """Run one SELECT over the tables whose newest metadata lies at `locations`, or tell its plan.

        Raises:
            LakeQueryError: one of its kinds; the text is a sentence for the one who asked.
        """
        began = time.monotonic()
        with self._answered(sql, locations, limits, explain) as cursor:
            columns = named_once([(column[0], str(column[1])) for column in cursor.description or ()])
            rows = cursor.fetchmany(limits.rows + 1)
        return Result(columns, rows[: limits.rows], len(rows) > limits.rows, time.monotonic() - began)

    def parquet(self, sql: str, locations: Mapping[str, str], *, limits: Limits) -> ParquetResult:
        """The same as a Parquet file, with the types that DuckDB gave.

        Raises:
            LakeQueryError: as `run`; QueryInvalid also for a type that Parquet lacks.
        """
        began = time.monotonic()
        with self._answered(sql, locations, limits, "") as cursor:
            data, rows, truncated = written(cursor.to_arrow_reader(BATCH_ROWS), limits.rows)
        return ParquetResult(data, rows, truncated, time.monotonic() - began)

    @contextmanager
    def _answered(
        self, sql: str, locations: Mapping[str, str], limits: Limits, explain: Explain
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        with _translated(sql, limits, explain):
            check(self._connection, sql)
            with stopped_after(self._connection, limits.seconds):
                self._show(needed(sql, locations))
                yield self._connection.execute(EXPLAINED[explain] + sql)

    def _show(self, locations: Mapping[str, str]) -> None:
        for name, location in locations.items():
            if self._views.get(name) != location:
                view = f"{self._namespace}.{_identifier(name)}"
                self._connection.execute(f"CREATE OR REPLACE VIEW {view} AS FROM iceberg_scan({literal(location)})")
                self._views[name] = location


def _configuration(limits: Limits) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": f"{limits.memory_mb}MB",
        "threads": limits.threads,
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        # Else a table's name could mean a variable of this program.
        "python_enable_replacements": False,
        # What one query has read would fill the memory that the next may need.
        "enable_external_file_cache": False,
    }


def _preparations(access: LakeAccess) -> Iterator[str]:
    yield "SET TimeZone = 'UTC'"
    # It would be printed among the results.
    yield "SET enable_progress_bar = false"
    for name in EXTENSIONS:
        yield f"LOAD {literal(str(extension_file(name)))}"
    yield store_secret(access)
    yield f"CREATE SCHEMA {access.namespace}"
    # SHOW TABLES lists the schemas of the search path.
    yield f"SET search_path = '{access.namespace}'"
    yield f"SET allowed_directories = [{literal(access.warehouse.rstrip('/') + '/')}]"
    yield "SET enable_external_access = false"
    yield "SET errors_as_json = true"
    yield "SET lock_configuration = true"


def store_secret(access: LakeAccess) -> str:
    """The statement that gives DuckDB the keys of the object store, for the lake's folder alone."""
    endpoint = urlsplit(access.s3_endpoint)
    return (
        f"CREATE SECRET lake (TYPE s3, KEY_ID {literal(access.s3_access_key)},"
        f" SECRET {literal(access.s3_secret_key)}, REGION {literal(access.s3_region)},"
        f" ENDPOINT {literal(endpoint.netloc)}, URL_STYLE 'path', USE_SSL {endpoint.scheme == 'https'},"
        f" SCOPE {literal(access.warehouse)})"
    )


def needed(sql: str, locations: Mapping[str, str]) -> Mapping[str, str]:
    """The tables that a query may be about: each costs a look at its metadata."""
    text = sql.lower()
    named = {name: location for name, location in locations.items() if name.lower() in text}
    return locations if not named or "information_schema" in text else named


@contextmanager
def stopped_after(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what runs on a connection after so long."""
    timer = threading.Timer(seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


@contextmanager
def _translated(sql: str, limits: Limits, explain: Explain) -> Iterator[None]:
    """DuckDB's errors as sentences."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryTooLarge(
            f"The query was stopped after {limits.seconds:g} s. Narrow event_time, or ask for less."
        ) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise QueryTooLarge(
            f"The query needs more than {limits.memory_mb} MB. Narrow event_time, or ask for less."
        ) from error
    except duckdb.Error as error:
        raise _sentence(sql, error, explain) from error


def _sentence(sql: str, error: duckdb.Error, explain: Explain) -> LakeQueryError:
    _, _, rest = str(error).partition(": ")
    try:
        told: dict[str, Any] = json.loads(rest)
    except ValueError:
        told = {"exception_message": str(error)}
    reason = " ".join(str(told["exception_message"]).split()).replace("! ", ". ").removesuffix("!")
    if isinstance(error, duckdb.PermissionException):
        return QueryRefused(reason)
    if isinstance(error, (duckdb.IOException, duckdb.HTTPException)):
        return LakeUnavailable(f"The lake's object store does not answer: {reason}")
    place = _place(sql, told, explain)
    return QueryInvalid(f"{reason.rstrip('.')}{place or ''}.", place)


def _place(sql: str, told: dict[str, Any], explain: Explain) -> Place | None:
    place = place_of(EXPLAINED[explain] + sql, told, "position")
    return replace(place, line=place.line - 1) if place and explain else place


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

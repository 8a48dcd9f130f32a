"""One query of the warehouse, in a read-only transaction of a role that may read little.

The query is the body of a cursor, which PostgreSQL takes for one SELECT alone; it goes by the extended protocol, which
takes one statement alone. Cancelling the task cancels the query in PostgreSQL.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

import psycopg
from django.conf import settings

from telemetry.lake.errors import LakeUnavailable, Place, QueryInvalid, QueryRefused, QueryTooLarge
from telemetry.lake.fence import LONGEST
from telemetry.lake.result import Result, named_once

from .answer import row, type_name

GRACE_S: Final = 3.0
"""What a query may take beyond its limit before the site gives it up."""
LONGEST_ANSWER: Final = 32 * 2**20
"""Bytes that an answer may hold; the site holds it whole."""
DECLARE: Final = "DECLARE answer NO SCROLL CURSOR FOR\n"
EXPLAIN: Final = {"plan": "EXPLAIN\n", "analyze": "EXPLAIN (ANALYZE, TIMING OFF)\n"}

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


@dataclass(frozen=True)
class Bounds:
    """What one query may take: rows of its answer and seconds."""

    rows: int
    seconds: float


async def query(text: str, bounds: Bounds) -> Result:
    """The rows of one SELECT, at most `bounds.rows`.

    Raises:
        LakeQueryError: one of its kinds.
    """
    began = time.monotonic()
    async with _transaction(text, DECLARE, bounds) as connection:
        await _one(connection, DECLARE, text)
        columns, rows = await _fetched(connection, bounds.rows)
    return Result(columns, rows[: bounds.rows], len(rows) > bounds.rows, time.monotonic() - began)


async def plan(text: str, how: str, bounds: Bounds) -> str:
    """What EXPLAIN tells of one SELECT; `analyze` runs it.

    Raises:
        LakeQueryError: one of its kinds.
    """
    async with _transaction(text, DECLARE, bounds) as connection:
        # The cursor first: it takes a SELECT alone.
        await _one(connection, DECLARE, text)
    async with _transaction(text, EXPLAIN[how], bounds) as connection:
        cursor = await _one(connection, EXPLAIN[how], text)
        return "\n".join([str(line) for (line,) in await cursor.fetchall()]) + "\n"


@asynccontextmanager
async def _transaction(text: str, before: str, bounds: Bounds) -> AsyncIterator[Connection]:
    if len(text) > LONGEST:
        raise QueryRefused(f"The query has {len(text):,} characters; at most {LONGEST:,} are taken.")
    try:
        async with asyncio.timeout(bounds.seconds + GRACE_S), await _connect(bounds) as connection:
            yield connection
            await connection.rollback()
    except psycopg.errors.QueryCanceled:
        raise QueryTooLarge(f"The query was stopped after {bounds.seconds:g} s. Ask for less.") from None
    except TimeoutError:
        raise QueryTooLarge(f"The query was stopped after {bounds.seconds:g} s. Ask for less.") from None
    except psycopg.Error as error:
        raise _told(error, text, before) from None
    except UnicodeError:
        raise QueryInvalid("The query or its answer holds what is no text; write it anew.") from None


async def _connect(bounds: Bounds) -> Connection:
    if not settings.WAREHOUSE_READER_URL:
        raise LakeUnavailable("SQL over the warehouse is not set up: set WAREHOUSE_READER_URL, or run `make run` anew.")
    options = (
        f"-c default_transaction_read_only=on -c statement_timeout={bounds.seconds * 1000:.0f}"
        " -c idle_in_transaction_session_timeout=60s -c lock_timeout=2s -c search_path=sl,bl,ll,params"
        " -c TimeZone=UTC -c jit=off"
    )
    try:
        return await psycopg.AsyncConnection.connect(
            settings.WAREHOUSE_READER_URL, application_name="warehouse query", connect_timeout=5, options=options
        )
    except psycopg.OperationalError as error:
        if "too many connections" in str(error):
            raise LakeUnavailable(
                "All places for queries of the warehouse are taken. Try again in a few seconds."
            ) from None
        raise LakeUnavailable("The warehouse does not answer; try again in a few seconds.") from None


async def _one(connection: Connection, before: str, text: str) -> psycopg.AsyncCursor[tuple[Any, ...]]:
    """Run one statement by the extended protocol, which its binary results ask for."""
    if "\0" in text:
        raise QueryInvalid("The query holds a NUL character; write it anew.")
    statement = (before + text.rstrip().removesuffix(";")).encode()
    return await connection.execute(statement, binary=True)


async def _fetched(connection: Connection, most: int) -> tuple[tuple[tuple[str, str], ...], list[tuple[Any, ...]]]:
    """Columns and rows, one more than `most` at the most.

    Raises:
        QueryTooLarge: they are too large to be held.
    """
    rows, held = [], 0
    cursor = connection.cursor()
    fetch = f"FETCH FORWARD {most + 1} FROM answer".encode()
    # Closed at once when it is left amid: it holds the connection.
    async with aclosing(cast("AsyncGenerator[tuple[Any, ...]]", cursor.stream(fetch))) as stream:
        async for values in stream:
            held += sum(len(value) if isinstance(value, str | bytes) else 16 for value in values)
            if held > LONGEST_ANSWER:
                raise QueryTooLarge(
                    f"The answer has more than {LONGEST_ANSWER // 2**20} MiB. Ask for fewer rows or columns."
                )
            rows.append(row(values))
    known = connection.adapters.types
    columns = [(c.name, type_name(_name(known, c.type_code))) for c in cursor.description or ()]
    return named_once(columns), rows


def _name(known: Any, oid: int) -> str | None:
    info = known.get(oid)
    if info is None:
        return None
    return f"{info.name}[]" if info.array_oid == oid and info.oid != oid else str(info.name)


def _told(error: psycopg.Error, text: str, before: str) -> Exception:
    """PostgreSQL's error as a sentence, with its place in the query."""
    reason = (error.diag.message_primary or str(error)).strip().rstrip(".")
    reason = reason[:1].upper() + reason[1:]
    hint = f" {error.diag.message_hint.strip()}" if error.diag.message_hint else ""
    place = _place(error, text, before)
    if isinstance(error, psycopg.errors.InsufficientPrivilege | psycopg.errors.ReadOnlySqlTransaction):
        return QueryRefused(f"{reason}. The warehouse's bl, sl, ll and params.missions can be read, no more.", place)
    if isinstance(
        error, psycopg.errors.ConfigurationLimitExceeded | psycopg.errors.OutOfMemory | psycopg.errors.DiskFull
    ):
        return QueryTooLarge(f"{reason}. Ask for less.")
    if isinstance(error, psycopg.errors.SyntaxError) and _other_statement(text, place):
        return QueryRefused("Only one SELECT at a time is run here: the warehouse can be read, not changed.", place)
    if isinstance(error, psycopg.OperationalError) and error.diag.sqlstate is None:
        return LakeUnavailable("The warehouse went away amid the query; try again in a few seconds.")
    return QueryInvalid(f"{reason}{place or ''}.{hint}", place)


def _place(error: psycopg.Error, text: str, before: str) -> Place | None:
    """PostgreSQL counts characters of the whole statement, from 1."""
    position = int(error.diag.statement_position or 0) - len(before) - 1
    if not 0 <= position <= len(text):
        return None
    head = text[:position]
    return Place(head.count("\n") + 1, len(head) - head.rfind("\n"))


def _other_statement(text: str, place: Place | None) -> bool:
    """Whether it is the query's own first word that can't stand there, or there is more than one statement."""
    first = text.lstrip().split(None, 1)[:1]
    known = {"select", "with", "values", "table", "("}
    return place is None or bool(first and first[0].lower() not in known and not first[0].startswith(("(", "--", "/*")))

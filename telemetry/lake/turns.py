"""Whose turn it is: one query a user at a time, and so many in all, over all web processes.

Both are advisory locks in PostgreSQL. A lock lives no longer than its connection, so a web process that is killed
leaves none behind.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import psycopg
from django.conf import settings

from hocotate_site import postgres
from telemetry.lake.errors import LakeUnavailable, QueryNotNow

SLOTS: Final = 0x_6C61_6B65
USER: Final = 0x_6C61_6B75
TOKEN: Final = 0x_6C61_6B74
"""The words "lake", "laku" and "lakt" as numbers: the first half of each lock's key."""

PATIENCE: Final = "1s"
"""For the end of a query that the same user has just stopped."""


@dataclass(frozen=True)
class Asker:
    """Who asks: a signed-in user or a token, by number."""

    kind: int
    number: int

    @classmethod
    def user(cls, number: int) -> Asker:
        """A signed-in user."""
        return cls(USER, number % 2**31)

    @classmethod
    def token(cls, number: int) -> Asker:
        """A program with a token."""
        return cls(TOKEN, number % 2**31)


@asynccontextmanager
async def turn(asker: Asker, at_once: int) -> AsyncIterator[None]:
    """Hold the asker's turn and one of `at_once` slots.

    Raises:
        QueryNotNow: another query of the same asker runs, or as many as may.
        LakeUnavailable: PostgreSQL does not answer.
    """
    connection = await _connect()
    try:
        await _own_turn(connection, asker)
        cursor = await connection.execute(
            "SELECT 1 FROM generate_series(1, %s) AS slot WHERE pg_try_advisory_lock(%s, slot) LIMIT 1",
            (at_once, SLOTS),
        )
        if await cursor.fetchone() is None:
            raise QueryNotNow(f"All {at_once} places for queries are taken. Try again in a few seconds.")
        yield
    finally:
        await connection.close()


async def _own_turn(connection: psycopg.AsyncConnection[tuple[object, ...]], asker: Asker) -> None:
    await connection.execute(f"SET lock_timeout = '{PATIENCE}'")
    try:
        await connection.execute("SELECT pg_advisory_lock(%s, %s)", (asker.kind, asker.number))
    except psycopg.errors.LockNotAvailable:
        raise QueryNotNow("Another query of yours is running. Wait for its end, or stop it.", own=True) from None


async def _connect() -> psycopg.AsyncConnection[tuple[object, ...]]:
    try:
        return await postgres.connect(settings.DATABASES["default"], "lake query")
    except psycopg.OperationalError as error:
        raise LakeUnavailable("The site's database is away; try again in a few seconds.") from error

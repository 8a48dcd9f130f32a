"""One radar broadcasts: whoever holds an advisory lock in PostgreSQL. Others stand by."""

import logging
from typing import Any, Final

import psycopg
from django.conf import settings

from hocotate_site import postgres

logger = logging.getLogger(__name__)

LOCK: Final = 0x_7261_6461_72
"""The word "radar" as a number."""


class BroadcastLock:
    """Holds the lock for as long as its connection lives; PostgreSQL frees it when this process dies."""

    def __init__(self, database: dict[str, Any] | None = None) -> None:
        self._database = database or settings.DATABASES["default"]
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def hold(self) -> bool | None:
        """Take the lock, or make sure that it is still held: True held, False another has it, None nobody knows.

        None means that PostgreSQL doesn't answer. Then no other radar can take the lock either.
        """
        try:
            if self._connection is None:
                self._connection = await postgres.connect(self._database, "radar lock")
                query = "SELECT pg_try_advisory_lock(%s)"
            else:
                query = "SELECT %s IS NOT NULL"
            cursor = await self._connection.execute(query, (LOCK,))
            row = await cursor.fetchone()
        except psycopg.OperationalError as error:
            await self.release()
            logger.warning("The radar's lock can't be checked: %s", str(error).strip())
            return None
        if row is None or not row[0]:
            await self.release()
            return False
        return True

    async def release(self) -> None:
        """Give the lock back; harmless when it isn't held."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

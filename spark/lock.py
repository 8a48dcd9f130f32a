"""At most one application writes the lake: the JVM that writes holds a lock in the catalog's database.

The JVM holds it, not this process, because the JVM is what commits: the lock is free exactly when no JVM of an
application before can commit any more, however it ended.
"""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from spark.errors import LakeError, LakeStalled, LockHeld
from spark.session import jvm
from spark.settings import LakeSettings

log = logging.getLogger(__name__)

LOCK_KEY: Final = 0x6C616B65
"""An arbitrary number of our own: "lake" in ASCII."""


class LakeLock:
    """The lock, once it is taken."""

    def __init__(self, session: SparkSession, settings: LakeSettings) -> None:
        self._session = session
        self._settings = settings
        self._connection = _take(session, settings)
        self._held_at = time.monotonic()

    def keep(self) -> None:
        """Make sure that the lock is held, and take it anew when the database was away.

        While it is away nothing can be committed, since it holds the catalog too. Whoever else takes the lock in
        between plans batches of the same queries, which Spark notices by their checkpoints.

        Raises:
            LakeStalled: another application has it, or the database stays away.
        """
        now = time.monotonic()
        try:
            if not self._connection.isValid(5):
                self._connection = _take(self._session, self._settings)
                log.warning("The catalog's database is back, and the lake's lock is taken anew.")
            self._held_at = now
        except LockHeld as error:
            raise LakeStalled(f"The lake's lock is lost: {error}") from error
        except LakeError as error:
            if now - self._held_at > self._settings.stall_seconds:
                raise LakeStalled(f"The lake's lock is lost: {error}") from error


def _take(session: SparkSession, settings: LakeSettings) -> Any:
    """The connection that holds the lock.

    Raises:
        LockHeld: another application holds it.
        LakeError: the database does not answer.
    """
    try:
        connection = _connect(session, settings)
        rows = connection.createStatement().executeQuery(f"SELECT pg_try_advisory_lock({LOCK_KEY})")
        rows.next()
        if rows.getBoolean(1):
            return connection
        connection.close()
    except Py4JJavaError as error:
        raise LakeError(f"The catalog's database does not answer: {error.java_exception.getMessage()}") from error
    raise LockHeld("Another lake application runs, or is just ending; only one may write.")


def _connect(session: SparkSession, settings: LakeSettings) -> Any:
    properties = jvm(session).java.util.Properties()
    values = {
        "user": settings.catalog_user,
        "password": settings.catalog_password,
        "ApplicationName": "lake lock",
        "connectTimeout": "10",
        "tcpKeepAlive": "true",
    }
    for name, value in values.items():
        properties.setProperty(name, value)
    return jvm(session).org.postgresql.Driver().connect(settings.catalog_uri, properties)

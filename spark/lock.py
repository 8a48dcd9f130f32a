"""At most one application writes the lake: the JVM that writes holds a lock in the catalog's database.

The JVM holds it, not this process, because the JVM is what commits: the lock is free exactly when no JVM of an
application before can commit any more, however it ended.
"""

from __future__ import annotations

from typing import Any, Final

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from spark.errors import LakeError, LakeStalled
from spark.session import jvm
from spark.settings import LakeSettings

LOCK_KEY: Final = 0x6C616B65
"""An arbitrary number of our own: "lake" in ASCII."""


class LakeLock:
    """The lock, once it is taken."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    def take(cls, session: SparkSession, settings: LakeSettings) -> LakeLock:
        """Take the lock.

        Raises:
            LakeError: another application holds it, or the database does not answer.
        """
        try:
            connection = _connect(session, settings)
            rows = connection.createStatement().executeQuery(f"SELECT pg_try_advisory_lock({LOCK_KEY})")
            rows.next()
            if rows.getBoolean(1):
                return cls(connection)
            connection.close()
        except Py4JJavaError as error:
            raise LakeError(f"The catalog's database does not answer: {error.java_exception.getMessage()}") from error
        raise LakeError("Another lake application runs, or is just ending; only one may write.")

    def check(self) -> None:
        """Make sure that the lock is still held.

        Raises:
            LakeStalled: its connection is gone.
        """
        if not self._connection.isValid(5):
            raise LakeStalled("The lake's lock is lost: the catalog's database has gone away.")


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

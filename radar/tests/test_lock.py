"""One radar broadcasts."""

import psycopg
import pytest
from django.conf import settings

from radar.lock import BroadcastLock


@pytest.fixture
def database(backing: object) -> dict[str, object]:
    """The platform's PostgreSQL."""
    found: dict[str, object] = settings.DATABASES["default"]
    return found


async def test_of_two_radars_one_holds_the_lock_and_the_other_takes_over(database: dict[str, object]) -> None:
    first, second = BroadcastLock(database), BroadcastLock(database)
    try:
        assert await first.hold() is True
        assert await second.hold() is False
        assert await first.hold() is True

        await first.release()

        assert await second.hold() is True
    finally:
        await first.release()
        await second.release()


async def test_a_lock_whose_connection_died_is_taken_again(database: dict[str, object]) -> None:
    lock = BroadcastLock(database)
    try:
        assert await lock.hold() is True
        assert lock._connection is not None
        pid = lock._connection.info.backend_pid
        _terminate(database, pid)

        assert await lock.hold() is None
        assert await lock.hold() is True
    finally:
        await lock.release()


async def test_without_postgresql_nobody_knows() -> None:
    gone = {"HOST": "127.0.0.1", "PORT": 1, "NAME": "none", "USER": "none", "PASSWORD": ""}

    assert await BroadcastLock(gone).hold() is None


def _terminate(database: dict[str, object], pid: int) -> None:
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    info = {name: str(database[key]) for name, key in names.items()}
    with psycopg.connect(**info, autocommit=True) as connection:  # type: ignore[arg-type]  # all are strings
        connection.execute("SELECT pg_terminate_backend(%s)", (pid,))

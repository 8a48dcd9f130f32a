"""Months of ll.ship_state: made ahead of the clock and for late reports, dropped when they are too old to keep.

A month is a partition named ship_state_YYYY_MM (UTC). There is no default partition: rows in one would have to be
moved out, under a lock, before their own month could be made.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

AHEAD: Final = 3
"""Months kept ready after the present one."""

DOOMED: Final = "To be dropped: older than WAREHOUSE_KEEP_MONTHS"
"""Comment of a partition that retention has in hand, so that a run that broke off can be finished."""

_HELD: Final = """
SELECT c.relname, i.inhdetachpending FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'll.ship_state'::regclass ORDER BY 1
"""
_LOOSE: Final = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'll'::regnamespace AND c.relkind = 'r' AND c.relname ~ '^ship_state_[0-9]{4}_[0-9]{2}$'
  AND obj_description(c.oid) = %s AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
ORDER BY 1
"""


def months_ensure(first: dt.datetime, last: dt.datetime) -> int:
    """Make the months from `first` to `last` (aware) that are missing, and return how many were.

    Within a transaction the month appears to others when it commits; neither readers nor loads wait for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE ll.ship_state_month(month::date))"
            " FROM generate_series(%s::timestamp, %s::timestamp, '1 month') AS month",
            [_begin(first), _begin(last)],
        )
        return int(cursor.fetchone()[0])


def months_ahead(now: dt.datetime) -> int:
    """Make the present month and the AHEAD next ones, and return how many were missing."""
    return months_ensure(now, _later(now, AHEAD))


def months_held() -> list[str]:
    """Partitions of ll.ship_state, oldest month first."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD)
        return [name for name, _ in cursor.fetchall()]


def months_drop(now: dt.datetime, keep: int) -> list[str]:
    """Drop the months before the present one and the `keep` before it; 0 keeps all. Returns the dropped partitions.

    Readers are not blocked: the partition is detached concurrently and then dropped. What a run left half done is
    finished by the next. The marts keep the figures that they have of the dropped rows.

    Raises:
        RuntimeError: called within a transaction, in which PostgreSQL can't detach concurrently.
    """
    if keep <= 0:
        return []
    if connection.in_atomic_block:
        raise RuntimeError("months_drop is called within a transaction; call it outside of one.")
    oldest = f"ship_state_{_later(now, -keep):%Y_%m}"
    with connection.cursor() as cursor:
        cursor.execute(_HELD)
        for name, pending in cursor.fetchall():
            if name < oldest:
                _detach(name, pending=pending)
        cursor.execute(_LOOSE, [DOOMED])
        doomed = [name for (name,) in cursor.fetchall()]
        for name in doomed:
            cursor.execute(f'DROP TABLE ll."{name}"')
    return doomed


def states_analyze() -> None:
    """Have the planner's figures of the whole table made; autovacuum only makes those of each month."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ll.ship_state")


def _detach(name: str, *, pending: bool) -> None:
    how = "FINALIZE" if pending else "CONCURRENTLY"
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE ll.\"{name}\" IS '{DOOMED}'")
        cursor.execute(f'ALTER TABLE ll.ship_state DETACH PARTITION ll."{name}" {how}')


def _begin(moment: dt.datetime) -> dt.datetime:
    """The begin of the moment's month in UTC, without a zone."""
    return moment.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def _later(moment: dt.datetime, months: int) -> dt.datetime:
    """The begin of the month so many after (before, when negative) the moment's, in UTC."""
    number = _begin(moment).year * 12 + _begin(moment).month - 1 + months
    return dt.datetime(number // 12, number % 12 + 1, 1, tzinfo=dt.UTC)

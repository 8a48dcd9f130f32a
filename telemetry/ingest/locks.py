"""Advisory locks of the ingest: who has a report in hand, who scans, and whose turn it is to load.

All are PostgreSQL's, so a process that is killed leaves none behind. Those on reports and runs live with the
connection; the turn to load lives with the transaction.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import IntEnum
from typing import Final

from django.db import InterfaceError, OperationalError, connection

REPORT: Final = 0x6C6C
"""First half of a report's lock ("ll"); the second is the upload's number."""

RUN: Final = 0x6C72
"""First half of a run's lock ("lr"); the second is the kind of run."""

LOAD: Final = 0x6C6C_6F61_64
"""The turn to load ("lload")."""


LOOK_S: Final = 0.2
"""How often to look for the end of a run that is waited for."""

_GOES_ON: Final = """
SELECT EXISTS (
    SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted
      AND l.classid = %s AND l.objid = %s AND l.objsubid = 2
)
"""


class Run(IntEnum):
    """Runs of which one kind goes on at a time."""

    SCAN = 1
    RECONCILE = 2


@contextmanager
def reports_held(uploads: Sequence[int]) -> Iterator[set[int]]:
    """Hold those of these uploads that no other run has in hand, and give their ids."""
    with _held(REPORT, {upload % 2**31 for upload in uploads}) as keys:
        yield {upload for upload in uploads if upload % 2**31 in keys}


@contextmanager
def run_held(run: Run, *, wait_s: float = 0.0) -> Iterator[bool]:
    """Hold the run's lock; False when another one of its kind goes on, for longer than `wait_s`."""
    end = time.monotonic() + wait_s
    while True:
        with _held(RUN, {run.value}) as keys:
            if keys or time.monotonic() >= end:
                yield bool(keys)
                return
        time.sleep(LOOK_S)


def run_goes_on(run: Run) -> bool:
    """Whether a run of this kind goes on, here or elsewhere; looks without holding anything."""
    with connection.cursor() as cursor:
        cursor.execute(_GOES_ON, [RUN, run.value])
        found: bool = cursor.fetchone()[0]
    return found


def load_turn() -> None:
    """Wait for the turn to load, and keep it to the end of the transaction.

    The ledger's numbers are drawn under it. PostgreSQL lets a transaction's locks go only after its rows are
    visible, so numbers become visible in rising order: who has read up to one will never miss a lower one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD])


@contextmanager
def _held(first: int, keys: set[int]) -> Iterator[set[int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM unnest(%s::int[]) AS key WHERE pg_try_advisory_lock(%s, key)", [sorted(keys), first]
        )
        got = {key for (key,) in cursor.fetchall()}
    try:
        yield got
    finally:
        # A connection that broke has let its locks go by itself.
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, key) FROM unnest(%s::int[]) AS key", [first, sorted(got)])

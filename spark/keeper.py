"""A thread beside the streams that extends the derived tables and keeps all tables small.

One thread does both in turn, so the two never meet. It works in a Spark session of its own, and in a pool that gives
way to the streams.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

import psycopg
from pyspark.sql import SparkSession

from spark.derive import extend_minutes, extend_track
from spark.errors import LakeError, LakeStalled
from spark.increments import ancestors, last_read
from spark.ledger import Ledger
from spark.metrics import LakeMetrics
from spark.running import SPARK_ERRORS, first_line
from spark.session import UPKEEP_POOL, own_session
from spark.settings import LakeSettings
from spark.tables import RAW, SHIP_MINUTE, TABLES, TRACK, LakeTable, current_id, current_snapshot, iceberg_table
from spark.upkeep import compact, drop_days, expire, remove_orphans, rewrite_manifests, rows_before

log = logging.getLogger(__name__)

SNAPSHOTS_KEPT: Final = timedelta(minutes=10)
"""Longer than a query over the lake may run, so that none loses the files that it reads."""

ORPHANS_KEPT: Final = timedelta(days=3)
EXPIRY_PAUSE_S: Final = 300.0
HOUR_S: Final = 3_600.0
ORPHANS: Final = "orphans"
DAY_S: Final = 24 * HOUR_S
PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
STALL_S: Final = 1_800.0
"""Most that one step may take; compacting a day of a large fleet takes minutes."""

READ_BY: Final = {RAW.name: TRACK, TRACK.name: SHIP_MINUTE}
"""Which derived table reads a table's snapshots."""


class Keeper:
    """The thread."""

    def __init__(
        self, session: SparkSession, settings: LakeSettings, metrics: LakeMetrics, stop: threading.Event
    ) -> None:
        self._streams = session
        self._settings = settings
        self._metrics = metrics
        self._stop = stop
        self._ledger = Ledger(settings)
        self._files_after: dict[str, int] = {}
        self._next_expiry: dict[str, float] = {}
        self._next_minutes = 0.0
        self._next_retention = 0.0
        self._failures = 0
        self._turned = time.monotonic()
        self._fault: Exception | None = None

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, name="keeper", daemon=True).start()

    def check(self, now: float) -> None:
        """Make sure that it goes on; `now` is monotonic.

        Raises:
            LakeStalled: it does not.
        """
        if self._fault is not None:
            raise LakeStalled(f"The derived tables and upkeep failed: {self._fault!r}") from self._fault
        if (idle := now - self._turned) > STALL_S:
            raise LakeStalled(f"The derived tables and upkeep have made no progress for {idle:.0f} s.")

    def _run(self) -> None:
        try:
            self._keep_on()
        except Exception as error:
            log.exception("The keeper met a fault.")
            self._fault = error

    def _keep_on(self) -> None:
        session = own_session(self._streams, self._settings)
        session.sparkContext.setLocalProperty("spark.scheduler.pool", UPKEEP_POOL)
        pause = self._settings.derive_seconds
        while not self._stop.wait(pause):
            pause = self._settings.derive_seconds
            try:
                self._round(session)
                self._failures, self._turned = 0, time.monotonic()
            except (LakeError, psycopg.Error, OSError, *SPARK_ERRORS) as error:
                if self._stop.is_set():
                    return
                self._failures += 1
                pause = min(PAUSE_S * 2**self._failures, LONGEST_PAUSE_S)
                log.warning("The derived tables and upkeep wait %.0f s: %s", pause, first_line(error))

    def _round(self, session: SparkSession) -> None:
        # Asked before: the track reaches at least as far once it has read what stands in raw then.
        reached = self._ledger.progress(RAW.name)
        if not self._extend(session, RAW, extend_track):
            return
        self._ledger.note_progress(TRACK.name, reached)
        self._metrics.derived()
        self._show(session, TRACK)
        if time.monotonic() >= self._next_minutes:
            self._extend(session, TRACK, extend_minutes)
            self._next_minutes = time.monotonic() + self._settings.minute_seconds
            self._show(session, SHIP_MINUTE)
        if self._settings.retention_days and time.monotonic() >= self._next_retention:
            for table in TABLES:
                self._retire(session, table)
            self._next_retention = time.monotonic() + HOUR_S
        orders = self._ledger.open_orders()
        for table in TABLES:
            if not self._stop.is_set():
                self._keep(session, table, asked=bool(orders))
        if orders and not self._stop.is_set():
            self._ledger.close_orders(orders)

    def _extend(self, session: SparkSession, source: LakeTable, step: Callable[[SparkSession, int], bool]) -> bool:
        """Step until all is read that stands in the source now; False when a stop came first.

        Not until nothing is left: steps that take longer than it takes new rows to come would never let upkeep begin.
        """
        newest = current_id(session, source)
        while newest is not None and not self._stop.is_set():
            if not step(session, newest):
                break
            self._turned = time.monotonic()
        return not self._stop.is_set()

    def _show(self, session: SparkSession, table: LakeTable) -> None:
        if (snapshot := current_snapshot(session, table)) is not None:
            self._metrics.committed(table.name, snapshot)

    def _keep(self, session: SparkSession, table: LakeTable, *, asked: bool) -> None:
        snapshot = current_snapshot(session, table)
        if snapshot is None:
            return
        fresh = snapshot.files - self._files_after.get(table.name, 0)
        if fresh >= self._settings.compact_files or (asked and snapshot.files > 1):
            self._compact(session, table)
        remembered = sum(1 for _ in ancestors(session, iceberg_table(session, table)))
        # Commits every 5 s keep more than that within the minutes that are kept: not in every round then.
        rested = time.monotonic() >= self._next_expiry.get(table.name, 0.0)
        if asked or (rested and remembered >= self._settings.compact_files):
            self._expire(session, table)
            self._next_expiry[table.name] = time.monotonic() + EXPIRY_PAUSE_S
        age = self._ledger.seconds_since(table.name, ORPHANS)
        if age is None:
            # A new lake has none; a day from now is soon enough.
            self._note(table, ORPHANS, time.monotonic(), files=0)
        elif age > DAY_S:
            began = time.monotonic()
            count = remove_orphans(session, table, datetime.now(UTC) - ORPHANS_KEPT)
            self._note(table, ORPHANS, began, files=count)
        self._turned = time.monotonic()

    def _compact(self, session: SparkSession, table: LakeTable) -> None:
        began = time.monotonic()
        done = compact(session, table)
        after = current_snapshot(session, table)
        self._files_after[table.name] = after.files if after else 0
        self._note(table, "compaction", began, rewritten=done.rewritten, added=done.added, bytes=done.written_bytes)

    def _expire(self, session: SparkSession, table: LakeTable) -> None:
        began = time.monotonic()
        manifests = rewrite_manifests(session, table)
        reader = READ_BY.get(table.name)
        needed = last_read(session, reader) if reader else None
        gone = expire(session, table, datetime.now(UTC) - SNAPSHOTS_KEPT, needed)
        self._note(table, "expiry", began, snapshots=gone, manifests=manifests)

    def _retire(self, session: SparkSession, table: LakeTable) -> None:
        planned = self._ledger.planned_retirement(table.name)
        if planned is not None:
            drop_days(session, table, planned)
            self._ledger.confirm_retirement(table.name)
        before: date = (datetime.now(UTC) - timedelta(days=self._settings.retention_days)).date()
        rows = rows_before(session, table, before)
        if rows:
            began = time.monotonic()
            self._ledger.plan_retirement(table.name, before, rows)
            drop_days(session, table, before)
            self._ledger.confirm_retirement(table.name)
            self._note(table, "retention", began, rows=sum(rows.values()))

    def _note(self, table: LakeTable, task: str, began: float, **figures: int) -> None:
        seconds = time.monotonic() - began
        self._ledger.note_upkeep(table.name, task, seconds, figures)
        self._metrics.kept(table.name, task, seconds)
        listed = ", ".join(f"{name} {value:,}" for name, value in figures.items())
        log.info("%s of %s in %.1f s: %s.", task.capitalize(), table.name, seconds, listed)

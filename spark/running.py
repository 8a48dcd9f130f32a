"""One table's query: started, watched, and started again in place when it fails."""

from __future__ import annotations

import json
import logging
from typing import Final

import psycopg
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.listener import StreamingQueryProgress
from pyspark.sql.streaming.query import StreamingQuery

from spark.columns import KEY, sql_schema
from spark.errors import LakeError
from spark.ledger import Ledger
from spark.metrics import LakeMetrics
from spark.positions import starting_offsets
from spark.settings import LakeSettings
from spark.sinks import start_query
from spark.sources import telemetry_stream
from spark.tables import RAW, LakeTable, current_snapshot
from spark.transforms.verdicts import DEAD_LETTER_COLUMNS, RAW_COLUMNS, accepted_batches, rejected_batches
from spark.watch import ProgressClock

log = logging.getLogger(__name__)

SPARK_ERRORS: Final = (PySparkException, Py4JError)
LONGEST_PAUSE_S: Final = 8.0


class RunningTable:
    """The query that fills one table.

    A query that fails (a server went away in the middle of a batch) is started again in the same JVM, which takes
    a second and not twenty. When that brings no progress within the stall limit, `look` raises.
    """

    def __init__(self, session: SparkSession, settings: LakeSettings, table: LakeTable, metrics: LakeMetrics) -> None:
        self._session = session
        self._settings = settings
        self._table = table
        self._metrics = metrics
        self._ledger = Ledger(settings)
        self._clock = ProgressClock(table.name, settings.stall_seconds)
        self._shown: object = None
        self._failures = 0
        self._resume_at = 0.0
        self._query: StreamingQuery | None = None

    def start(self) -> None:
        """Start the query where its checkpoint, or else its table, ends; once started, nothing happens."""
        if self._query is not None:
            return
        offsets = starting_offsets(self._session, self._settings, self._table)
        stream = telemetry_stream(self._session, self._settings, offsets)
        self._query = start_query(transformed(stream, self._table), self._table, self._settings)

    def look(self, now: float) -> float:
        """Start a failed query again, show new progress; the age of the newest progress in seconds.

        Raises:
            LakeStalled: there was none for longer than the stall limit.
        """
        progress = self._query.lastProgress if self._query else None
        stamp = (progress.runId, progress.timestamp) if progress else None
        age = self._clock.look(stamp, now)
        if progress and stamp != self._shown:
            self._show(progress)
            self._shown, self._failures = stamp, 0
        if self._query is None or not self._query.isActive:
            self._recover(now)
        return age

    def _show(self, progress: StreamingQueryProgress) -> None:
        name = self._table.name
        # PySpark's typed view turns the offsets into the text of a Python dictionary.
        source = json.loads(progress.json)["sources"][0]
        next_offsets = {
            int(number): offset for number, offset in (source["endOffset"] or {}).get(self._settings.topic, {}).items()
        }
        seconds = progress.batchDuration / 1000
        self._metrics.progressed(name, next_offsets, progress.inputRowsPerSecond, seconds)
        try:
            self._ledger.note_progress(name, next_offsets)
        except psycopg.Error as error:
            log.warning("The progress of %s can't be noted: %s", name, first_line(error))
        try:
            snapshot = current_snapshot(self._session, self._table)
        except SPARK_ERRORS as error:
            log.warning("The newest snapshot of %s can't be read: %s", name, first_line(error))
        else:
            if snapshot is not None:
                self._metrics.committed(name, snapshot)

    def _recover(self, now: float) -> None:
        if self._query is not None:
            # Also after each kill in mid-batch: Spark 4.1.1's Kafka source fails once when it reports on a batch
            # that it did not plan itself (SPARK-57438). The batch is committed by then.
            cause = self._query.exception()
            log.warning("Query %s failed: %s", self._table.name, first_line(cause) if cause else "no cause given")
            self._query = None
            self._resume_at = now + min(2.0**self._failures - 1, LONGEST_PAUSE_S)
            self._failures += 1
        if now >= self._resume_at:
            try:
                self.start()
            except (LakeError, *SPARK_ERRORS) as error:
                log.warning("Query %s did not start: %s", self._table.name, first_line(error))
                self._resume_at = now + LONGEST_PAUSE_S


def transformed(stream: DataFrame, table: LakeTable) -> DataFrame:
    """The rows of one table in a stream of messages."""
    if table == RAW:
        return stream.drop(KEY.name).mapInArrow(accepted_batches, sql_schema(RAW_COLUMNS))
    return stream.mapInArrow(rejected_batches, sql_schema(DEAD_LETTER_COLUMNS))


def first_line(error: Exception) -> str:
    """An error of Spark or the JVM in one line."""
    # Py4J puts the name of its own call before what the JVM says.
    lines = (line.strip(": ") for line in str(error).splitlines() if not line.startswith("An error occurred while"))
    return next((line for line in lines if line), type(error).__name__)

"""`python -m spark.jobs.lake`: every message of telemetry.raw into the lake, until it is stopped.

Two queries read the topic, one for each of raw and dead_letters, and reach the same verdict on each message. A keeper
beside them extends track and ship_minute and keeps all tables small. SIGTERM stops it cleanly. Whatever it can't mend
by itself ends it with status 1, and the supervisor starts it again.
"""

from __future__ import annotations

import logging
import logging.config
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from subprocess import TimeoutExpired
from types import FrameType
from typing import Final, TypeVar

from pyspark.sql import SparkSession

import hocotate_logs
from spark.errors import LakeError, LakeStalled, SettingInvalid
from spark.keeper import Keeper
from spark.lock import LakeLock
from spark.metrics import LakeMetrics
from spark.migrations import migrate
from spark.running import SPARK_ERRORS, RunningTable, first_line
from spark.scratch import own_folder
from spark.session import STREAM_POOL, jvm_process, start_session
from spark.settings import LakeSettings, lake_settings
from spark.tables import STREAMED
from spark.watch import Watchdog

log = logging.getLogger("lake")
T = TypeVar("T")

START_S: Final = 300.0
"""Most that Spark's JVM may take to start; 5 s on two idle cores."""
TURN_S: Final = 1.0
LOCK_CHECK_TURNS: Final = 3
RETRY_S: Final = 2.0
FRESH_S: Final = 60.0
"""A query whose progress is older than this is not shown as alive, though it is not given up yet."""


def main() -> int:
    """Run until stopped; the exit status."""
    try:
        logging.config.dictConfig(hocotate_logs.from_environment(os.environ, "lake"))
        logging.getLogger("py4j").setLevel(logging.ERROR)
        settings = lake_settings(os.environ)
    except hocotate_logs.LogSettingInvalid as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except SettingInvalid as error:
        log.critical("%s", error)
        return 2
    stop = threading.Event()
    watchdog = Watchdog(settings.stall_seconds, START_S)

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()
        watchdog.stop_soon()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    metrics = LakeMetrics()
    metrics.serve(settings.metrics_port, settings.metrics_address)
    folder = own_folder(Path(settings.local_dir))
    try:
        run(replace(settings, local_dir=str(folder)), stop, metrics, watchdog)
    except LakeStalled:
        return 1
    log.info("Stopped.")
    return 0


def run(settings: LakeSettings, stop: threading.Event, metrics: LakeMetrics, watchdog: Watchdog) -> None:
    """Start Spark, wait for the servers, and keep both queries going until `stop`.

    Raises:
        LakeStalled: it can't go on by itself.
    """
    session = start_session(settings)
    session.sparkContext.setLocalProperty("spark.scheduler.pool", STREAM_POOL)
    watchdog.guard(jvm_process(session))
    tables = [RunningTable(session, settings, table, metrics) for table in STREAMED]

    def prepare() -> None:
        migrate(session)
        for table in tables:
            table.start()

    try:
        lock = _once_ready(lambda: LakeLock(session, settings), stop, watchdog)
        _once_ready(prepare, stop, watchdog)
        if lock is not None and not stop.is_set():
            keeper = Keeper(session, settings, metrics, stop)
            keeper.start()
            log.info("Both queries run.")
            _keep_going(tables, keeper, lock, stop, metrics, watchdog)
    except Exception as error:
        # Said before Spark is ended, which may outlast the watchdog's grace.
        log.critical("%s", error, exc_info=not isinstance(error, LakeStalled))
        watchdog.stop_soon(status=1)
        raise
    finally:
        watchdog.stop_soon()
        _end(session)


def _keep_going(
    tables: Sequence[RunningTable],
    keeper: Keeper,
    lock: LakeLock,
    stop: threading.Event,
    metrics: LakeMetrics,
    watchdog: Watchdog,
) -> None:
    turns = 0
    while not stop.wait(TURN_S):
        turns += 1
        watchdog.turned()
        if turns % LOCK_CHECK_TURNS == 0:
            lock.keep()
        if max(table.look(time.monotonic()) for table in tables) < FRESH_S:
            metrics.loop_turned()
        keeper.check(time.monotonic())


def _once_ready(action: Callable[[], T], stop: threading.Event, watchdog: Watchdog) -> T | None:
    """The action's result once the servers that it needs answer; None when a stop comes first."""
    said = ""
    while not stop.is_set():
        watchdog.turned()
        try:
            return action()
        except (LakeError, *SPARK_ERRORS) as error:
            if (reason := first_line(error)) != said:
                log.warning("Waiting: %s", reason)
                said = reason
        stop.wait(RETRY_S)
    return None


def _end(session: SparkSession) -> None:
    process = jvm_process(session)
    try:
        for query in session.streams.active:
            query.stop()
        session.stop()
    except SPARK_ERRORS as error:
        log.warning("Spark did not stop by itself: %s", first_line(error))
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(2)
    except TimeoutExpired:
        process.kill()


if __name__ == "__main__":
    sys.exit(main())

"""Jobs on real workers, beats and brokers that are stopped, killed, doubled and slow: nothing is lost or doubled."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from celery import Celery
from django.conf import settings

from missions.models import Mission
from missions.tasks import audit_log_prune
from telemetry.models import Manifest, ReportUpload, ShipState, UploadState
from telemetry.tasks import (
    BEAT_KEY,
    alerts_prune,
    audit_platform,
    build_marts,
    heartbeat,
    ingest_announced,
    ingest_overlooked,
    ingest_reconcile,
    ingest_report,
    partitions_keep,
    status_sample,
)

from .broker import Broker, broker
from .reports import nth
from .worker import Worker, beat, eventually, site_env, worker

Announce = Callable[..., ReportUpload]
pytestmark = pytest.mark.usefixtures("bucket", "queue")

QUICK = {"DJANGO_SETTINGS_MODULE": "telemetry.tests.jobs_settings"}
TICKS = 30
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    " AND (query LIKE '%incoming_states%' OR query LIKE '%ship_state_month%')"
)


@pytest.fixture
def hand_in(mission: Mission, announce: Announce) -> Callable[[int], ReportUpload]:
    """Have the n-th report (from 1) of a mission stand, with TICKS ticks that no other one has."""

    def stand(n: int) -> ReportUpload:
        return announce(nth(mission.mission_id, n, ticks=TICKS).put())

    return stand


@contextmanager
def gate() -> Iterator[Callable[[], None]]:
    """Loads wait for the table while it lasts; the function given waits until one does."""
    url = site_env()["DATABASE_URL"]
    with psycopg.connect(url) as closed, psycopg.connect(url, autocommit=True) as watch:
        closed.execute("LOCK TABLE ll.ship_state IN ACCESS EXCLUSIVE MODE")
        yield lambda: eventually(lambda: watch.execute(WAITING).fetchone() == (1,), "a load waits for the table")
        closed.rollback()


def all_in(reports: int) -> bool:
    """Whether so many reports are loaded."""
    return ReportUpload.objects.filter(state=UploadState.LOADED).count() == reports


def once(reports: int) -> None:
    """Hold what stands in ll against so many reports."""
    assert (Manifest.objects.count(), ShipState.objects.count()) == (reports, reports * TICKS)


def enqueue(url: str, upload: ReportUpload) -> None:
    """Put the report's arrival into the queue of this broker."""
    with Celery(broker=url) as app:
        app.send_task("telemetry.tasks.ingest_report", [upload.pk])


def test_limits_rise_from_the_task_over_its_schedule_to_the_visibility_timeout() -> None:
    """Each entry of the schedule, by its period in s."""
    quarter, day = 15 * 60, 24 * 3600
    periods = {
        alerts_prune: day,
        audit_log_prune: day,
        audit_platform: quarter,
        build_marts: quarter,
        ingest_announced: quarter,
        ingest_overlooked: 60,
        ingest_reconcile: day,
        partitions_keep: day,
        status_sample: 60,
        heartbeat: settings.CELERY_BEAT_SCHEDULE["heartbeat"]["schedule"],
    }
    scheduled = {entry["task"]: entry for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {task.name for task in periods} == set(scheduled)
    visible_s = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    for task, period in periods.items():
        assert task.time_limit < period
        assert scheduled[task.name]["options"]["expires"] <= period
    assert ingest_report.time_limit < visible_s
    assert max(task.time_limit for task in periods) < visible_s


class Kept:
    """A program that is started again when it has ended, as the platform's supervisor does."""

    def __init__(self, run: Callable[[], Any]) -> None:
        self._run, self._stack = run, ExitStack()
        self.process: Worker = self._stack.enter_context(run())
        self.starts = 1

    def look(self) -> None:
        """Start it again if it has ended."""
        if self.process.process.poll() is not None:
            self.process = self._stack.enter_context(self._run())
            self.starts += 1

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()


def fresh_heartbeat(valkey: Broker, since: float) -> bool:
    """Whether beat's word has gone through the worker since then."""
    with valkey.client() as client:
        written = client.get(BEAT_KEY)
    return isinstance(written, bytes) and float(written) > since


def test_a_broker_that_stops_three_times_costs_no_report_and_the_schedule_goes_on(
    hand_in: Callable[[int], ReportUpload], tmp_path: Path, free_port: int
) -> None:
    with broker(tmp_path / "broker", free_port) as valkey:
        changes = {**QUICK, "VALKEY_URL": valkey.url}
        with (
            Kept(lambda: worker(tmp_path, **changes)) as working,
            Kept(lambda: beat(tmp_path, **changes)) as ticking,
        ):
            for n in range(3):
                held, meanwhile = hand_in(2 * n + 1), 2 * n + 2
                with gate() as await_load:
                    enqueue(valkey.url, held)
                    await_load()
                    valkey.stop(kill=n == 1)
                    hand_in(meanwhile)
                valkey.start()

                def right(reports: int = meanwhile) -> bool:
                    working.look()
                    ticking.look()
                    return all_in(reports)

                eventually(right, f"all reports are in after outage {n + 1}", 60)
            back = time.time()
            eventually(lambda: fresh_heartbeat(valkey, back), "the schedule goes on", 30)
            assert (working.starts, ticking.starts) == (1, 1), "both outlived the outages"
    once(6)


def test_two_beats_at_once_double_nothing(
    hand_in: Callable[[int], ReportUpload], tmp_path: Path, queue: redis.Redis
) -> None:
    with worker(tmp_path, **QUICK) as working, beat(tmp_path, **QUICK) as one, beat(tmp_path, **QUICK) as other:
        for n in range(1, 5):
            hand_in(n)
        eventually(lambda: all_in(4), "all reports are in")
        eventually(lambda: one.said("ingest_announced") and other.said("ingest_announced"), "both beats send")
        back = time.time()
        eventually(lambda: float(queue.get(BEAT_KEY) or 0) > back, "the schedule goes on")
        assert working.process.poll() is None
    once(4)


def test_a_load_longer_than_the_visibility_timeout_is_handed_out_again_and_loads_once(
    hand_in: Callable[[int], ReportUpload], tmp_path: Path
) -> None:
    changes = {**QUICK, "VISIBILITY_S": "2"}
    with worker(tmp_path, **changes) as one, worker(tmp_path, **changes) as other:
        upload = hand_in(1)
        with gate() as await_load:
            enqueue(settings.VALKEY_URL, upload)
            await_load()
            busy = f"Report {upload.pk}: busy."
            eventually(lambda: one.said(busy) or other.said(busy), "the other worker gets the same report")
        eventually(lambda: all_in(1), "the report is in")
        closed = f"Report {upload.pk}: closed."
        eventually(lambda: one.said(closed) or other.said(closed), "the second run finds it loaded")
    once(1)


def test_a_worker_told_to_stop_gives_back_what_it_cannot_finish(
    hand_in: Callable[[int], ReportUpload], tmp_path: Path, queue: redis.Redis
) -> None:
    upload = hand_in(1)
    with worker(tmp_path, **QUICK, REMAP_SIGTERM="SIGQUIT") as working, gate() as await_load:
        await_load()
        working.process.send_signal(signal.SIGTERM)
        assert working.process.wait(20) == 0
        assert queue.llen("celery") == 1
    assert ReportUpload.objects.get().state == UploadState.COMMITTED

    with worker(tmp_path, **QUICK) as working:
        eventually(lambda: all_in(1), "the next worker loads the report")
    once(1)
    assert upload.pk == ReportUpload.objects.get().pk


@pytest.mark.usefixtures("mission")
def test_a_report_whose_word_was_lost_is_found_within_the_minute(
    hand_in: Callable[[int], ReportUpload], queue: redis.Redis
) -> None:
    ingest_overlooked()
    assert queue.llen("celery") == 0

    hand_in(1)
    ingest_overlooked()
    assert queue.llen("celery") == 1

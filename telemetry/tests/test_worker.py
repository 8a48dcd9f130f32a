"""Reports taken in by a real Celery worker, also when it is killed over them."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis
from django.utils import timezone

from missions.models import Mission
from telemetry.models import Manifest, ReportUpload, ShipState, UploadState
from telemetry.services import report_commit
from telemetry.tasks import BEAT_KEY, heartbeat

from .reports import Handed, handed
from .worker import Worker, eventually, site_env, worker

Announce = Callable[..., ReportUpload]
pytestmark = pytest.mark.usefixtures("bucket", "queue")


WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%incoming_states%'"
)


def commit(report: Handed) -> ReportUpload:
    """Say that the report stands."""
    return report_commit(mission_id=report.id.mission_id, date=report.id.date, report_no=report.id.report_no)


def loaded() -> bool:
    """Whether every report is in."""
    return not ReportUpload.objects.exclude(state=UploadState.LOADED).exists()


def test_a_worker_takes_a_report_in_on_arrival(mission: Mission, announce: Announce, tmp_path: Path) -> None:
    with worker(tmp_path):
        report = handed(mission.mission_id).put()
        announce(report, state=UploadState.ANNOUNCED)
        commit(report)

        eventually(loaded, "the report is loaded")
    assert ShipState.objects.count() == 60


def test_a_worker_that_starts_takes_in_what_came_before(mission: Mission, announce: Announce, tmp_path: Path) -> None:
    start = timezone.now() - dt.timedelta(hours=1)
    for n in range(5):
        announce(handed(mission.mission_id, report_no=n + 1, start=start, first_seq=n * 60).put())

    with worker(tmp_path):
        eventually(loaded, "all reports are loaded")
    assert ShipState.objects.count() == 300


def child_of(process: subprocess.Popen[bytes]) -> int:
    """The worker's child that does the jobs."""
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])


def kill_the_child(started: Worker) -> None:
    os.kill(child_of(started.process), signal.SIGKILL)


def kill_all(started: Worker) -> None:
    started.kill()


@pytest.mark.parametrize("kill", [kill_the_child, kill_all])
def test_a_worker_killed_in_the_middle_of_a_load_loses_nothing(
    mission: Mission, announce: Announce, tmp_path: Path, kill: Callable[[Worker], None]
) -> None:
    report = handed(mission.mission_id, ticks=5000).put()
    announce(report, state=UploadState.ANNOUNCED)
    url = site_env()["DATABASE_URL"]
    with psycopg.connect(url) as gate, psycopg.connect(url, autocommit=True) as watch, worker(tmp_path) as started:

        def waiting() -> bool:
            return watch.execute(WAITING).fetchone() == (1,)

        gate.execute("LOCK TABLE ll.ship_state IN ACCESS EXCLUSIVE MODE")
        commit(report)
        eventually(waiting, "the load waits for the table")
        kill(started)
        gate.rollback()
        eventually(lambda: not waiting(), "the dead worker's transaction is rolled back")
        if started.process.poll() is None:
            eventually(loaded, "the next child loads the report")
    if not loaded():
        assert (Manifest.objects.count(), ReportUpload.objects.get().state) == (0, UploadState.COMMITTED)
        with worker(tmp_path):
            eventually(loaded, "the report is loaded by the next worker")
    assert ShipState.objects.count() == 5000


def test_the_heartbeat_leaves_the_time_in_valkey(queue: redis.Redis) -> None:
    heartbeat()

    written = queue.get(BEAT_KEY)
    assert isinstance(written, bytes)
    assert abs(time.time() - float(written)) < 10
    left = queue.ttl(BEAT_KEY)
    assert isinstance(left, int)
    assert 0 < left <= 60

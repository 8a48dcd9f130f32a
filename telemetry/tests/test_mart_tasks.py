"""Builds after an ingest: asked for once, done by a real worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from celery.exceptions import Retry
from pytest_django import Settings

from hocotate_site import outcomes
from missions.models import Mission
from telemetry import mart_tasks
from telemetry.mart_builds.errors import BuildBusy, BuildFailed
from telemetry.mart_builds.soon import KEY, build_ask, build_begins
from telemetry.mart_tasks import build_marts
from telemetry.models import BuildState, MartBuild, ReportUpload, UploadState
from telemetry.services import report_commit

from .reports import handed
from .warehouse import one
from .worker import eventually, worker

Announce = Callable[..., ReportUpload]


def test_reports_that_come_together_ask_for_one_build(queue: redis.Redis) -> None:
    asked: list[int] = []

    assert build_ask(asked.append)
    assert not build_ask(asked.append)
    assert asked == [20]
    build_begins()
    assert build_ask(asked.append)
    assert asked == [20, 20]
    assert 0 < int(str(queue.ttl(KEY))) <= 300


def test_without_valkey_the_schedule_is_left_to_build(settings: Settings, free_port: int) -> None:
    settings.VALKEY_URL = f"redis://127.0.0.1:{free_port}/0"
    asked: list[int] = []

    assert not build_ask(asked.append)
    build_begins()
    assert not asked


@pytest.mark.usefixtures("bucket", "queue")
def test_a_worker_builds_the_marts_once_reports_are_in(
    mission: Mission, announce: Announce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_BUILD_SECONDS", "1")
    report = handed(mission.mission_id).put()
    announce(report, state=UploadState.ANNOUNCED)
    with worker(tmp_path):
        report_commit(mission_id=report.id.mission_id, date=report.id.date, report_no=report.id.report_no)

        eventually(lambda: MartBuild.objects.filter(state=BuildState.BUILT).exists(), "the marts are built", 60)
    assert one("bl.mission_summary", mission_id=mission.mission_id)["total_ticks"] == 60


def test_a_failed_build_is_pushed_as_failed_and_one_that_waits_is_not_pushed(
    monkeypatch: pytest.MonkeyPatch, queue: redis.Redis
) -> None:
    pushed: list[tuple[int | None, bool]] = []

    def raising(error: Exception) -> Callable[..., None]:
        def build(*_arguments: object) -> None:
            raise error

        return build

    monkeypatch.setattr(outcomes, "push", lambda _job, told, **_: pushed.append((told.failed_items, told.succeeded)))
    monkeypatch.setattr(mart_tasks, "marts_build", raising(BuildFailed("a test failed")))
    build_marts()
    monkeypatch.setattr(mart_tasks, "marts_build", raising(BuildBusy("busy")))
    with pytest.raises(Retry):
        build_marts()

    assert pushed == [(1, False)]

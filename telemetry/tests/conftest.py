"""Fixtures of the app's tests: a mission, its announced report, and a clean bucket."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError

from hocotate_site import celery_app, object_store
from missions.models import Mission, ShipToken
from missions.services import mission_register, token_create
from ships_client.contracts.reports import ReportKind
from spark.tests.lakes import Lake
from stack.services.base import Context
from telemetry.lake import LakeAccess
from telemetry.models import ReportUpload, UploadState

from .lakes import fill
from .reports import BUCKET, Handed


@pytest.fixture(scope="module")
def lake(backing: Context, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake with 50 rows and 11 dead letters."""
    lake = Lake(backing, tmp_path_factory.mktemp("lake"))
    lake.make()
    fill(lake)
    yield lake
    lake.drop()


@pytest.fixture(scope="module")
def access(lake: Lake) -> LakeAccess:
    """The way to it, to read only."""
    return lake.access()


@pytest.fixture
def tables(transactional_db: None) -> Iterator[None]:
    """Schemas ll and params, and ops.alerts, emptied at the end: Django's own flush sees the default schema only."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE ll.report_uploads, ll.manifests, ll.mission_reports, ll.treasure_reports, ll.ship_state,"
            " ll.dead_letter_replays, ll.mart_builds, ll.reconciles, params.missions, params.ship_tokens,"
            " params.enrolments, params.audit_log, ops.alerts"
        )


@pytest.fixture
def token(tables: None) -> tuple[ShipToken, str]:
    """A ship token and its secret."""
    return token_create(name="test fleet")


@pytest.fixture
def mission(token: tuple[ShipToken, str]) -> Mission:
    """A running mission to Karut."""
    return mission_register(token=token[0], ship_name="ONION?!", captain="Olimar", target="Karut", report_freq_min=5)


@pytest.fixture
def bucket(backing: Context) -> Iterator[None]:
    """The buckets of reports and logs; emptied after the test."""
    yield
    for name in (BUCKET, "logs"):
        for listed in object_store.client().list_objects_v2(Bucket=name).get("Contents", []):
            object_store.client().delete_object(Bucket=name, Key=listed["Key"])


@pytest.fixture
def announce(tables: None) -> Callable[..., ReportUpload]:
    """Record a report as announced, or as committed."""

    def announced(report: Handed, state: UploadState = UploadState.COMMITTED) -> ReportUpload:
        return ReportUpload.objects.create(
            mission_id=report.id.mission_id,
            date=report.id.date,
            report_no=report.id.report_no,
            manifest_key=report.id.key(ReportKind.MANIFEST),
            state=state,
            announced_at=timezone.now(),
        )

    return announced


@pytest.fixture
def queue(backing: Context) -> Iterator[redis.Redis]:
    """The tests' own queue of jobs, empty before and after."""
    with redis.Redis.from_url(settings.VALKEY_URL) as valkey:
        valkey.flushdb()
        yield valkey
        valkey.flushdb()


@pytest.fixture
def broken_queue(queue: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that takes nothing."""

    def refuse(*_args: object, **_options: object) -> None:
        raise OperationalError("Error 111 connecting to 127.0.0.1. Connection refused.")

    monkeypatch.setattr(celery_app, "send_task", refuse)


@pytest.fixture
def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

"""Writes about reports: announce, commit, find, try again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hocotate_site import celery_app, object_store
from ships_client.contracts.reports import ReportKind

from . import rules, selectors
from .exceptions import NotQuarantined
from .ingest.errors import Check
from .ingest.manifest import ReportId
from .models import ReportUpload, UploadState

REOPENED: Final[dict[str, Any]] = {
    "state": UploadState.COMMITTED,
    "failed_check": "",
    "reason": "",
    "offending_row": None,
    "etags": {},
    "attempts": 0,
}
"""What a report is again before it is tried again."""


@dataclass(frozen=True)
class UploadAddress:
    """Where and how a ship PUTs one object of its report."""

    kind: ReportKind
    key: str
    url: str
    headers: dict[str, str]


def upload_announce(
    *, mission_id: int, finished_at: dt.datetime | None, date: dt.date, report_no: int, now: dt.datetime
) -> list[UploadAddress]:
    """Record that a report comes, and give addresses for exactly its three objects; asking again is harmless.

    Raises:
        InvalidReport: no report can have this date or number.
        UploadsClosed: the mission ended too long ago.
    """
    rules.report_check(date=date, report_no=report_no, now=now)
    rules.upload_window_check(mission_id=mission_id, finished_at=finished_at, now=now)
    report = ReportId(mission_id, date, report_no)
    ReportUpload.objects.get_or_create(
        mission_id=mission_id,
        date=date,
        report_no=report_no,
        defaults={"manifest_key": report.key(ReportKind.MANIFEST), "announced_at": now},
    )
    return [_address(kind, report.key(kind)) for kind in ReportKind]


def report_commit(*, mission_id: int, date: dt.date, report_no: int) -> ReportUpload:
    """Note that the ship says its manifest stands, and enqueue the ingest of that report.

    Saying it again changes nothing, except for a report given up as never handed in: it gets its chance.

    Raises:
        NotAnnounced: the report was never announced.
    """
    upload = selectors.upload_get(mission_id=mission_id, date=date, report_no=report_no)
    with transaction.atomic():
        upload = ReportUpload.objects.select_for_update().get(pk=upload.pk)
        given_up = upload.state == UploadState.QUARANTINED and upload.failed_check == Check.HANDED_IN
        if upload.state == UploadState.ANNOUNCED or given_up:
            _reopen(upload)
        if upload.is_open:
            transaction.on_commit(_enqueue(upload.pk), robust=True)
    return upload


def report_retry(*, upload_id: int) -> ReportUpload:
    """Hand a quarantined report, mended since, to the ingest again.

    Raises:
        NotQuarantined: it is not quarantined.
    """
    with transaction.atomic():
        upload = ReportUpload.objects.select_for_update().get(pk=upload_id)
        if upload.state != UploadState.QUARANTINED:
            raise NotQuarantined(f"The report ({upload}) is {upload.state}; only quarantined ones are tried again.")
        _reopen(upload)
        transaction.on_commit(_enqueue(upload.pk), robust=True)
    return upload


def reports_found(reports: Iterable[ReportId], *, now: dt.datetime) -> int:
    """Record reports that stand in the bucket and that nobody announced; how many were new. The scan loads them."""
    new = [
        ReportUpload(
            mission_id=report.mission_id,
            date=report.date,
            report_no=report.report_no,
            manifest_key=report.key(ReportKind.MANIFEST),
            state=UploadState.COMMITTED,
            announced_at=now,
            found=True,
        )
        for report in reports
    ]
    before = ReportUpload.objects.filter(manifest_key__in=[upload.manifest_key for upload in new]).count()
    ReportUpload.objects.bulk_create(new, ignore_conflicts=True)
    return len(new) - before


def reports_reopen(ids: Iterable[int]) -> int:
    """Open again those of these reports that are quarantined; how many were. The scan loads them."""
    quarantined = ReportUpload.objects.filter(pk__in=list(ids), state=UploadState.QUARANTINED)
    return quarantined.update(**REOPENED, updated_at=timezone.now())


def _reopen(upload: ReportUpload) -> None:
    for column, value in REOPENED.items():
        setattr(upload, column, value)
    upload.save(update_fields=[*REOPENED, "updated_at"])


def _enqueue(upload_id: int) -> Callable[[], None]:
    """The call that enqueues the ingest; when the queue is away the schedule finds the open row instead."""

    def enqueue() -> None:
        # By name: the job's own code loads what takes the web process 35 MB.
        celery_app.send_task("telemetry.tasks.ingest_report", [upload_id])

    return enqueue


def _address(kind: ReportKind, key: str) -> UploadAddress:
    upload = object_store.presign_create(settings.BUCKET_MISSIONS, key)
    return UploadAddress(kind=kind, key=key, url=upload.url, headers=upload.headers)

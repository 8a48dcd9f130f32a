"""Writes about announced reports: announce, commit, try again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from hocotate_site import object_store
from ships_client.contracts.reports import ReportKind

from . import rules, selectors
from .exceptions import NotQuarantined
from .ingest.errors import Check
from .ingest.manifest import ReportId
from .models import ReportUpload, UploadState


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


def _reopen(upload: ReportUpload) -> None:
    upload.state = UploadState.COMMITTED
    upload.failed_check, upload.reason, upload.attempts = "", "", 0
    upload.save(update_fields=["state", "failed_check", "reason", "attempts", "updated_at"])


def _enqueue(upload_id: int) -> Callable[[], None]:
    """The call that enqueues the ingest; when the queue is away the schedule finds the open row instead."""

    def enqueue() -> None:
        from .tasks import ingest_report

        ingest_report.delay(upload_id)

    return enqueue


def _address(kind: ReportKind, key: str) -> UploadAddress:
    upload = object_store.presign_create(settings.BUCKET_MISSIONS, key)
    return UploadAddress(kind=kind, key=key, url=upload.url, headers=upload.headers)

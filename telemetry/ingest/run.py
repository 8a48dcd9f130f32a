"""Work off one announced report, once, whatever fails on the way."""

from __future__ import annotations

import datetime as dt
import hashlib
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from hocotate_site.metrics import INGEST_REPORTS, INGEST_ROWS
from telemetry.models import Manifest, ReportUpload, UploadState
from telemetry.rules import HAND_IN_TIME, MAX_ATTEMPTS

from .errors import Check, ObjectMissing, ReportRejected, StoreAway
from .judge import manifest_fetch, report_judge
from .load import report_load
from .log import log_write
from .manifest import ReportId

LOCK_CLASS = 0x6C6C
"""First half of the advisory locks of this app ("ll"); the second is the upload's id."""


class Outcome(StrEnum):
    """What became of a report in one run."""

    LOADED = "loaded"
    QUARANTINED = "quarantined"
    WAITING = "waiting"
    CLOSED = "closed"
    BUSY = "busy"


def report_ingest(upload_id: int) -> Outcome:
    """Load the report, or quarantine it with its reason, or leave it waiting for its manifest.

    A report that is loaded or quarantined already is left alone (CLOSED), and so is one that another run has
    in hand (BUSY). Safe to repeat at any time.

    Raises:
        StoreAway: the object store does not answer; nothing changed.
        OperationalError: the database does not answer; nothing changed.
        ReportUpload.DoesNotExist: no report has this id.
    """
    # Counted before the work and on its own, so that a report which kills its worker is found out.
    tries = ReportUpload.objects.filter(pk=upload_id)
    tries.update(attempts=F("attempts") + 1)
    try:
        with transaction.atomic():
            outcome = _ingest(ReportUpload.objects.get(pk=upload_id), timezone.now())
    except StoreAway:
        tries.update(attempts=F("attempts") - 1)
        raise
    if outcome in (Outcome.WAITING, Outcome.CLOSED, Outcome.BUSY):
        tries.update(attempts=F("attempts") - 1)
    INGEST_REPORTS.labels(outcome.value).inc()
    return outcome


def _ingest(upload: ReportUpload, now: dt.datetime) -> Outcome:
    """One run within a transaction, which holds the report's lock to its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_CLASS, upload.pk % 2**31])
        if cursor.fetchone() != (True,):
            return Outcome.BUSY
    upload.refresh_from_db()
    if not upload.is_open:
        return Outcome.CLOSED
    raw: bytes | None = None
    try:
        _attempts_check(upload)
        raw = _manifest(upload, now)
        if raw is None:
            return Outcome.WAITING
        ledger = _into_ledger(upload, raw)
    except ReportRejected as rejected:
        return _quarantine(upload, rejected, raw, now)
    return _loaded(upload, ledger, now)


def _report(upload: ReportUpload) -> ReportId:
    return ReportId(upload.mission_id, upload.date, upload.report_no)


def _attempts_check(upload: ReportUpload) -> None:
    if upload.attempts > MAX_ATTEMPTS:
        raise ReportRejected(
            Check.ATTEMPTS,
            f"{upload.manifest_key}: {MAX_ATTEMPTS} runs broke off over it; the worker's log says how.",
        )


def _manifest(upload: ReportUpload, now: dt.datetime) -> bytes | None:
    """The manifest; None while a report that was only announced may still arrive."""
    try:
        return manifest_fetch(_report(upload))
    except ObjectMissing:
        if upload.state != UploadState.ANNOUNCED:
            raise
    if now - upload.announced_at < HAND_IN_TIME:
        return None
    raise ReportRejected(
        Check.HANDED_IN,
        f"{upload.manifest_key}: announced at {upload.announced_at:%Y-%m-%d %H:%M:%S} UTC and not handed in "
        f"within {HAND_IN_TIME.total_seconds() / 3600:.0f} hours.",
    )


def _into_ledger(upload: ReportUpload, raw: bytes) -> Manifest:
    """Judge and load the report, unless the ledger has it: then this very manifest must be the one it has."""
    ledger = Manifest.objects.filter(manifest_path=upload.manifest_key).first()
    if ledger is None:
        return report_load(report_judge(_report(upload), raw))
    checksum = hashlib.sha256(raw).hexdigest()
    if ledger.checksum_manifest != checksum:
        raise ReportRejected(
            Check.ONCE,
            f"{upload.manifest_key}: loaded at {ledger.loaded_at:%Y-%m-%d %H:%M:%S} UTC with sha256 "
            f"{ledger.checksum_manifest}; the bucket now holds another manifest, with sha256 {checksum}.",
        )
    return ledger


def _loaded(upload: ReportUpload, ledger: Manifest, now: dt.datetime) -> Outcome:
    # The log entry comes before the commit: when the store refuses it, the whole run is repeated.
    log_write(upload, sha256=ledger.checksum_manifest, reason=None, now=now)
    upload.state = UploadState.LOADED
    upload.save(update_fields=["state", "updated_at"])
    INGEST_ROWS.labels("mission_reports").inc(ledger.rows_mission)
    INGEST_ROWS.labels("ship_state").inc(ledger.rows_ship_state)
    return Outcome.LOADED


def _quarantine(upload: ReportUpload, rejected: ReportRejected, raw: bytes | None, now: dt.datetime) -> Outcome:
    checksum = hashlib.sha256(raw).hexdigest() if raw is not None else None
    log_write(upload, sha256=checksum, reason=rejected.reason, now=now)
    upload.state, upload.failed_check = UploadState.QUARANTINED, rejected.check.value
    upload.reason = rejected.reason
    upload.save(update_fields=["state", "failed_check", "reason", "updated_at"])
    return Outcome.QUARANTINED

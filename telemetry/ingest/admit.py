"""What is decided of a report before its files are read: wait, refuse, leave as loaded, or go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from ships_client.contracts.reports import ReportKind
from ships_client.contracts.telemetry import FURTHEST_AHEAD
from telemetry.models import Manifest, ReportUpload, UploadState
from telemetry.rules import HAND_IN_TIME, MAX_ATTEMPTS

from .changes import report_unchanged
from .errors import Check, ObjectMissing, ReportRejected
from .judge import Incoming
from .manifest import ReportId


@dataclass(frozen=True)
class Candidate:
    """An open report, and what of it was seen."""

    upload: ReportUpload
    incoming: Incoming

    @classmethod
    def of(cls, upload: ReportUpload) -> Candidate:
        """A report of which nothing was seen yet."""
        return cls(upload, Incoming(ReportId(upload.mission_id, upload.date, upload.report_no)))


class StillWaiting(Exception):
    """The report was announced, and its manifest may still come."""


def admit(
    candidate: Candidate,
    *,
    failed: Exception | None,
    ledger: Manifest | None,
    missions: Collection[int],
    now: dt.datetime,
) -> Manifest | None:
    """The ledger row of a report that is loaded already; None for one whose files have to be judged.

    `failed` is what its manifest's reading raised, `ledger` its row if there is one, `missions` those that exist.

    Raises:
        StillWaiting: its manifest may still come.
        ReportRejected: it fails a check, or has changed since it was loaded.
        StoreAway: the object store does not serve it now.
        Exception: `failed`, as it is.
    """
    upload, incoming = candidate.upload, candidate.incoming
    if failed is not None and ledger is None:
        raise failed
    if upload.attempts >= MAX_ATTEMPTS:
        raise ReportRejected(
            Check.ATTEMPTS,
            f"{upload.manifest_key}: {MAX_ATTEMPTS} runs broke off over it; the worker's log says how.",
        )
    if incoming.stored is None:
        raise _absent(upload, now)
    if ledger is not None:
        incoming.etags.update(report_unchanged(ledger))
        return ledger
    if upload.mission_id not in missions:
        key = incoming.id.key(ReportKind.MANIFEST)
        raise ReportRejected(Check.MISSION, f"{key}: there is no mission {upload.mission_id}.")
    _uploaded_when_it_can_be(incoming, now)
    return None


def _uploaded_when_it_can_be(incoming: Incoming, now: dt.datetime) -> None:
    """Refuse a report from the future, or from before its own date: its ticks, and their months, hang on that time."""
    manifest = incoming.manifest
    if manifest is None:
        return
    earliest = dt.datetime.combine(incoming.id.date, dt.time(), dt.UTC) - dt.timedelta(days=1)
    latest = now + FURTHEST_AHEAD
    if not earliest <= manifest.uploaded_at <= latest:
        raise ReportRejected(
            Check.VALUES,
            f"{incoming.key}: its uploaded_at is {manifest.uploaded_at}, which is not within {earliest} to {latest}.",
        )


def _absent(upload: ReportUpload, now: dt.datetime) -> Exception:
    """What to say of a report whose manifest is not in the bucket."""
    if upload.state != UploadState.ANNOUNCED:
        return ObjectMissing(upload.manifest_key)
    if now - upload.announced_at < HAND_IN_TIME:
        return StillWaiting(upload.manifest_key)
    return ReportRejected(
        Check.HANDED_IN,
        f"{upload.manifest_key}: announced at {upload.announced_at:%Y-%m-%d %H:%M:%S} UTC and not handed in "
        f"within {HAND_IN_TIME.total_seconds() / 3600:.0f} hours.",
    )

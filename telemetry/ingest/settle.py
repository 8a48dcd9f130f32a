"""What became of reports, written down: their rows in report_uploads, and one log entry each.

Log entries come before the commit: when the store refuses one, the whole run is repeated.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from telemetry.models import Manifest, ReportUpload, UploadState

from .changes import etags_now
from .errors import ReportRejected, Row
from .judge import Incoming
from .log import LogEntry, logs_write

LONGEST_TEXT: Final = 2000
"""Characters kept of a reason; of a row's texts a tenth."""


def loaded(uploads: Sequence[ReportUpload], ledgers: Sequence[Manifest]) -> None:
    """Note, in the caller's transaction, that these reports are in, each with its ledger row.

    Raises:
        StoreAway: the object store does not take a log entry.
    """
    now = timezone.now()
    ReportUpload.objects.filter(pk__in=[upload.pk for upload in uploads]).update(
        state=UploadState.LOADED, failed_check="", reason="", offending_row=None, etags={}, updated_at=now
    )
    both = zip(uploads, ledgers, strict=True)
    logs_write([LogEntry.of(upload, sha256=ledger.checksum_manifest, now=now) for upload, ledger in both])


def quarantined(upload: ReportUpload, rejected: ReportRejected, incoming: Incoming) -> None:
    """Set the report aside with its reason, its offending row, and the ETags of what stands in the bucket now.

    Raises:
        StoreAway: the object store does not answer, or does not take the log entry.
    """
    etags = etags_now(incoming)
    now, reason = timezone.now(), plain_text(rejected.reason, LONGEST_TEXT)
    with transaction.atomic():
        ReportUpload.objects.filter(pk=upload.pk).update(
            state=UploadState.QUARANTINED,
            failed_check=rejected.check.value,
            reason=reason,
            offending_row=row_json(rejected.row),
            etags=etags,
            updated_at=now,
        )
        logs_write([LogEntry.of(upload, sha256=incoming.checksum, reason=reason, now=now)])


def row_json(row: Row | None) -> dict[str, Any] | None:
    """The row as JSON that PostgreSQL takes; None without one."""
    if row is None:
        return None
    return {"file": row.file, "row": row.number, "values": {name: _json(value) for name, value in row.values.items()}}


def plain_text(text: str, longest: int) -> str:
    """The text without characters that PostgreSQL refuses, cut to `longest` characters."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[:longest]
    )


def _json(value: Any) -> Any:
    if isinstance(value, str):
        return plain_text(value, LONGEST_TEXT // 10)
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, int | float) else plain_text(str(value), LONGEST_TEXT // 10)

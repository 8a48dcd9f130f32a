"""One JSON object in the bucket `logs` for each report that was handled; a repeat overwrites its own."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from hocotate_site import objects
from telemetry.models import ReportUpload

from .errors import StoreAway

AT_ONCE: Final = 8
"""Entries written at the same time."""


@dataclass(frozen=True)
class LogEntry:
    """An entry: SUCCESS, or FAIL with the reason; sha256 is the manifest's, hex."""

    mission_id: int
    manifest_key: str
    sha256: str | None
    reason: str | None
    now: dt.datetime

    @classmethod
    def of(cls, upload: ReportUpload, *, sha256: str | None, now: dt.datetime, reason: str | None = None) -> LogEntry:
        """The entry of a report."""
        return cls(upload.mission_id, upload.manifest_key, sha256, reason, now)

    def as_json(self) -> bytes:
        """As it stands in the bucket."""
        entry = {
            "timestamp": self.now.isoformat(),
            "mission_id": self.mission_id,
            "file_name": self.manifest_key,
            "source_bucket": settings.BUCKET_MISSIONS,
            "status": "FAIL" if self.reason else "SUCCESS",
            "sha256": self.sha256,
            "reason": self.reason,
        }
        return json.dumps(entry, indent=2, ensure_ascii=False).encode()


def log_key(manifest_key: str) -> str:
    """Key in the bucket `logs`: one a report, whatever becomes of it."""
    return f"ingest/{manifest_key}"


def logs_write(entries: Sequence[LogEntry]) -> None:
    """Write the reports' log entries.

    Raises:
        StoreAway: the object store does not take one now.
    """
    if len(entries) == 1:
        _write(entries[0])
        return
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(_write, entries))


def _write(entry: LogEntry) -> None:
    key = log_key(entry.manifest_key)
    try:
        objects.object_put(settings.BUCKET_LOGS, key, entry.as_json(), content_type="application/json")
    except objects.StoreUnreachable as error:
        raise StoreAway(str(error)) from error

"""One JSON object in the bucket `logs` for each report that was handled; a repeat overwrites its own."""

from __future__ import annotations

import datetime as dt
import json

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from hocotate_site import object_store
from telemetry.models import ReportUpload

from .errors import StoreAway


def log_key(manifest_key: str) -> str:
    """Key in the bucket `logs`: one a report, whatever becomes of it."""
    return f"ingest/{manifest_key}"


def log_write(upload: ReportUpload, *, sha256: str | None, reason: str | None, now: dt.datetime) -> None:
    """Write the report's log entry: SUCCESS, or FAIL with the reason; sha256 is the manifest's, hex.

    Raises:
        StoreAway: the object store does not take it now.
    """
    entry = {
        "timestamp": now.isoformat(),
        "mission_id": upload.mission_id,
        "file_name": upload.manifest_key,
        "source_bucket": settings.BUCKET_MISSIONS,
        "status": "FAIL" if reason else "SUCCESS",
        "sha256": sha256,
        "reason": reason,
    }
    key = log_key(upload.manifest_key)
    try:
        object_store.client().put_object(
            Bucket=settings.BUCKET_LOGS,
            Key=key,
            Body=json.dumps(entry, indent=2, ensure_ascii=False).encode(),
            ContentType="application/json",
        )
    except (ClientError, BotoCoreError, OSError) as error:
        raise StoreAway(f"{settings.BUCKET_LOGS}/{key}: {error}") from error

"""Jobs of the registry: what was written long ago leaves the audit log."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import OperationalError

from missions import audit_log

logger = logging.getLogger(__name__)


@shared_task(  # type: ignore[untyped-decorator]  # Celery has no types
    autoretry_for=(OperationalError,), retry_backoff=5, max_retries=5, soft_time_limit=540, time_limit=600
)
def audit_log_prune() -> None:
    """Delete entries older than AUDIT_LOG_DAYS; what a run leaves over the next day's takes."""
    logger.info("%d entries left the audit log.", audit_log.prune())

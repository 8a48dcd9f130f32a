"""Jobs: take in reports on arrival and by the clock, and show that the clock runs."""

from __future__ import annotations

import logging
import time
from typing import Any

import redis
from celery import Task, shared_task
from celery.signals import worker_ready
from django.conf import settings

from .ingest.batch import AWAY, open_ids, uploads_ingest
from .ingest.run import Outcome, report_ingest

logger = logging.getLogger(__name__)

BEAT_KEY = "hocotate:beat"
"""Valkey key with the unix time of the last heartbeat; `make status` reads it."""
BEAT_LIFE_S = 60

TURN_S = 30.0
"""A scan hands over to a new task after so long, so that heartbeats and arrivals get their turn."""

PATIENT = {
    "autoretry_for": AWAY,
    "retry_backoff": 1,
    "retry_backoff_max": 30,
    "max_retries": 20,
    "soft_time_limit": 540,
    "time_limit": 600,
}
"""While store or database are away a task comes again, 1 to 30 s apart, for some ten minutes; the row in
report_uploads stays open, so the next scan finds whatever a task gave up."""


BUSY_S = 5
"""When to look again for a report that another run has in hand, or had until it was killed."""


@shared_task(bind=True, **PATIENT)  # type: ignore[untyped-decorator]  # Celery has no types
def ingest_report(self: Task, upload_id: int) -> None:
    """Take in one report, as soon as its ship says that it stands."""
    outcome = report_ingest(upload_id)
    logger.info("Report %d: %s.", upload_id, outcome.value)
    if outcome is Outcome.BUSY:
        raise self.retry(countdown=BUSY_S)


@shared_task(**PATIENT)  # type: ignore[untyped-decorator]  # Celery has no types
def ingest_announced(after_id: int = 0, committed_only: bool = False) -> None:
    """Take in every open report above `after_id`: those whose ship was heard no more, and those left over."""
    summary = uploads_ingest(open_ids(after_id=after_id, committed_only=committed_only), seconds=TURN_S)
    if summary.last_id:
        logger.info("%s.", summary)
    if summary.cut_short:
        ingest_announced.delay(after_id=summary.last_id, committed_only=committed_only)


@shared_task(time_limit=10)  # type: ignore[untyped-decorator]  # Celery has no types
def heartbeat() -> None:
    """Write the unix time to `hocotate:beat`: beat sent this, and a worker did it."""
    with redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=3, socket_connect_timeout=3) as valkey:
        valkey.set(BEAT_KEY, repr(time.time()), ex=BEAT_LIFE_S)


@shared_task(soft_time_limit=40, time_limit=50)  # type: ignore[untyped-decorator]  # Celery has no types
def status_sample() -> None:
    """Ask every part of the platform how it is, for the page /status/."""
    # Here, since it asks about this very module's heartbeat.
    from .status.sampler import sample

    sample()


@shared_task(soft_time_limit=270, time_limit=300)  # type: ignore[untyped-decorator]  # Celery has no types
def audit_platform() -> None:
    """Measure the invariants; what is found stands on the page /status/."""
    from .status.audits import audit_run

    status = audit_run()
    logger.info("Audit: %s.", "stopped after its time" if status is None else f"exit status {status}")


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def catch_up(**_kwargs: Any) -> None:
    """A worker that starts looks for reports that came while none ran, or that a killed one had in hand."""
    ingest_announced.delay()

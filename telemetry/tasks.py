"""Jobs: take in reports on arrival and by the clock, look through their bucket, and show that the clock runs."""

from __future__ import annotations

import datetime as dt
import logging
import random
import time
from typing import Any, Final

import redis
from celery import Task, shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.utils import timezone

from hocotate_site import outcomes

from . import selectors
from .ingest.batch import open_ids, uploads_ingest
from .ingest.locks import Run, run_goes_on, run_held
from .ingest.outcome import AWAY, Outcome
from .ingest.reconcile import reconcile
from .ingest.run import report_ingest
from .mart_builds.build import builds_forget
from .mart_tasks import build_marts, marts_soon
from .partitions import months_ahead, months_drop, states_analyze

__all__ = [
    "alerts_prune",
    "audit_platform",
    "build_marts",
    "heartbeat",
    "ingest_announced",
    "ingest_overlooked",
    "ingest_reconcile",
    "ingest_report",
    "partitions_keep",
    "status_sample",
]

logger = logging.getLogger(__name__)

BEAT_KEY = "hocotate:beat"
"""Valkey key with the unix time of the last heartbeat; `make status` reads it."""
BEAT_LIFE_S = 60

TURN_S = 30.0
"""A scan hands over to a new task after so long, so that heartbeats and arrivals get their turn."""

STALLED: Final = dt.timedelta(minutes=5)
"""A reconcile that has worked off no page for so long is carried on by nobody."""

PATIENT: Final[dict[str, Any]] = {
    "autoretry_for": AWAY,
    "retry_backoff": 1,
    "retry_backoff_max": 30,
    "retry_jitter": True,
    "max_retries": 20,
    "soft_time_limit": 540,
    "time_limit": 600,
}
"""While store or database are away a task comes again, up to 30 s apart, for some ten minutes; the row in
report_uploads stays open, so the next scan finds whatever a task gave up."""

BUSY_S = 5.0
"""When to look again for a report or a scan that another run has in hand, or had until it was killed."""


@shared_task(bind=True, **PATIENT)  # type: ignore[untyped-decorator]  # Celery has no types
def ingest_report(self: Task, upload_id: int) -> None:
    """Take in one report, as soon as its ship says that it stands."""
    outcome = report_ingest(upload_id)
    logger.info("Report %d: %s.", upload_id, outcome.value)
    if outcome is Outcome.LOADED:
        marts_soon()
    if outcome is Outcome.BUSY:
        raise self.retry(countdown=_soon())


@shared_task(bind=True, **PATIENT)  # type: ignore[untyped-decorator]  # Celery has no types
def ingest_announced(self: Task, after_id: int = 0, committed_only: bool = False) -> None:
    """Take in every open report above `after_id`: those whose ship was heard no more, and those left over."""
    with outcomes.told(outcomes.Job.INGEST) as outcome, run_held(Run.SCAN) as mine:
        ids = open_ids(after_id=after_id, committed_only=committed_only)
        summary = uploads_ingest(ids, seconds=TURN_S) if mine else None
        outcome.skipped = summary is None
        if summary is not None:
            # All in quarantine, also those that were refused on arrival: each waits for a person.
            outcome.failed_items = summary.broken + selectors.uploads_quarantined_count()
    if summary is None:
        # The scan that goes on may have passed by what this one is for.
        raise self.retry(countdown=_soon())
    if summary.last_id:
        logger.info("%s.", summary)
    if summary.outcomes[Outcome.LOADED]:
        marts_soon()
    if summary.cut_short:
        ingest_announced.delay(after_id=summary.last_id, committed_only=committed_only)


@shared_task(**PATIENT)  # type: ignore[untyped-decorator]  # Celery has no types
def partitions_keep() -> None:
    """Make the coming months of ll.ship_state, drop those that are too old to keep, and forget old builds."""
    now = timezone.now()
    with outcomes.told(outcomes.Job.MAINTENANCE) as outcome:
        made, dropped = months_ahead(now), months_drop(now, settings.WAREHOUSE_KEEP_MONTHS)
        states_analyze()
        builds_forget(now)
        outcome.failed_items = 0
    logger.info(
        "Months of ll.ship_state: %d made, %d dropped%s.", made, len(dropped), "".join(f" {n}" for n in dropped)
    )


@shared_task(soft_time_limit=20, time_limit=30)  # type: ignore[untyped-decorator]  # Celery has no types
def ingest_overlooked() -> None:
    """Have reports taken in whose word of arrival was lost with the broker, and a pass of the bucket carried on.

    It only looks, so that it is done long before it is due again; the work has tasks of its own.
    """
    if selectors.uploads_open(limit=1, committed_only=True) and not run_goes_on(Run.SCAN):
        ingest_announced.apply_async(kwargs={"committed_only": True}, expires=50)
    if selectors.reconcile_stalled(since=timezone.now() - STALLED) and not run_goes_on(Run.RECONCILE):
        ingest_reconcile.apply_async(expires=50)


@shared_task(**PATIENT)  # type: ignore[untyped-decorator]  # Celery has no types
def ingest_reconcile() -> None:
    """Go through the bucket for TURN_S, and hand over to a new task until the pass is done."""
    this = reconcile(seconds=TURN_S)
    if this is None:
        logger.info("A reconcile goes on already.")
        return
    logger.info("Reconcile %d: %s.", this.pk, this)
    if this.finished_at is None:
        ingest_reconcile.delay()
    elif this.found or this.mended:
        ingest_announced.delay(committed_only=True)


@shared_task(time_limit=8)  # type: ignore[untyped-decorator]  # Celery has no types
def heartbeat() -> None:
    """Write the unix time to `hocotate:beat`: beat sent this, and a worker did it."""
    with redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=3, socket_connect_timeout=3) as valkey:
        valkey.set(BEAT_KEY, repr(time.time()), ex=BEAT_LIFE_S)


@shared_task(**PATIENT)  # type: ignore[untyped-decorator]  # Celery has no types
def alerts_prune() -> None:
    """Delete alerts older than ALERTS_DAYS."""
    # Here, since it loads what reads the API's bodies.
    from .alerts import services

    logger.info("%d alerts were forgotten.", services.alerts_prune(now=timezone.now()))


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


def _soon() -> float:
    """Some BUSY_S, never the same twice: what was turned away together does not come back together."""
    return random.uniform(0.5, 1.5) * BUSY_S  # noqa: S311  (no secret)

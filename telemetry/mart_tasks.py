"""Jobs: build the marts after an ingest and by the clock."""

from __future__ import annotations

import logging

from celery import Task, shared_task

from hocotate_site import outcomes

from .mart_builds.build import marts_build
from .mart_builds.dbt import dbt_kept
from .mart_builds.errors import BuildBusy, MartError
from .mart_builds.soon import build_ask, build_begins

logger = logging.getLogger(__name__)

BUSY_S = 15
"""When to look again for the end of another build, s."""


@shared_task(bind=True, max_retries=40, soft_time_limit=540, time_limit=600)  # type: ignore[untyped-decorator]  # Celery has no types
def build_marts(self: Task) -> None:
    """Build what changed. A failed build is not tried again at once: its row says why, and the next may mend it."""
    build_begins()
    with outcomes.told(outcomes.Job.MARTS) as outcome:
        try:
            marts_build(dbt_kept())
        except BuildBusy:
            outcome.skipped = True
        except MartError as error:
            outcome.failed_items, outcome.succeeded = 1, False
            logger.warning("%s", error)
        else:
            outcome.failed_items = 0
    if outcome.skipped:
        raise self.retry(countdown=BUSY_S)


def marts_soon() -> None:
    """Ask for a build: something was loaded."""
    build_ask(lambda seconds: build_marts.apply_async(countdown=seconds))

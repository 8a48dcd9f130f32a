"""Work off many reports: one that breaks never stops the others."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError

from telemetry import selectors

from .errors import StoreAway
from .run import Outcome, report_ingest

logger = logging.getLogger(__name__)

AWAY = (StoreAway, OperationalError, InterfaceError)
"""What a run raises while the object store or the database is away: nothing changed, try again later."""

PAGE = 500
"""Reports looked up at once."""


@dataclass
class Summary:
    """What became of the reports of a run."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    broken: int = 0
    last_id: int = 0
    cut_short: bool = False

    def __str__(self) -> str:
        counted = ", ".join(f"{self.outcomes[outcome]} {outcome.value}" for outcome in Outcome)
        return f"{self.outcomes.total() + self.broken} reports: {counted}, {self.broken} broken off"


def uploads_ingest(ids: Iterable[int], *, seconds: float | None = None) -> Summary:
    """Work off these reports in turn, beginning none after `seconds`.

    An unexpected error of one is logged with its trace and counted as broken; the report stays open, and is
    quarantined once it broke MAX_ATTEMPTS runs.

    Raises:
        StoreAway, OperationalError, InterfaceError: store or database are away, which concerns all of them.
    """
    summary = Summary()
    end = None if seconds is None else time.monotonic() + seconds
    for upload_id in ids:
        if end is not None and time.monotonic() > end:
            summary.cut_short = True
            break
        try:
            summary.outcomes[report_ingest(upload_id)] += 1
        except AWAY:
            raise
        except Exception:
            logger.exception("The ingest of report %d broke off.", upload_id)
            summary.broken += 1
        summary.last_id = upload_id
    return summary


def open_ids(*, after_id: int = 0, committed_only: bool = False) -> Iterator[int]:
    """Ids of the open reports above `after_id`, oldest first, looked up a page at a time."""
    while page := selectors.uploads_open(after_id=after_id, limit=PAGE, committed_only=committed_only):
        yield from page
        after_id = page[-1]

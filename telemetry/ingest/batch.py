"""Work off many reports in batches: one that breaks never stops the others."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from telemetry import selectors

from .groups import MOST_REPORTS
from .outcome import Outcome
from .run import reports_ingest

PAGE: Final = 500
"""Reports looked up at once."""


@dataclass
class Summary:
    """What became of the reports of a run; `last_id` is the last one worked off."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    last_id: int = 0
    cut_short: bool = False

    @property
    def broken(self) -> int:
        """Reports that an unexpected error broke off; they stay open."""
        return self.outcomes[Outcome.BROKEN]

    def __str__(self) -> str:
        counted = ", ".join(f"{self.outcomes[outcome]} {outcome.value}" for outcome in Outcome)
        return f"{self.outcomes.total()} reports: {counted}"


def uploads_ingest(ids: Iterable[int], *, seconds: float | None = None) -> Summary:
    """Work off these reports in turn, beginning no batch after `seconds`.

    An unexpected error of one is logged with its trace and counted as broken; the report stays open, and is
    quarantined once it broke MAX_ATTEMPTS runs.

    Raises:
        StoreAway, OperationalError, InterfaceError: store or database are away, which concerns all of them.
    """
    summary = Summary()
    end = None if seconds is None else time.monotonic() + seconds
    waiting = iter(ids)
    while batch := list(islice(waiting, MOST_REPORTS)):
        if end is not None and time.monotonic() > end:
            summary.cut_short = True
            break
        summary.outcomes.update(reports_ingest(batch).values())
        summary.last_id = batch[-1]
    return summary


def open_ids(*, after_id: int = 0, committed_only: bool = False) -> Iterator[int]:
    """Ids of the open reports above `after_id`, oldest first, looked up a page at a time."""
    while page := selectors.uploads_open(after_id=after_id, limit=PAGE, committed_only=committed_only):
        yield from page
        after_id = page[-1]

"""Which missions are meant, as a condition; and a bound on what a search may look at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from psycopg.errors import QueryCanceled

from missions.exceptions import SearchTooBroad
from ships_client.contracts import MissionStatus

SEARCH_S: Final = 3.0
"""A search is stopped after so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionFilters:
    """What missions must have; None asks for nothing. From is included, to is not; `q` is any part of a name."""

    status: MissionStatus | None = None
    target: str | None = None
    captain: str | None = None
    ship: str | None = None
    started_from: datetime | None = None
    started_to: datetime | None = None
    finished_from: datetime | None = None
    finished_to: datetime | None = None
    q: str | None = None

    def condition(self) -> Q:
        """The condition."""
        exact = {"status": self.status, "target": self.target, "captain": self.captain, "ship_name": self.ship}
        ranges = {
            "started_at__gte": self.started_from,
            "started_at__lt": self.started_to,
            "finished_at__gte": self.finished_from,
            "finished_at__lt": self.finished_to,
        }
        chosen = Q(**{name: value for name, value in {**exact, **ranges}.items() if value is not None})
        for word in (self.q or "").split():
            part = Q(ship_name__icontains=word) | Q(captain__icontains=word) | Q(target__icontains=word)
            chosen &= part | Q(mission_id=int(word)) if _is_number(word) else part
        return chosen


@contextmanager
def bounded(seconds: float = SEARCH_S) -> Iterator[None]:
    """Stop queries within that take longer than this.

    Raises:
        SearchTooBroad: one did.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds * 1000:.0f}ms"])
            yield
            # Where the tests' own transaction stays open, the bound must not.
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise SearchTooBroad(
            f"The search was stopped after {seconds:g} s, for it looks at too many rows; narrow it by time or status, "
            "or ask by number."
        ) from None


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 19

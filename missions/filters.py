"""Which missions are meant, as a condition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ships_client.contracts import MissionStatus


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


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 19

"""Missions of a made-up past: marked by the token that registered them, so that they can be told apart and removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from missions.models import Mission, ShipToken
from ships_client.contracts import MissionStatus, Phase

MARK: Final = "demo history"
"""Stands where other tokens have their sha256: no secret can hash to it, so nobody registers missions with it."""

_ADD = """
INSERT INTO params.missions (ship_name, captain, target, report_freq_min, status, phase, last_seq, final_seq,
                             last_message_at, started_at, finished_at, updated_at, registered_by_id)
SELECT ship_name, captain, target, report_freq_min, CASE WHEN success THEN %s ELSE %s END,
       CASE WHEN success THEN %s ELSE %s END, ticks - 1, ticks - 1,
       finished_at, started_at, finished_at, finished_at, %s
FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[], %s::bool[], %s::bigint[], %s::timestamptz[],
            %s::timestamptz[]) WITH ORDINALITY
     AS past (ship_name, captain, target, report_freq_min, success, ticks, started_at, finished_at, n)
ORDER BY n
RETURNING mission_id
"""


@dataclass(frozen=True, slots=True)
class PastMission:
    """A mission that ended; `ticks` is how many messages its ship sent."""

    ship_name: str
    captain: str
    target: str
    report_freq_min: int
    success: bool
    ticks: int
    started_at: datetime
    finished_at: datetime


def demo_missions_add(past: Sequence[PastMission]) -> list[int]:
    """Write them as ended missions and return their numbers, in their order."""
    token, _ = ShipToken.objects.get_or_create(sha256=MARK, defaults={"name": MARK, "revoked_at": timezone.now()})
    columns = [list(column) for column in zip(*map(astuple, past), strict=True)]
    outcomes = [MissionStatus.SUCCESS.value, MissionStatus.FAILURE.value, Phase.HOME.value, Phase.LOST.value]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [*outcomes, token.token_id, *columns])
        return sorted(number for (number,) in cursor.fetchall())


def is_made_up(mission: Mission) -> bool:
    """Whether `manage.py demo_history` wrote it: no ship ever flew it."""
    return mission.registered_by.sha256 == MARK


def demo_missions() -> QuerySet[Mission]:
    """All of them."""
    return Mission.objects.filter(registered_by__sha256=MARK)


def demo_missions_remove() -> int:
    """Delete them and their token, and return how many there were; their reports must be gone."""
    count, _ = demo_missions().delete()
    ShipToken.objects.filter(sha256=MARK).delete()
    return count


def real_missions_between(begin: datetime, end: datetime) -> int:
    """How many other missions started from `begin` until before `end`."""
    return Mission.objects.filter(started_at__gte=begin, started_at__lt=end).exclude(registered_by__sha256=MARK).count()

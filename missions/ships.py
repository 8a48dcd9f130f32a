"""Reads of ships: a ship is a name that missions were registered with, or that was enrolled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q

from missions.models import Mission, ShipToken
from ships_client.contracts import MissionStatus

# From name to name by the index, however many missions each ship has flown.
_NAMES = """
WITH RECURSIVE names AS (
    (SELECT ship_name FROM params.missions WHERE ship_name > %(after)s ORDER BY ship_name LIMIT 1)
    UNION ALL
    SELECT (SELECT m.ship_name FROM params.missions AS m WHERE m.ship_name > names.ship_name ORDER BY 1 LIMIT 1)
    FROM names WHERE names.ship_name IS NOT NULL
)
SELECT ship_name FROM names WHERE ship_name IS NOT NULL LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Ship:
    """A ship and its missions; `running` is the newest mission that it flies, `enrolled` that it has a token."""

    ship_name: str
    nb_missions: int
    nb_success: int
    nb_failure: int
    nb_running: int
    last_mission_id: int | None
    last_started_at: datetime | None
    last_message_at: datetime | None
    running: int | None
    enrolled: bool


def ships_page(*, limit: int, after: str = "") -> list[Ship]:
    """Up to `limit` ships that have flown, by name, behind the name `after`."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"after": after, "limit": limit})
        names = [name for (name,) in cursor.fetchall()]
    return ships_named(names)


def ships_named(names: list[str]) -> list[Ship]:
    """The ships with these names, in their order; names that never flew are left out unless they are enrolled."""
    running = Q(status=MissionStatus.RUNNING.value)
    rows = (
        Mission.objects.filter(ship_name__in=names)
        .order_by()
        .values("ship_name")
        .annotate(
            nb_missions=Count("mission_id"),
            nb_success=Count("mission_id", filter=Q(status=MissionStatus.SUCCESS.value)),
            nb_failure=Count("mission_id", filter=Q(status=MissionStatus.FAILURE.value)),
            nb_running=Count("mission_id", filter=running),
            last_mission_id=Max("mission_id"),
            last_started_at=Max("started_at"),
            last_message_at=Max("last_message_at"),
            running=Max("mission_id", filter=running),
        )
    )
    flown = {row["ship_name"]: row for row in rows}
    enrolled = set(
        ShipToken.objects.filter(ship_name__in=names, revoked_at=None).order_by().values_list("ship_name", flat=True)
    )
    return [
        Ship(**{**_unflown(name), **flown.get(name, {}), "enrolled": name in enrolled})
        for name in names
        if name in flown or name in enrolled
    ]


def _unflown(name: str) -> dict[str, Any]:
    counts = dict.fromkeys(("nb_missions", "nb_success", "nb_failure", "nb_running"), 0)
    return {
        "ship_name": name,
        **counts,
        **dict.fromkeys(("last_mission_id", "last_started_at", "last_message_at", "running")),
    }

"""The list of missions: its pages, found by key, and its counts, all at a cost that stays as missions grow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from missions.asked import LARGEST_ID, SORTS, Asked
from missions.models import Mission
from missions.selectors import MissionPage
from ships_client.contracts import TARGETS, MissionStatus

MOST_COUNTED: Final = 10_000
"""A narrowed list is counted up to here."""
MOST_CAPTAINS: Final = 200
"""Captains to choose from; a search finds the others."""
GAPS_WITHIN: Final = timedelta(days=30)
"""How far back a list with gaps looks, unless it names its days: no index knows them."""

# Steps from a captain to the next one in the index, however many missions each has flown.
_CAPTAINS: Final = """
WITH RECURSIVE found (captain) AS (
    (SELECT captain FROM params.missions ORDER BY captain LIMIT 1)
    UNION ALL
    SELECT (SELECT m.captain FROM params.missions AS m WHERE m.captain > found.captain ORDER BY m.captain LIMIT 1)
    FROM found WHERE found.captain IS NOT NULL
)
SELECT captain FROM found WHERE captain IS NOT NULL LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """Missions at each status; `more` when there are more than were counted, whose statuses are then not known."""

    by_status: dict[MissionStatus, int]
    more: bool = False

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_status.values())


def captains() -> list[str]:
    """The first MOST_CAPTAINS captains by name."""
    with connection.cursor() as cursor:
        cursor.execute(_CAPTAINS, [MOST_CAPTAINS])
        return [name for (name,) in cursor.fetchall()]


def page(asked: Asked, known_captains: list[str]) -> MissionPage:
    """The page that is asked for, up to `asked.rows` missions; an unknown `after` or `before` gives the first page."""
    column, down = SORTS[asked.sort.lstrip("-")], asked.sort.startswith("-")
    back = asked.before is not None
    key = asked.before if back else asked.after
    rows = _chosen(asked, known_captains)
    beyond = None if key is None else _beyond(rows, column, key, up=down == back)
    if beyond is None:
        found = list(_ordered(rows, column, down)[: asked.rows + 1])
        return MissionPage(found[: asked.rows], older=len(found) > asked.rows, newer=False)
    found = list(_ordered(beyond, column, down != back)[: asked.rows + 1])
    if back:
        return MissionPage(found[: asked.rows][::-1], older=True, newer=len(found) > asked.rows)
    return MissionPage(found[: asked.rows], older=len(found) > asked.rows, newer=True)


def count(asked: Asked, known_captains: list[str]) -> Counted:
    """How many missions the filters beside the status leave, by status, counted up to MOST_COUNTED."""
    some = _chosen(asked.without_page(status=None), known_captains).order_by().values("status")[: MOST_COUNTED + 1]
    sql, values = some.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT status, count(*) FROM ({sql}) AS found (status) GROUP BY status", values)  # noqa: S608  (Django's own)
        by_status = dict.fromkeys(MissionStatus, 0) | {MissionStatus(status): n for status, n in cursor.fetchall()}
    return Counted(by_status, more=sum(by_status.values()) > MOST_COUNTED)


def newer_than(asked: Asked, known_captains: list[str], mission_id: int, *, most: int) -> int:
    """How many missions that the list would show came after this one, counted up to `most`."""
    return _chosen(asked, known_captains).filter(mission_id__gt=mission_id).order_by()[:most].count()


def slices(asked: Asked, known_captains: list[str], size: int) -> Iterator[list[Mission]]:
    """All missions that the filters leave, in the list's order, `size` at a time and a query each."""
    at = asked.without_page(rows=size)
    while True:
        found = page(at, known_captains)
        yield found.missions
        if not found.older:
            return
        at = at.without_page(after=found.missions[-1].mission_id)


def _chosen(asked: Asked, known_captains: list[str]) -> QuerySet[Mission]:
    rows = Mission.objects.all()
    if asked.status is not None:
        rows = rows.filter(status=asked.status.value)
    if asked.planet:
        rows = rows.filter(target=asked.planet)
    if asked.captain:
        rows = rows.filter(captain=asked.captain)
    if asked.since:
        rows = rows.filter(started_at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(started_at__lt=_midnight(asked.until) + timedelta(days=1))
    if asked.gaps:
        rows = rows.filter(_GAPS)
        if not (asked.since or asked.until):
            rows = rows.filter(started_at__gte=timezone.now() - GAPS_WITHIN)
    return rows.filter(_named(asked.q, known_captains)) if asked.q else rows


_GAPS: Final = Q(finished_at__isnull=False, final_seq__isnull=False) & (
    Q(last_seq__isnull=True) | Q(last_seq__lt=F("final_seq"))
)
"""The ship told a last message that headquarters has not seen."""


def _named(text: str, known_captains: list[str]) -> Q:
    """Missions of this number, of ships whose names begin so, with or without SS_, of captains and planets like it."""
    like = text.casefold()
    found = Q(ship_name__istartswith=text)
    if not like.startswith("ss_"):
        found |= Q(ship_name__istartswith=f"SS_{text}")
    if text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST_ID:
        found |= Q(mission_id=int(text))
    if names := [name for name in known_captains if like in name.casefold()]:
        found |= Q(captain__in=names)
    if planets := [name for name in TARGETS if like in name.casefold()]:
        found |= Q(target__in=planets)
    return found


def _beyond(rows: QuerySet[Mission], column: str, mission_id: int, *, up: bool) -> QuerySet[Mission] | None:
    """Of these the missions that come before (`up`) or after this one by value of the column, then by number."""
    if column == "mission_id":
        return rows.filter(**{f"mission_id__{'gt' if up else 'lt'}": mission_id})
    value = Mission.objects.filter(mission_id=mission_id).values_list(column, flat=True).first()
    if value is None:
        return None
    side = "gt" if up else "lt"
    # The first condition follows from the second; it is the one that an index takes.
    return rows.filter(
        Q(**{f"{column}__{side}e": value}),
        Q(**{f"{column}__{side}": value}) | Q(**{f"mission_id__{side}": mission_id}),
    )


def _ordered(rows: QuerySet[Mission], column: str, down: bool) -> QuerySet[Mission]:
    sign = "-" if down else ""
    return rows.order_by(*dict.fromkeys((f"{sign}{column}", f"{sign}mission_id")))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)

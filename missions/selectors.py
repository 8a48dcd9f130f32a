"""Reads of the registry; the only way for other apps to look into it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from missions.demo import demo_missions, real_missions_between
from missions.exceptions import MissionNotFound
from missions.filters import MissionFilters
from missions.models import Mission, MissionDay
from ships_client.contracts import PLANETS, MissionStatus, Planet

__all__ = [
    "MissionNames",
    "MissionPage",
    "any_flew_throughout",
    "demo_mission_ids",
    "mission_get",
    "missions_between",
    "missions_by_ids",
    "missions_count",
    "missions_failed",
    "missions_page",
    "missions_recently_ended",
    "missions_running",
    "planets",
    "real_missions_between",
    "running_count",
]

_COUNTED = ("registered", "success", "failure")


@dataclass(frozen=True, slots=True)
class MissionNames:
    """What to call a mission, and whether it still flies."""

    mission_id: int
    ship_name: str
    captain: str
    target: str
    status: str
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class MissionPage:
    """A page of missions, newest first; `older` and `newer` say whether more lie beyond its ends."""

    missions: list[Mission]
    older: bool
    newer: bool


def mission_get(mission_id: int) -> Mission:
    """The mission with this number.

    Raises:
        MissionNotFound: there is none.
    """
    mission = Mission.objects.filter(mission_id=mission_id).first()
    if mission is None:
        raise MissionNotFound(f"There is no mission {mission_id}; GET /api/v1/missions lists them all.")
    return mission


def missions_page(
    *,
    limit: int,
    status: MissionStatus | None = None,
    after: int | None = None,
    before: int | None = None,
    filters: MissionFilters | None = None,
) -> MissionPage:
    """Up to `limit` missions, newest first: the newest, or those older than mission `after`, or those newer
    than mission `before`. The key stays true while missions are registered, which an offset does not.
    """
    chosen = Mission.objects.order_by("-mission_id")
    if filters is not None:
        chosen = chosen.filter(filters.condition())
    if status is not None:
        chosen = chosen.filter(status=status.value)
    if before is not None:
        rows = list(chosen.filter(mission_id__gt=before).reverse()[: limit + 1])
        return MissionPage(rows[:limit][::-1], older=True, newer=len(rows) > limit)
    if after is not None:
        rows = list(chosen.filter(mission_id__lt=after)[: limit + 1])
        return MissionPage(rows[:limit], older=len(rows) > limit, newer=True)
    rows = list(chosen[: limit + 1])
    return MissionPage(rows[:limit], older=len(rows) > limit, newer=False)


def missions_count() -> dict[MissionStatus, int]:
    """How many missions stand at each status; statuses without a mission are there with 0."""
    total = MissionDay.objects.aggregate(**{name: Coalesce(Sum(name), 0) for name in _COUNTED})
    success, failure = int(total["success"]), int(total["failure"])
    running = int(total["registered"]) - success - failure
    return {MissionStatus.RUNNING: running, MissionStatus.SUCCESS: success, MissionStatus.FAILURE: failure}


def missions_running() -> list[MissionNames]:
    """All missions without an outcome, newest first."""
    return [_names(mission) for mission in Mission.objects.filter(status=MissionStatus.RUNNING.value)]


def running_count(*, heard_within: timedelta) -> tuple[int, int]:
    """How many missions are under way, and of how many of them a message came within that time."""
    running = Mission.objects.order_by().filter(status=MissionStatus.RUNNING.value)
    heard = Count("mission_id", filter=Q(last_message_at__gte=timezone.now() - heard_within))
    counted = running.aggregate(all=Count("mission_id"), heard=heard)
    return counted["all"], counted["heard"]


def missions_by_ids(ids: Iterable[int]) -> dict[int, MissionNames]:
    """The missions with these numbers; numbers without a mission are left out."""
    return {m.mission_id: _names(m) for m in Mission.objects.filter(mission_id__in=set(ids))}


def missions_recently_ended(since: datetime) -> list[MissionNames]:
    """Missions that ended at `since` (aware) or later, last ended first."""
    ended = Mission.objects.filter(finished_at__gte=since).order_by("-finished_at", "-mission_id")
    return [_names(mission) for mission in ended]


def missions_between(begin: datetime, end: datetime, *, heard_since: datetime) -> list[MissionNames]:
    """Missions begun by `end` that ended at `begin` or later, or that still run and were heard since then."""
    running = Q(finished_at__isnull=True, last_message_at__gte=heard_since)
    flown = Mission.objects.filter(running | Q(finished_at__gte=begin), started_at__lte=end)
    return [_names(mission) for mission in flown]


def missions_failed(since: datetime, most: int) -> list[MissionNames]:
    """The newest failures since then, at most so many, last ended first."""
    failed = Mission.objects.filter(status=MissionStatus.FAILURE.value, finished_at__gte=since)
    return [_names(mission) for mission in failed.order_by("-finished_at", "-mission_id")[:most]]


def any_flew_throughout(begin: datetime, end: datetime) -> bool:
    """Whether a ship was in flight from `begin` to `end` and was heard at the end or later."""
    return Mission.objects.filter(started_at__lte=begin, last_message_at__gte=end).exists()


def demo_mission_ids() -> set[int]:
    """Numbers of the missions that `manage.py demo_history` made up."""
    return set(demo_missions().values_list("mission_id", flat=True))


def planets() -> tuple[Planet, ...]:
    """All planets, home first, coordinates in km."""
    return tuple(PLANETS.values())


def _names(mission: Mission) -> MissionNames:
    return MissionNames(
        mission_id=mission.mission_id,
        ship_name=mission.ship_name,
        captain=mission.captain,
        target=mission.target,
        status=mission.status,
        started_at=mission.started_at,
        finished_at=mission.finished_at,
    )

"""Who flies what: the radar's questions to the missions app, asked in threads so that the radar never waits."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

from missions import selectors
from radar.tracks import Mission
from ships_client.contracts import MissionStatus

P = ParamSpec("P")
R = TypeVar("R")


async def missions_by_ids(ids: Iterable[int]) -> list[Mission]:
    """What the registry knows of these missions; unknown ones are left out. Raises django.db.Error."""
    found = await _ask(selectors.missions_by_ids, list(ids))
    return [mission_of(names) for names in found.values()]


async def missions_running() -> list[Mission]:
    """All missions without an outcome. Raises django.db.Error."""
    return [mission_of(names) for names in await _ask(selectors.missions_running)]


async def missions_ended(within_s: float) -> list[Mission]:
    """Missions that ended in the last `within_s` seconds. Raises django.db.Error."""
    since = datetime.now(UTC) - timedelta(seconds=within_s)
    return [mission_of(names) for names in await _ask(selectors.missions_recently_ended, since)]


async def _ask(question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    answer: R = await database_sync_to_async(question, thread_sensitive=False)(*args, **kwargs)
    return answer


def mission_of(names: selectors.MissionNames) -> Mission:
    """A mission of the registry as the radar knows it."""
    finished = names.finished_at
    return Mission(
        mission_id=names.mission_id,
        ship=names.ship_name,
        captain=names.captain,
        target=names.target,
        status=MissionStatus(names.status),
        ended=int(finished.timestamp() * 1000) if finished else None,
    )

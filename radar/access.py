"""Who may watch the radar, and with how many browsers at once."""

import logging
from collections import Counter
from importlib import import_module
from typing import Any, Final

from channels.auth import get_user
from django.conf import settings
from django.db import Error as DatabaseError

from radar.trouble import Trouble

logger = logging.getLogger(__name__)

CHECK_S: Final = 30.0
"""A socket's session is looked at so often: one that has ended is closed within a minute."""

_open: Counter[str] = Counter()
_asking = Trouble(logger, "Asking for the session of a radar")


async def watcher(scope: dict[str, Any]) -> str | None:
    """Who is behind a socket, as a key; None when nobody may watch from there.

    The session is read anew each time, so that a person who has signed out meanwhile, whose session has expired or who
    may no longer sign in is nobody.

    Raises:
        DatabaseError: it can't be told now.
    """
    key = scope["session"].session_key
    if key:
        user = await get_user({"session": import_module(settings.SESSION_ENGINE).SessionStore(key)})
        if user.is_authenticated:
            return f"user {user.pk}"
    if not settings.RADAR_PUBLIC:
        return None
    host, _port = scope.get("client") or ("nowhere", 0)
    return f"address {host}"


async def still_watches(scope: dict[str, Any]) -> bool:
    """Whether an open socket may stay; while the database is away it may."""
    try:
        found = await watcher(scope)
    except DatabaseError as error:
        _asking.report(error)
        return True
    _asking.over()
    return found is not None


def enter(who: str) -> bool:
    """Count one more socket of somebody; false when there are as many as are allowed."""
    if _open[who] >= settings.RADAR_SOCKETS_EACH:
        return False
    _open[who] += 1
    return True


def leave(who: str) -> None:
    """Count one less."""
    _open[who] -= 1
    if not _open[who]:
        del _open[who]


def pause(who: str) -> float:
    """Seconds between two frames for each socket of somebody, so that all of them keep within what is allowed."""
    return _open[who] / settings.RADAR_FRAMES_EACH

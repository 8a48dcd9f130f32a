"""Missions whose messages are traced into the radar's frames: who asks, and what the radar answers, both in Valkey.

Whoever traces puts the mission on a list until a moment. The radar looks at the list once a second, and notes for the
missions on it which message each frame shows. All of it forgets itself: the list when its moments have passed, the
notes after KEPT_S.
"""

from __future__ import annotations

import time
from typing import Final

import msgspec
import redis
from django.conf import settings

LIST: Final = "hocotate:traced"
"""Valkey's sorted set of mission numbers, by the moment (s since 1970) until which each is traced."""
MOST_TRACED: Final = 20
MOST_NOTES: Final = 5_000
"""Notes of one mission, the newest: an hour of messages at a tick a second, and some."""
KEPT_S: Final = 3_600


class TooManyTraced(Exception):
    """Others trace as many missions as the radar notes at a time."""


class Shown(msgspec.Struct, frozen=True):
    """A frame that shows a message: `at` is when it had gone out to all web processes, `frame` its number."""

    mission: int
    ship: str
    seq: int
    frame: int
    at: int
    """ms since 1970."""
    latency_ms: int
    """From the ship's clock to `at`."""


def notes_of(mission: int) -> str:
    """The key of a mission's notes: a sorted set by seq."""
    return f"hocotate:trace:{mission}"


def valkey() -> redis.Redis:
    """A connection that gives up soon; the caller closes it."""
    return redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=3, socket_connect_timeout=3)


def trace_for(mission: int, seconds: float) -> None:
    """Have a mission's messages noted for at least so long from now; it ends by itself, whoever else traces it.

    Raises:
        TooManyTraced: MOST_TRACED others are traced.
        RedisError: Valkey does not answer.
    """
    now = time.time()
    with valkey() as store:
        store.zremrangebyscore(LIST, "-inf", now)
        if store.zscore(LIST, str(mission)) is None and store.zcard(LIST) >= MOST_TRACED:
            raise TooManyTraced(f"{MOST_TRACED} missions are traced at this moment; try again when one is done.")
        store.zadd(LIST, {str(mission): now + seconds}, gt=True)


def shown_from(mission: int, seq: int, *, most: int = 1) -> list[Shown]:
    """Notes of the frames that show message `seq` or a later one, in order, at most so many.

    Raises:
        RedisError: Valkey does not answer.
    """
    with valkey() as store:
        found = store.zrangebyscore(notes_of(mission), seq, "+inf", start=0, num=most)
    return [msgspec.json.decode(note, type=Shown) for note in found]


def shown_before(mission: int, seq: int) -> Shown | None:
    """The note of the newest frame that shows a message before `seq`.

    Raises:
        RedisError: Valkey does not answer.
    """
    with valkey() as store:
        found = store.zrevrangebyscore(notes_of(mission), f"({seq}", "-inf", start=0, num=1)
    return msgspec.json.decode(found[0], type=Shown) if found else None

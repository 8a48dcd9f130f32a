"""How often: limits counted in Valkey for all web processes, and within this one while Valkey is away.

A window slides: of the one before, the share that still lies within the last minute counts too.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from functools import cache
from typing import Final

from django.conf import settings
from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

PATIENCE_S: Final = 0.25
"""A request waits so long for Valkey at most, and the next ones not at all for PAUSE_S."""
PAUSE_S: Final = 5.0
PREFIX: Final = "hocotate:rate"


class Rates:
    """Counts; safe to use from several threads."""

    def __init__(self, url: str) -> None:
        shared = RedisStorage(
            url,
            key_prefix=PREFIX,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type]  # it hands all options on to redis
        )
        self._shared = SlidingWindowCounterRateLimiter(shared)
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._away_until = 0.0

    def take(self, limit: RateLimitItem, *who: str) -> int:
        """Count one more; 0 when it is within the limit, else the seconds to wait, at least 1."""
        return self._ask(lambda limiter: 0 if limiter.hit(limit, *who) else _wait(limiter, limit, *who))

    def wait(self, limit: RateLimitItem, *who: str) -> int:
        """Seconds to wait before one more would be within the limit, 0 for none; counts nothing."""
        return self._ask(lambda limiter: 0 if limiter.test(limit, *who) else _wait(limiter, limit, *who))

    def forget(self, limit: RateLimitItem, *who: str) -> None:
        """Begin to count anew."""

        def clear(limiter: SlidingWindowCounterRateLimiter) -> int:
            limiter.clear(limit, *who)
            return 0

        self._ask(clear)

    def _ask(self, question: Callable[[SlidingWindowCounterRateLimiter], int]) -> int:
        if time.monotonic() >= self._away_until:
            try:
                return question(self._shared)
            except RedisError as error:
                self._away_until = time.monotonic() + PAUSE_S
                logger.warning("Valkey does not answer (%s); this process counts requests by itself.", error)
        return question(self._own)


def _wait(limiter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, *who: str) -> int:
    return max(1, math.ceil(limiter.get_window_stats(limit, *who).reset_time - time.time()))


@cache
def rates() -> Rates:
    """The counts of this process."""
    return Rates(settings.VALKEY_URL)

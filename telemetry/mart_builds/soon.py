"""Builds after an ingest: one for all reports that come within a short while."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

KEY: Final = "hocotate:marts:due"
"""Valkey key that stands while a build is on its way."""
FORGOTTEN_S: Final = 300
"""A build that never began is asked for anew after so long; the schedule builds in between."""


def build_ask(enqueue: Callable[[int], object]) -> bool:
    """Have a build enqueued, WAREHOUSE_BUILD_SECONDS from now, unless one is on its way; returns whether it was.

    Valkey away, nothing is: the schedule's next build takes what was loaded.
    """
    try:
        with _valkey() as valkey:
            if not valkey.set(KEY, "1", nx=True, ex=FORGOTTEN_S):
                return False
        enqueue(settings.WAREHOUSE_BUILD_SECONDS)
    except redis.RedisError as error:
        logger.warning("No build of the marts was asked for: %s.", error)
        return False
    return True


def build_begins() -> None:
    """Note that a build begins: reports that are loaded from here on ask for another."""
    try:
        with _valkey() as valkey:
            valkey.delete(KEY)
    except redis.RedisError as error:
        logger.warning("The key %s could not be deleted, and goes within %d s: %s.", KEY, FORGOTTEN_S, error)


def _valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=3, socket_connect_timeout=3)

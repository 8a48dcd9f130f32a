"""Shared ground of both HTTP transports: what is asked again, and for how long."""

import logging
from collections.abc import Callable
from typing import Final

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

logger = logging.getLogger(__name__)

TIMEOUT: Final = httpx.Timeout(15.0, connect=5.0)
_LONGEST_PAUSE_S: Final = 5.0


class Unavailable(Exception):
    """Worth asking again: no connection, no answer, 5xx or 429."""


def client() -> httpx.Client:
    """A pooled client; what runs on this machine is reached without a proxy."""
    direct = {f"all://{host}": httpx.HTTPTransport(retries=0) for host in ("127.0.0.1", "localhost", "[::1]")}
    return httpx.Client(timeout=TIMEOUT, mounts=direct)


def answered(send: Callable[[], httpx.Response], whom: str) -> httpx.Response:
    """The response of `send`, when there is one that is worth reading.

    Raises:
        Unavailable: otherwise.
    """
    try:
        response = send()
    except httpx.TransportError as error:
        raise Unavailable(f"{whom} doesn't answer ({error or type(error).__name__})") from error
    if response.status_code >= 500 or response.status_code == 429:
        raise Unavailable(f"{whom} answered {response.status_code}")
    return response


def retrying(patience_s: float) -> Retrying:
    """Ask again with growing, random pauses until `patience_s` is over, then raise Unavailable."""
    return Retrying(
        retry=retry_if_exception_type(Unavailable),
        wait=wait_random_exponential(multiplier=0.3, max=_LONGEST_PAUSE_S),
        stop=stop_after_delay(patience_s),
        before_sleep=_tell,
        reraise=True,
    )


def _tell(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    logger.info("%s; asking again.", error)

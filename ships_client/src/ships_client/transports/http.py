"""Shared ground of both HTTP transports: what is asked again, and for how long."""

import logging
import ssl
from collections.abc import Callable
from functools import cache
from typing import Final

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

logger = logging.getLogger(__name__)

TIMEOUT: Final = httpx.Timeout(15.0, connect=5.0)
_LONGEST_PAUSE_S: Final = 5.0


class Unavailable(Exception):
    """Worth asking again: no connection, no answer, 5xx or 429."""


def client() -> httpx.Client:
    """A pooled client; what runs on this machine is reached without a proxy."""
    verify = _certificates()
    direct = httpx.HTTPTransport(verify=verify)
    mounts = {f"all://{host}": direct for host in ("127.0.0.1", "localhost", "[::1]")}
    return httpx.Client(timeout=TIMEOUT, mounts=mounts, verify=verify)


@cache
def _certificates() -> ssl.SSLContext:
    """The certificates to trust, once for all clients: they take 2 MB and 20 ms."""
    return httpx.create_ssl_context()


class Line:
    """A line to one server, which is asked again while it is unavailable; safe to use from several threads."""

    def __init__(self, patience_s: float) -> None:
        self.away = False
        """Whether the server was unavailable when last asked."""
        self._patience_s = patience_s

    def ask(self, whom: str, send: Callable[[], httpx.Response], *, patience_s: float | None = None) -> httpx.Response:
        """The first response of `send` that is worth reading; `whom` names the server in errors.

        Asks again with growing, random pauses for `patience_s`, or the line's own patience.

        Raises:
            Unavailable: there was none in that time.
        """
        for attempt in Retrying(
            retry=retry_if_exception_type(Unavailable),
            wait=wait_random_exponential(multiplier=0.3, max=_LONGEST_PAUSE_S),
            stop=stop_after_delay(self._patience_s if patience_s is None else patience_s),
            before_sleep=self._before_sleep,
            reraise=True,
        ):
            with attempt:
                response = _answered(whom, send)
        self.away = False
        return response

    def _before_sleep(self, state: RetryCallState) -> None:
        self.away = True
        logger.info("%s; asking again.", state.outcome.exception() if state.outcome else None)


def _answered(whom: str, send: Callable[[], httpx.Response]) -> httpx.Response:
    try:
        response = send()
    except httpx.TransportError as error:
        raise Unavailable(f"{whom} doesn't answer ({error or type(error).__name__})") from error
    if response.status_code >= 500 or response.status_code == 429:
        raise Unavailable(f"{whom} answered {response.status_code}")
    return response

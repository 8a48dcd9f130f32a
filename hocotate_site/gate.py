"""As many requests at once as have a connection to the database for them; the others wait for their turn.

Under ASGI each request has a thread and a connection of its own. Without a bound a rush of requests takes memory that
the process keeps, and fails those for which the pool has no connection in time, though all would have been answered a
moment later. Who waits costs a task: neither a thread nor a connection. No middleware can do this, for before the first
of them Django has given the request its thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse

from hocotate_site import metrics
from hocotate_site.problems import refuse_for
from hocotate_site.settings.database import REQUESTS_AT_ONCE

MOST_WAITING: Final = 2_000
PATIENCE_S: Final = 12.0
"""Ships give up after 15 s, and ask again."""
FREE: Final = frozenset({"/livez", "/readyz", "/metrics", "/api/v1/lake/query", "/api/v1/warehouse/query"})
"""Paths that pass at once: probes must answer in a rush, and queries, which may take long, have places of their own."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]


class Gate:
    """An ASGI application before another one, which answers HTTP.

    A place is held until the answer is whole and the connection given back. An answer in pieces, such as a download,
    gives its place up with the first one: a slow reader takes nobody's turn.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._places = asyncio.Semaphore(REQUESTS_AT_ONCE)
        self._waiting = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer once there is a place; refuse where there is none for too long."""
        path = str(scope["path"])
        if path in FREE:
            await self._application(scope, receive, send)
            return
        if not await self._entered():
            metrics.REQUESTS_REFUSED.inc()
            await _send(_busy(path), send)
            return
        held = True

        async def sent(message: Message) -> None:
            nonlocal held
            if held and message["type"] == "http.response.body" and message.get("more_body", False):
                held = False
                self._places.release()
            await send(message)

        try:
            await self._application(scope, receive, sent)
        finally:
            if held:
                self._places.release()

    async def _entered(self) -> bool:
        if not self._places.locked():
            return await self._places.acquire()
        if self._waiting >= MOST_WAITING:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._places.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1


def _busy(path: str) -> HttpResponse:
    said = "Headquarters has more requests than it can answer; try again in a few seconds."
    if refuse := refuse_for(path):
        return refuse(HTTPStatus.SERVICE_UNAVAILABLE, said, kind="busy", retry_after_s=5)
    response = HttpResponse(said, status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = "5"
    return response


async def _send(response: HttpResponse, send: Send) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in response.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})

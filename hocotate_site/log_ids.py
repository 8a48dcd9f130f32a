"""The ids of requests and missions in the log: whatever is logged while a request is answered carries them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.utils.decorators import sync_and_async_middleware

from hocotate_logs import bind, bound
from hocotate_site.gate import Application, Message, Receive, Send

HEADER: Final = b"x-request-id"
_SANE: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
"""What is taken over from outside: too short to fill a log, and nothing that could end a line or a field."""


def request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The id that the asker or a proxy gave the request where it is sane, else one of our own."""
    given = [value for name, value in headers if name.lower() == HEADER]
    if len(given) == 1 and _SANE.fullmatch(given[0]):
        return given[0].decode()
    return uuid.uuid4().hex


class RequestIds:
    """An ASGI application before another one: a request or a socket has an id, in the log and in an HTTP answer.

    Outside of Django's middleware, so that answers of the gate and pieces of a download have it too.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer with the id in `X-Request-ID`."""
        this = request_id(scope.get("headers", ()))

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (HEADER, this.encode())]}
            await send(message)

        with bound(request_id=this):
            # A socket's frames go straight on: no script of a page can read what its first answer said.
            await self._application(scope, receive, sent if scope["type"] == "http" else send)


@sync_and_async_middleware
def mission_of_address(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: a request whose address names a mission has it in the log."""

    def process_view(_request: HttpRequest, _view: object, _args: object, named: Mapping[str, Any]) -> None:
        mission = str(named.get("mission_id", ""))
        if mission.isascii() and mission.isdecimal() and len(mission) <= 18:
            bind(mission=int(mission))

    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> Any:
            with bound():
                return await get_response(request)

        answer_later.process_view = process_view  # type: ignore[attr-defined]  # where Django looks for it
        return answer_later

    def answer(request: HttpRequest) -> Any:
        with bound():
            return get_response(request)

    answer.process_view = process_view  # type: ignore[attr-defined]  # where Django looks for it
    return answer

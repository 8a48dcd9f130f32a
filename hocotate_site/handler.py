"""Django's handler with all middleware and a view that is not asynchronous in one go on the request's own thread.

As it comes, the handler sends each middleware to that thread by itself, twice: some twenty changes of thread, which
doubled what a small page takes of a core. Asynchronous views run in the event loop all the same, and learn when whoever
asked has gone.
"""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class SiteHandler(ASGIHandler):
    """The site as an ASGI application, HTTP only. The registry of apps must be filled by `django.setup()`."""

    def load_middleware(self, is_async: bool = True) -> None:
        """Link the middlewares as a server with threads does."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The answer; one that is there as a whole needs the database no more while it is sent."""

        def answer() -> HttpResponseBase:
            response: HttpResponseBase = self.get_response(request)
            if not response.streaming:
                close_old_connections()
            return response

        return await sync_to_async(answer)()

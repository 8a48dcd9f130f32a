"""`python -m hocotate_site.server`: Daphne, which waits for slow clients and breaks off what has failed.

Daphne alone takes whatever an application sends, and holds in memory what the client has not read yet: a download to a
slow client would fill it. And when an application fails in the middle of an answer, Daphne tries to begin another one.
"""

from __future__ import annotations

import asyncio
import time
import weakref
from contextlib import suppress
from typing import Any

from autobahn.exception import Disconnected
from daphne.cli import CommandLineInterface
from daphne.http_protocol import WebRequest
from daphne.server import Server
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer


@implementer(IPushProducer)
class Gate:
    """Open while the client reads as fast as the application sends; Twisted shuts it at 64 KiB that wait."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    def pauseProducing(self) -> None:
        """More than enough waits to be sent."""
        self._open.clear()

    def resumeProducing(self) -> None:
        """All that waited is sent."""
        self._open.set()

    def stopProducing(self) -> None:
        """The client is gone; nobody needs to wait for it."""
        self._open.set()

    async def passed(self) -> None:
        """Wait until more may be sent."""
        await self._open.wait()


class PatientServer(Server):  # type: ignore[misc]  # Daphne has no types
    """Daphne's server with back-pressure on answers that come in several pieces."""

    def run(self) -> None:
        """Serve until stopped."""
        self._gates: weakref.WeakKeyDictionary[WebRequest, Gate] = weakref.WeakKeyDictionary()
        super().run()

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Take a piece of an answer, and come back once the client has read enough of it."""
        more = message["type"] == "http.response.body" and message.get("more_body", False)
        gate = self._gates.get(protocol)
        if more and gate is None and protocol.channel is not None:
            gate = self._gates[protocol] = Gate()
            protocol.registerProducer(gate, True)
        if not more and gate is not None and message["type"] == "http.response.body":
            protocol.unregisterProducer()
            del self._gates[protocol]
        # A browser that is leaving gets no more; Daphne tells the application so once it has gone.
        with suppress(Disconnected):
            await super().handle_reply(protocol, message)
        if more and gate is not None:
            await gate.passed()

    def application_checker(self) -> None:
        """Break off answers that failed once begun: whoever reads one shall not take a part for the whole."""
        for protocol, details in self.connections.items():
            task = details.get("application_instance")
            begun = isinstance(protocol, WebRequest) and protocol._response_started
            if begun and "disconnected" not in details and task is not None and _failed(task):
                details["disconnected"] = time.time()
                if protocol.channel is not None:
                    protocol.channel.forceAbortClient()
        super().application_checker()


def _failed(task: asyncio.Future[Any]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is not None


class CommandLine(CommandLineInterface):  # type: ignore[misc]  # Daphne has no types
    """Daphne's command line."""

    server_class = PatientServer


if __name__ == "__main__":
    CommandLine.entrypoint()

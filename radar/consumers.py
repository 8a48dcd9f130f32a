"""WebSocket side of the radar: translates between one browser and the hub."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any, Final

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error as DatabaseError

from radar import access
from radar.collector import MERGED
from radar.hub import Hub, NoAnswer, hub
from radar.session import Session
from radar.wire import Ack, AskHistory, BadRequest, Rate, Refused, Watch, decode_request, encode

logger = logging.getLogger(__name__)

BAD_REQUEST: Final = 4400
SIGNED_OUT: Final = 4401
SILENT: Final = 4408
QUESTION_S: Final = 0.2
"""Questions of one browser lie at least so far apart."""
CROWDED: Final = 4429
STUMBLED: Final = 4500


class RadarConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One browser's socket: a pump that sends what its session has next, and acknowledgements that open the window."""

    channel_layer_alias = ""
    """No channel of its own: with one, each socket would read Valkey, and die with it. The hub reads for all."""
    hub: Hub
    session: Session
    who: str | None = None
    pump: "asyncio.Task[None] | None" = None
    guard: "asyncio.Task[None] | None" = None
    asked: float = 0.0
    asked_pause: float = 0.0
    asking: "asyncio.Task[None] | None" = None

    async def connect(self) -> None:
        """Accept the socket and start its pump; one that may not watch is told so by the code that closes it."""
        await self.accept()
        if not await self._admitted():
            return
        self.awake = asyncio.Event()
        self.wake = self.awake.set
        self.hub = hub()
        self.session = self.hub.join(self.wake)
        self.awake.set()
        self.pump = asyncio.create_task(self._or_close(self._send_on()))
        # Beside the pump: a database that is away must not hold up frames.
        self.guard = asyncio.create_task(self._or_close(self._watch_session()))

    async def _admitted(self) -> bool:
        try:
            who = await access.watcher(self.scope)
        except DatabaseError:
            await self.close(code=STUMBLED, reason="The database does not answer; connect again.")
            return False
        if who is None:
            await self.close(code=SIGNED_OUT, reason="Sign in to watch the radar.")
            return False
        if not access.enter(who):
            await self.close(code=CROWDED, reason="Too many radars are open; close one.")
            return False
        self.who = who
        return True

    async def disconnect(self, code: int) -> None:
        """Stop the pump."""
        if self.who is not None:
            access.leave(self.who)
            self.who = None
        if self.pump is None:
            return
        self.hub.leave(self.wake, self.session)
        for task in (self.pump, self.guard, self.asking):
            if task is not None:
                task.cancel()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Work off an event of the socket.

        Channels would first look, in a thread, whether connections to the database have grown old: for each of
        thousands of acknowledgements a second, none of which asks it anything.
        """
        if message["type"] == "websocket.receive":
            await self.websocket_receive(message)
        else:
            await super().dispatch(message)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Work off one request; what is no request closes the socket with its reason."""
        if self.pump is None:
            return  # it is being closed
        try:
            request = decode_request(text_data if text_data is not None else bytes_data)
        except BadRequest as error:
            await self.close(code=BAD_REQUEST, reason=str(error)[:120])
            return
        match request:
            case Ack(n):
                held_up = not self.session.open
                if self.session.acknowledge(n, time.monotonic()):
                    if held_up:
                        self.awake.set()
                else:
                    await self.close(code=BAD_REQUEST, reason=f"Message {n} was never sent.")
            case Watch(ships):
                self.hub.watch(self.session, ships)
            case Rate(frames):
                self.asked_pause = 1 / frames
            case AskHistory():
                self._ask(request)

    def _ask(self, request: AskHistory) -> None:
        """Ask for a history; a newer question replaces the one before."""
        if self.asking is not None:
            self.asking.cancel()
        self.asking = asyncio.create_task(self._answer(request.ship))

    async def _answer(self, ship: str) -> None:
        # One who hurries through the fleet asks about the ship where he stops.
        await asyncio.sleep(max(0.0, self.asked + QUESTION_S - time.monotonic()))
        self.asked = time.monotonic()
        try:
            body = await self.hub.history(ship)
        except NoAnswer as error:
            body = encode(Refused(ship=ship, detail=str(error)))
        await self._binary(body)

    async def _watch_session(self) -> None:
        while True:
            await asyncio.sleep(access.CHECK_S)
            if not await access.still_watches(self.scope):
                await self.close(code=SIGNED_OUT, reason="The session has ended; sign in again.")
                return

    async def _or_close(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:  # a socket whose pump is dead would look connected and stay silent
            logger.exception("A browser's pump or guard stumbled; its socket is closed.")
            await self.close(code=STUMBLED, reason="The server stumbled; connect again.")

    async def _send_on(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self.session.wait(time.monotonic())):
                    await self.awake.wait()
            except TimeoutError:
                pass
            self.awake.clear()
            now = time.monotonic()
            if self.session.expired(now):
                await self.close(code=SILENT, reason="Nothing was acknowledged for 30 s.")
                return
            self.session.pause = max(self.asked_pause, access.pause(self.who or ""))
            merged = self.session.merged
            message = self.session.next(now, int(time.time() * 1000))
            MERGED.inc(self.session.merged - merged)
            if message is not None:
                await self._binary(message)

    async def _binary(self, body: bytes) -> Any:
        return await self.send(bytes_data=body)

"""The web process' end of the radar: one channel, one replica, and a wake-up for every socket."""

import asyncio
import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import msgspec
from channels.exceptions import ChannelFull
from django.conf import settings

from hocotate_logs import unbound
from radar.broadcast import LAYER_ERRORS, RETRY_S
from radar.layer import channel_layer, end
from radar.pacing import Pacing
from radar.replica import Fit, Replica
from radar.session import Session
from radar.trouble import Trouble
from radar.wire import CONTROL, decode_frame

logger = logging.getLogger(__name__)

RENEW_S: Final = 2.0
"""Lease of LEASE_S is renewed so often."""
DEAF_S: Final = 10.0
"""Frames come every second; without any for so long, listening starts anew on a fresh connection."""
ANSWER_S: Final = 3.0


class NoAnswer(Exception):
    """The radar didn't answer; the message says what it was asked."""


class Hub:
    """Keeps the replica up to date for as long as it is open, and asks the radar on behalf of sockets."""

    def __init__(self, layer: Any) -> None:
        self.replica = Replica()
        self._layer = layer
        self._channel = ""
        self._wakers: set[Callable[[], None]] = set()
        self._watching: Counter[str] = Counter()
        self._anew: set[str] = set()
        self._pacing = Pacing(1 / settings.RADAR_FRAMES_PER_SECOND)
        self._woke = self._worked = 0.0
        self._due: asyncio.TimerHandle | None = None
        self._asks: dict[int, asyncio.Future[bytes]] = {}
        self._asked = 0
        self._behind = True
        self._renew = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._trouble = Trouble(logger, "The hub's channel")
        self._unreadable = Trouble(logger, "A frame of a radar of another release")

    def open(self) -> None:
        """Start to listen; a hub that is open already stays as it is."""
        if not self._tasks:
            # It serves all sockets: what it logs is not of the first one.
            self._tasks = [asyncio.create_task(work(), context=unbound()) for work in (self._listen, self._lease)]

    async def close(self) -> None:
        """Stop listening."""
        tasks, self._tasks = self._tasks, []
        if self._due is not None:
            self._due.cancel()
            self._due = None
        await end(*tasks)

    def join(self, wake: Callable[[], None]) -> Session:
        """A session for a new socket; `wake` is called whenever there may be something to send."""
        self._wakers.add(wake)
        return Session(self.replica, time.monotonic())

    def leave(self, wake: Callable[[], None], session: Session) -> None:
        """Forget a socket."""
        self._wakers.discard(wake)
        self.watch(session, [])

    def watch(self, session: Session, ships: list[str]) -> None:
        """Have the readings of these ships, and of no others, sent to a session from now on."""
        before = set(self._watching)
        self._watching.subtract(session.watched.keys())
        session.watch(ships)
        self._watching.update(session.watched.keys())
        self._watching = +self._watching
        self._anew = (self._anew | (self._watching.keys() - before)) & self._watching.keys()
        self.replica.keep_readings(self._watching)
        if self._watching.keys() != before:
            self._renew.set()

    async def history(self, ship: str) -> bytes:
        """The radar's encoded answer about a ship's last minutes.

        Raises:
            NoAnswer: none came within ANSWER_S.
        """
        self._asked += 1
        ask = self._asked
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asks[ask] = answer
        request = {"type": "history", "hub": self._channel, "ask": ask, "ship": ship}
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._layer.send(CONTROL, request)
                return await answer
        except (*LAYER_ERRORS, ChannelFull) as error:
            raise NoAnswer(f"The radar gave no answer about {ship} within {ANSWER_S:.0f} s.") from error
        finally:
            del self._asks[ask]

    async def _listen(self) -> None:
        while True:
            self._tune_in()
            try:
                await self._hear_out()
            except TimeoutError:
                logger.warning("The hub has heard nothing for %.0f s; it listens on a new channel.", DEAF_S)
            except LAYER_ERRORS as error:
                self._trouble.report(error)
                await asyncio.sleep(RETRY_S)
            except Exception:  # whatever it is, a hub that no longer listens would freeze every page
                logger.exception("The hub stumbled; it asks for a snapshot on a new channel.")
                await asyncio.sleep(RETRY_S)

    def _tune_in(self) -> None:
        """Take a new channel and ask for everything.

        A plain name: a process-local one ("!") goes through locks of the layer that a cancelled read can leave taken.
        """
        self._channel = f"radar.hub.{uuid.uuid4().hex}"
        self._behind = True
        self._renew.set()

    async def _hear_out(self) -> None:
        """Work off the channel until it fails or falls silent."""
        while True:
            async with asyncio.timeout(DEAF_S):
                message = await self._layer.receive(self._channel)
            self._trouble.over()
            if message["type"] == "radar.answer":
                answer = self._asks.get(message["ask"])
                if answer is not None and not answer.done():
                    answer.set_result(message["body"])
            else:
                self._take(message["body"])

    def _take(self, body: bytes) -> None:
        try:
            fit = self.replica.accept(decode_frame(body))
        except msgspec.DecodeError as error:
            self._unreadable.report(error)
            return
        self._behind = fit is Fit.GAP or (self._behind and fit is not Fit.APPLIED)
        if fit is Fit.GAP:
            self._renew.set()
        elif fit is Fit.APPLIED:
            self._wake_soon()

    def _wake_soon(self) -> None:
        """Wake the sockets, but not sooner after the last time than the work of serving all of them allows."""
        if self._due is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._woke + self._pacing.pause - loop.time()
        if wait > 0:
            self._due = loop.call_later(wait, self._wake)
        else:
            self._wake()

    def _wake(self) -> None:
        self._due = None
        worked = time.thread_time()
        self._pacing.worked(worked - self._worked)
        self._worked, self._woke = worked, asyncio.get_running_loop().time()
        for wake in self._wakers:
            wake()

    async def _lease(self) -> None:
        while True:
            try:
                async with asyncio.timeout(RENEW_S):
                    await self._renew.wait()
            except TimeoutError:
                pass
            self._renew.clear()
            if not self._channel:
                continue
            last = self.replica.last
            epoch = last.epoch if last else ""
            anew = list(self._anew)
            request = {
                "type": "subscribe",
                "hub": self._channel,
                "epoch": epoch,
                "snapshot": self._behind,
                "watch": list(self._watching),
                "anew": anew,
            }
            try:
                await self._layer.send(CONTROL, request)
                self._anew.difference_update(anew)
            except ChannelFull:
                logger.info("No radar works off the control channel; asking again in %.0f s.", RENEW_S)
            except LAYER_ERRORS as error:
                self._trouble.report(error)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop, open; a web process has one loop and so one hub."""
    loop = asyncio.get_running_loop()
    for closed in [other for other in _hubs if other.is_closed()]:
        del _hubs[closed]
    found = _hubs.get(loop)
    if found is None:
        found = _hubs[loop] = Hub(channel_layer())
    found.open()
    return found

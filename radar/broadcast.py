"""From the radar to the web processes: one message a frame for each hub that has asked within LEASE_S.

Hubs renew their lease themselves, so a restart of the radar, of Valkey or of a web process needs no repair: nothing
about who listens is stored anywhere else.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from channels.exceptions import ChannelFull
from redis.exceptions import RedisError

from radar.frames import Interest
from radar.trouble import Trouble
from radar.wire import CONTROL, Frame, History, Refused, encode

logger = logging.getLogger(__name__)

LEASE_S: Final = 10.0
SEND_S: Final = 2.0
RETRY_S: Final = 0.5
LAYER_ERRORS: Final = (RedisError, OSError, TimeoutError)
"""What a channel layer raises while Valkey is away."""

Answer = Callable[[str], History | Refused]


class Broadcaster:
    """Sends frames to hubs, and answers what hubs ask on the control channel."""

    def __init__(self, layer: Any, epoch: str, snapshot: Callable[[], Frame], history: Answer) -> None:
        self._layer = layer
        self._epoch = epoch
        self._snapshot = snapshot
        self._history = history
        self._leases: dict[str, float] = {}
        self._watched: dict[str, frozenset[str]] = {}
        self._anew: set[str] = set()
        self._fresh: set[str] = set()
        self._sending = Trouble(logger, "Sending frames")
        self._listening = Trouble(logger, "Listening to hubs")

    @property
    def hubs(self) -> int:
        """How many web processes listen."""
        return len(self._leases)

    @property
    def asked(self) -> bool:
        """Whether somebody waits for readings of a ship that nobody watched before."""
        return bool(self._anew)

    def interest(self) -> Interest:
        """Which ships the hubs watch. Those that are new since the last call are wanted anew, once."""
        anew, self._anew = frozenset(self._anew), set()
        watched = frozenset[str]().union(*(self._watched[hub] for hub in self._leases.keys() & self._watched.keys()))
        return Interest(watched, anew)

    async def send(self, frame: Frame) -> None:
        """Send a frame to every hub; one that needs it gets a snapshot instead, which holds the frame too.

        What can't be delivered is left out: the hub sees the gap and asks for a snapshot.
        """
        now = time.monotonic()
        self._leases = {hub: until for hub, until in self._leases.items() if until > now}
        self._watched = {hub: ships for hub, ships in self._watched.items() if hub in self._leases}
        fresh, self._fresh = self._fresh & self._leases.keys(), set()
        if fresh:
            await self._each(fresh, {"type": "radar.frame", "body": encode(self._snapshot())})
        rest = self._leases.keys() - fresh
        if rest:
            await self._each(rest, {"type": "radar.frame", "body": encode(frame)})

    async def listen(self) -> None:
        """Work off the control channel until cancelled."""
        while True:
            try:
                async with asyncio.timeout(LEASE_S):
                    message = await self._layer.receive(CONTROL)
            except TimeoutError:
                continue  # nobody listens, or a connection is dead: the next turn takes another
            except LAYER_ERRORS as error:
                self._listening.report(error)
                await asyncio.sleep(RETRY_S)
                continue
            self._listening.over()
            try:
                await self._handle(message)
            except KeyError as error:
                logger.warning("A hub of another release asked without %s; it was left unanswered.", error)

    async def _handle(self, message: dict[str, Any]) -> None:
        hub: str = message["hub"]
        self._leases[hub] = time.monotonic() + LEASE_S
        if message["type"] == "history":
            answer = encode(self._history(message["ship"]))
            await self._each({hub}, {"type": "radar.answer", "ask": message["ask"], "body": answer})
            return
        self._watched[hub] = frozenset(message["watch"])
        self._anew.update(message["anew"])
        if message["snapshot"] or message["epoch"] != self._epoch:
            self._fresh.add(hub)

    async def _each(self, hubs: Iterable[str], message: dict[str, Any]) -> None:
        await asyncio.gather(*(self._deliver(hub, message) for hub in hubs))

    async def _deliver(self, hub: str, message: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(SEND_S):
                await self._layer.send(hub, message)
        except ChannelFull:
            logger.info("Hub %s is behind; a frame for it was left out.", hub)
        except LAYER_ERRORS as error:
            self._sending.report(error)
        else:
            self._sending.over()

"""The radar process: one loop from Kafka to frames. Standing by until it holds the lock."""

import asyncio
import logging
import queue
import secrets
import time
from contextlib import suppress
from typing import Any, Final

from django.conf import settings
from django.db import Error as DatabaseError
from prometheus_client import REGISTRY

from hocotate_site import exposition, kafka, metrics
from radar import registry
from radar.broadcast import Broadcaster
from radar.collector import StateCollector
from radar.frames import NOBODY, FrameMaker
from radar.gauges import ShipGauges
from radar.history import COLUMNS
from radar.intake import Intake
from radar.latency import Latency
from radar.layer import channel_layer, end
from radar.lock import BroadcastLock
from radar.pacing import Pacing
from radar.stream import Stream
from radar.tracing import Tracing
from radar.tracks import KEEP_MS, Fleet
from radar.trouble import Trouble
from radar.wire import Frame, History, Refused

logger = logging.getLogger(__name__)

HEARTBEAT_S: Final = 1.0
TICK_S: Final = 0.5
ASK_S: Final = 0.25
LISTEN_S: Final = 0.1
"""Without a message, what else there is to do is looked for so often."""
RECONCILE_S: Final = 5.0
LOCK_S: Final = 2.0


class StreamFailed(RuntimeError):
    """The thread that reads Kafka has ended; the process must start anew."""


class Radar:
    """Everything between the stream and the hubs. `run` returns at the stop and raises when it can't go on."""

    def __init__(self, stop: kafka.Stop, layer: Any = None) -> None:
        self.fleet = Fleet(settled=False)
        self.intake = Intake(self.fleet)
        self.maker = FrameMaker(self.fleet, secrets.token_hex(6))
        self.stream = Stream(stop, arrived=self._wake)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._arrived = asyncio.Event()
        self._stop = stop
        self._names = Trouble(logger, "Asking the registry")
        self._broadcaster = Broadcaster(layer or channel_layer(), self.maker.epoch, self._snapshot, self._history)
        self._interest = NOBODY
        self._latency = Latency()
        self._tracing = Tracing()
        self._running: set[int] = set()
        self._ticked = self._sent = 0.0

    async def run(self) -> None:
        """Learn who flies, read the past, then broadcast until the stop."""
        collectors = (StateCollector(self.fleet, self.intake), self._latency)
        for collector in collectors:
            REGISTRY.register(collector)
        gauges = ShipGauges(self.fleet, settings.METRICS_SHIPS, _now)
        exposition.SOURCES.append(gauges.text)
        try:
            await self._learn_first()
            self._loop = asyncio.get_running_loop()
            self.stream.start()
            await self._work()
        finally:
            exposition.SOURCES.remove(gauges.text)
            for collector in collectors:
                REGISTRY.unregister(collector)

    async def _work(self) -> None:
        works = (self._ask, self._reconcile, self._broadcaster.listen, self._tracing.follow)
        helpers = [asyncio.create_task(work()) for work in works]
        try:
            await self._turn(helpers)
        finally:
            await end(*helpers)
            await asyncio.to_thread(self.stream.join, 5)

    async def _turn(self, helpers: list["asyncio.Task[None]"]) -> None:
        pacing = Pacing(1 / settings.RADAR_FRAMES_PER_SECOND)
        while not self._stop.requested:
            with suppress(TimeoutError):
                async with asyncio.timeout(LISTEN_S):
                    await self._arrived.wait()
            self._arrived.clear()
            started = time.monotonic()
            metrics.RADAR_LOOP.set_to_current_time()
            if not self.stream.is_alive() and not self._stop.requested:
                raise StreamFailed(f"Reading {settings.TOPIC_RAW} ended: {self.stream.failure!r}.")
            for helper in helpers:
                if helper.done():
                    helper.result()
            self._take()
            if started - self._ticked >= TICK_S:
                self._tick(started)
            # Until the past is worked off for the first time nothing is sent: browsers keep what they had, as late.
            ready = self._sent > 0 or self.stream.source != "rebuilding"
            news = self.maker.changed or self._broadcaster.asked
            if ready and (news or started - self._sent >= HEARTBEAT_S):
                self._sent = started
                self.fleet.settle()
                await self._send()
                took = time.monotonic() - started
                pacing.worked(took)
                # What comes meanwhile goes into the next frame.
                await asyncio.sleep(max(0.0, pacing.pause - took))

    def _wake(self) -> None:
        """Messages have come; called by the thread that reads them."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._arrived.set)

    def _take(self) -> None:
        with suppress(queue.Empty):
            for _turn in range(self.stream.batches.maxsize):
                batch = self.stream.batches.get_nowait()
                self.intake.take(batch.readings, _now())
                self.intake.refuse(batch.invalid.total())
                metrics.RADAR_MESSAGES.inc(len(batch.readings) + batch.invalid.total())
                for reason, count in batch.invalid.items():
                    metrics.RADAR_INVALID.labels(reason.value).inc(count)

    def _tick(self, started: float) -> None:
        self._ticked = started
        if self.stream.source != "rebuilding":
            self.fleet.tick(_now())
            shown = {track.mission.mission_id for track in self.fleet.tracks.values.values()}
            self.intake.counts.silent = len(self._running - shown)
            for link, count in self.fleet.links().items():
                metrics.RADAR_SHIPS.labels(link.value).set(count)

    async def _send(self) -> None:
        with metrics.RADAR_FRAME_SECONDS.time():
            self._interest = self._broadcaster.interest()
            frame = self.maker.delta(_now(), self.stream.source, self.intake.counts, self._interest)
            # Before it is sent: what comes meanwhile is in the next one.
            traced = self._tracing.shown(self.fleet, frame.n)
            await self._broadcaster.send(frame)
        self._latency.sent(self.maker.seen, _now())
        if traced:
            self._tracing.sent(traced, frame.n, _now())
        metrics.RADAR_FRAMES.inc()

    async def _learn_first(self) -> None:
        """Ask the registry until it answers: without it no ship can be named."""
        while not self._stop.requested:
            metrics.RADAR_LOOP.set_to_current_time()
            if await self._learn():
                return
            await asyncio.sleep(RECONCILE_S / 5)

    async def _learn(self) -> bool:
        try:
            running = await registry.missions_running()
            ended = await registry.missions_ended(max(KEEP_MS.values()) / 1000)
        except DatabaseError as error:
            self._names.report(error)
            return False
        self._names.over()
        self.fleet.learn((*running, *ended))
        self._running = {mission.mission_id for mission in running}
        return True

    async def _reconcile(self) -> None:
        while True:
            await asyncio.sleep(RECONCILE_S)
            await self._learn()

    async def _ask(self) -> None:
        while True:
            await asyncio.sleep(ASK_S)
            wanted = self.intake.wanted
            if not wanted:
                continue
            try:
                found = await registry.missions_by_ids(wanted)
            except DatabaseError as error:
                self._names.report(error)
            else:
                self._names.over()
                self.intake.answer(wanted, found, _now())

    def _snapshot(self) -> Frame:
        return self.maker.snapshot(_now(), self.stream.source, self.intake.counts, self._interest)

    def _history(self, ship: str) -> History | Refused:
        track = self.fleet.tracks.values.get(ship)
        if track is None:
            return Refused(ship=ship, detail=f"The radar knows no ship {ship}.")
        rows = self.fleet.history(ship)
        return History(ship=ship, mission=track.mission.mission_id, columns=COLUMNS, rows=rows)


async def run(stop: kafka.Stop) -> None:
    """Stand by until the lock is ours, then be the radar, until the stop.

    Raises:
        StreamFailed: reading Kafka ended for good.
        LockLost: another radar holds the lock now.
    """
    lock = BroadcastLock()
    try:
        while not stop.requested and not await lock.hold():
            metrics.RADAR_LOOP.set_to_current_time()
            await asyncio.sleep(LOCK_S)
        if stop.requested:
            return
        guard = asyncio.create_task(_guard(lock))
        radar = asyncio.create_task(Radar(stop).run())
        done, pending = await asyncio.wait({guard, radar}, return_when=asyncio.FIRST_COMPLETED)
        await end(*pending)
        for task in done:
            task.result()
    finally:
        await lock.release()


class LockLost(RuntimeError):
    """Another radar broadcasts; this one must stop, so that browsers see one truth."""


async def _guard(lock: BroadcastLock) -> None:
    while True:
        await asyncio.sleep(LOCK_S)
        if await lock.hold() is False:
            raise LockLost("Another radar holds the lock; stopping, so that only one broadcasts.")


def _now() -> int:
    return int(time.time() * 1000)

"""Radar and hub over a real channel layer: complete at the start, after a gap, and after every kind of restart."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels_redis.core import RedisChannelLayer

from radar.broadcast import Broadcaster
from radar.frames import NOBODY, FrameMaker
from radar.hub import Hub, NoAnswer
from radar.layer import channel_layer, end
from radar.tests.conftest import Valkey
from radar.tests.factories import message, mission, ms
from radar.tests.sent import seen_of
from radar.tracks import Fleet
from radar.wire import Counts, History, Refused, decode_incoming


class Headquarters:
    """A radar without its stream: a fleet, its frames and their broadcast."""

    def __init__(self, layer: Any, epoch: str) -> None:
        self.fleet = Fleet()
        self.fleet.learn([mission()])
        self.maker = FrameMaker(self.fleet, epoch)
        self.interest = NOBODY
        self.broadcaster = Broadcaster(layer, epoch, self._snapshot, self._history)
        self.tasks = [asyncio.create_task(self.broadcaster.listen()), asyncio.create_task(self._beat())]

    def fly(self, seq: int) -> None:
        self.fleet.apply(message(seq), ms(seq))

    async def stop(self) -> None:
        await end(*self.tasks)

    async def _beat(self) -> None:
        while True:
            self.interest = self.broadcaster.interest()
            await self.broadcaster.send(self.maker.delta(0, "following", Counts(), self.interest))
            await asyncio.sleep(0.05)

    def _snapshot(self) -> Any:
        return self.maker.snapshot(0, "following", Counts(), self.interest)

    def _history(self, ship: str) -> History | Refused:
        rows = self.fleet.history(ship)
        if not rows:
            return Refused(ship=ship, detail="unknown")
        return History(ship=ship, mission=1445, columns=("at",), rows=[[row[0]] for row in rows])


@asynccontextmanager
async def radar(epoch: str = "first", layer: Any = None) -> AsyncIterator[Headquarters]:
    headquarters = Headquarters(layer or channel_layer(), epoch)
    try:
        yield headquarters
    finally:
        await headquarters.stop()


@asynccontextmanager
async def web(layer: Any = None) -> AsyncIterator[Hub]:
    hub = Hub(layer or channel_layer())
    hub.open()
    try:
        yield hub
    finally:
        await hub.close()


async def until(condition: Callable[[], bool], within_s: float = 15) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"Still not so after {within_s} s."
        await asyncio.sleep(0.02)


def seq_at(hub: Hub) -> int | None:
    """How many seconds after the start of its flight the ship was seen."""
    seen = seen_of(hub.replica, "SS_DOLPHIN", made=ms(0))
    return (seen.seen - ms(0)) // 1000 if seen else None


async def test_a_hub_that_starts_late_has_everything_and_then_follows(valkey: Valkey) -> None:
    async with radar() as headquarters:
        headquarters.fly(3)
        async with web() as hub:
            await until(lambda: seq_at(hub) == 3)
            headquarters.fly(4)
            await until(lambda: seq_at(hub) == 4)


async def test_sockets_are_woken_at_each_frame_until_they_leave(valkey: Valkey) -> None:
    woken: list[int] = []

    def wake() -> None:
        woken.append(1)

    async with radar(), web() as hub:
        session = hub.join(wake)
        await until(lambda: len(woken) > 3)
        hub.leave(wake, session)
        before = len(woken)
        version = hub.replica.version
        await until(lambda: hub.replica.version > version + 2)
        assert len(woken) == before


async def test_frames_that_were_lost_are_made_good_by_a_snapshot(valkey: Valkey) -> None:
    async with radar() as headquarters, web() as hub:
        headquarters.fly(1)
        await until(lambda: seq_at(hub) == 1)

        headquarters.fly(2)
        headquarters.maker.delta(0, "following", Counts())  # made, and never sent

        await until(lambda: seq_at(hub) == 2)


async def test_a_new_radar_replaces_all_that_the_one_before_knew(valkey: Valkey) -> None:
    async with web() as hub:
        async with radar("first") as headquarters:
            headquarters.fly(9)
            await until(lambda: seq_at(hub) == 9)
        async with radar("second"):
            await until(lambda: hub.replica.last is not None and hub.replica.last.epoch == "second")
            assert not hub.replica.records.values


async def test_when_valkey_is_killed_frames_flow_again_once_it_is_back(
    valkey: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    async with radar(layer=layer_of(valkey)) as headquarters, web(layer_of(valkey)) as hub:
        headquarters.fly(1)
        await until(lambda: seq_at(hub) == 1)

        valkey.kill()
        headquarters.fly(2)
        version = hub.replica.version
        await until(lambda: {"radar.hub", "radar.broadcast"} <= troubled(caplog))
        assert hub.replica.version <= version + 1
        valkey.start()

        await until(lambda: seq_at(hub) == 2)
        headquarters.fly(3)
        await until(lambda: seq_at(hub) == 3)


async def test_a_ship_has_its_last_minutes_for_whoever_asks(valkey: Valkey) -> None:
    async with radar() as headquarters, web() as hub:
        headquarters.fly(1)
        await until(lambda: seq_at(hub) == 1)

        found = decode_incoming(await hub.history("SS_DOLPHIN"))
        missing = decode_incoming(await hub.history("NOBODY"))

    assert isinstance(found, History)
    assert found.rows == [[ms(1)]]
    assert missing == Refused(ship="NOBODY", detail="unknown")


async def test_readings_come_for_the_ships_that_somebody_watches_and_for_no_others(valkey: Valkey) -> None:
    async with radar() as headquarters, web() as hub:
        headquarters.fly(1)
        await until(lambda: seq_at(hub) == 1)
        assert not hub.replica.readings.values

        first, second = hub.join(lambda: None), hub.join(lambda: None)
        hub.watch(first, ["SS_DOLPHIN", "NOBODY"])
        await until(lambda: "SS_DOLPHIN" in hub.replica.readings.values)
        hub.watch(second, ["SS_DOLPHIN"])
        hub.watch(first, [])
        assert "SS_DOLPHIN" in hub.replica.readings.values
        hub.watch(second, [])
        assert not hub.replica.readings.values


async def test_a_new_radar_learns_which_ships_are_watched(valkey: Valkey) -> None:
    async with web() as hub:
        hub.watch(hub.join(lambda: None), ["SS_DOLPHIN"])
        async with radar("first") as headquarters:
            headquarters.fly(1)
            await until(lambda: "SS_DOLPHIN" in hub.replica.readings.values)
        async with radar("second") as headquarters:
            headquarters.fly(2)
            await until(lambda: b"seq\x02" in bytes(hub.replica.readings.values.get("SS_DOLPHIN", b"")))


async def test_without_a_radar_a_question_ends_in_a_sentence(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radar.hub.ANSWER_S", 0.2)
    async with web() as hub:
        await until(lambda: bool(hub._channel))
        with pytest.raises(NoAnswer, match="no answer about SS_DOLPHIN"):
            await hub.history("SS_DOLPHIN")


def troubled(caplog: pytest.LogCaptureFixture) -> set[str]:
    """The loggers that have warned."""
    return {record.name for record in caplog.records if record.levelname == "WARNING"}


def layer_of(valkey: Valkey) -> Any:
    """A layer of one's own: radar and web are different processes."""
    return RedisChannelLayer(hosts=[{"address": valkey.url, "socket_timeout": None}])

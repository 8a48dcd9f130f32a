"""Which frame shows a message: for missions that somebody traces, through a real Valkey."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import redis
from asgiref.sync import sync_to_async
from msgspec.structs import replace
from pytest_django import Settings

from hocotate_logs.formats import LineFormatter
from hocotate_logs.trace_id import trace_id
from hocotate_site import traces
from hocotate_site.traces import LIST, MOST_TRACED, Shown, TooManyTraced, shown_from, trace_for
from radar.frames import FrameMaker
from radar.layer import end
from radar.tests.conftest import Valkey
from radar.tests.factories import message, mission, ms
from radar.tracing import Tracing
from radar.tracks import Fleet
from radar.wire import Counts
from ships_client.contracts import MissionStatus

FLOWN, OTHER = mission(7, "SS_DOLPHIN"), mission(8, "SS_MOTH")


class Headquarters:
    """A radar of two ships, frame by frame."""

    def __init__(self, *traced: int) -> None:
        self.fleet = Fleet()
        self.fleet.learn([FLOWN, OTHER])
        self.maker = FrameMaker(self.fleet, "epoch")
        self.tracing = Tracing()
        self.tracing.missions = frozenset(traced)

    def frame(self, *seqs: int | None) -> list[tuple[int, int | None]]:
        """Fly both ships on by these ticks, and send a frame 200 ms after the last; what of it is traced."""
        for seq in seqs:
            for of in (FLOWN, OTHER):
                self.fleet.apply(message(seq, of=of), ms(seq or 0))
        now = ms(max((seq or 0 for seq in seqs), default=0)) + 200
        n = self.maker.delta(now, "following", Counts()).n
        tracks = self.tracing.shown(self.fleet, n)
        self.tracing.sent(tracks, n, now)
        return [(track.mission.mission_id, track.last.seq) for track in tracks]


@pytest.fixture(autouse=True)
def store(valkey: Valkey, settings: Settings) -> Valkey:
    """A Valkey of the test's own for traces, too."""
    settings.VALKEY_URL = valkey.url
    return valkey


@asynccontextmanager
async def following(of: Tracing) -> AsyncIterator[None]:
    task = asyncio.create_task(of.follow())
    try:
        yield
    finally:
        await end(task)


async def until(condition: Callable[[], object], within_s: float = 20) -> None:
    async with asyncio.timeout(within_s):
        while not await sync_to_async(condition, thread_sensitive=False)():
            await asyncio.sleep(0.05)


def test_a_frame_tells_of_no_ship_that_nobody_traces(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert Headquarters().frame(0, 1) == []
        assert Headquarters(9).frame(0, 1) == []
    assert caplog.records == []


def test_a_frame_tells_of_the_newest_message_of_each_traced_ship_and_of_it_once() -> None:
    radar = Headquarters(7)

    assert radar.frame(0, 1) == [(7, 1)]
    assert radar.frame() == []
    assert radar.frame(2) == [(7, 2)]
    # The registry's end changes the track, and brings no message.
    radar.fleet.learn([replace(FLOWN, status=MissionStatus.FAILURE, ended=ms(3))])
    assert radar.maker.changed
    assert radar.frame() == []
    assert radar.frame(None) == []


def test_the_log_says_how_old_the_message_was_with_all_of_its_ids(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        Headquarters(7).frame(3)

    (record,) = caplog.records
    said = LineFormatter("radar").format(record)
    assert "INFO radar radar.tracing: Frame 1 shows message 3 of SS_DOLPHIN." in said
    assert said.endswith(f" mission=7 ship=SS_DOLPHIN trace_id={trace_id(7, 3)} seq=3 latency_ms=200")


async def test_who_traces_is_told_of_the_frames_and_of_no_more_afterwards() -> None:
    radar = Headquarters()
    async with following(radar.tracing):
        await sync_to_async(trace_for)(7, 5)
        await until(lambda: radar.tracing.missions == {7})
        radar.frame(0)
        radar.frame(1, 2)
        await until(lambda: len(shown_from(7, 0, most=9)) == 2)
        await until(lambda: not radar.tracing.missions)

    assert shown_from(7, 0) == [Shown(7, "SS_DOLPHIN", 0, frame=1, at=ms(0) + 200, latency_ms=200)]
    # Message 1 had no frame of its own: the one that shows 2 went past it.
    assert [note.seq for note in shown_from(7, 1)] == [2]
    assert shown_from(7, 3) == []
    assert shown_from(8, 0) == []


def test_a_short_trace_does_not_end_a_longer_one(store: Valkey) -> None:
    trace_for(7, 600)
    trace_for(7, 1)

    with redis.Redis.from_url(store.url) as valkey:
        assert (valkey.zscore(LIST, "7") or 0) > time.time() + 500


async def test_a_trace_ends_by_itself() -> None:
    radar = Headquarters()
    async with following(radar.tracing):
        await sync_to_async(trace_for)(7, 1.5)
        await until(lambda: radar.tracing.missions == {7})
        await until(lambda: not radar.tracing.missions)


async def test_while_valkey_is_away_nothing_is_traced_and_afterwards_nothing_is_lost(
    store: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    radar = Headquarters()
    async with following(radar.tracing):
        await sync_to_async(trace_for)(7, 60)
        await until(lambda: radar.tracing.missions == {7})
        store.kill()
        radar.frame(0)
        await until(lambda: not radar.tracing.missions)
        assert "Looking up who is traced" in caplog.text
        store.start()
        await until(lambda: shown_from(7, 0))


def test_only_so_many_missions_are_traced_at_a_time_and_those_that_are_go_on() -> None:
    for number in range(1, MOST_TRACED + 1):
        trace_for(number, 60)
    trace_for(1, 60)

    with pytest.raises(TooManyTraced, match="20 missions are traced"):
        trace_for(99, 60)


async def test_nonsense_on_the_list_stops_no_radar(caplog: pytest.LogCaptureFixture) -> None:
    radar = Headquarters()
    with traces.valkey() as written:
        written.zadd(LIST, {"seven": 9e12})
    async with following(radar.tracing):
        await until(lambda: "Looking up who is traced" in caplog.text)
        with traces.valkey() as written:
            written.zrem(LIST, "seven")
            written.zadd(LIST, {"7": 9e12})
        await until(lambda: radar.tracing.missions == {7})


def test_without_valkey_who_asks_gets_its_own_error(store: Valkey) -> None:
    store.kill()
    with pytest.raises(redis.RedisError):
        trace_for(7, 60)

"""The socket as a browser meets it."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import pytest
import pytest_asyncio
from channels.sessions import SessionMiddlewareStack
from channels.testing import WebsocketCommunicator
from pytest_django import Settings

from radar import hub as hubs
from radar.consumers import BAD_REQUEST, SILENT, RadarConsumer
from radar.records import SIZE, unpack
from radar.tests.conftest import Valkey
from radar.tests.factories import ms
from radar.tests.sent import seen_in
from radar.tests.test_hub import Headquarters, radar
from radar.wire import Beat, FrameOut, History, decode_incoming

T = TypeVar("T")


@pytest_asyncio.fixture
async def headquarters(valkey: Valkey) -> AsyncIterator[Headquarters]:
    async with radar() as running:
        yield running


@pytest_asyncio.fixture
async def socket(valkey: Valkey, settings: Settings) -> AsyncIterator[Any]:
    settings.RADAR_PUBLIC = True
    communicator = WebsocketCommunicator(SessionMiddlewareStack(RadarConsumer.as_asgi()), "/ws/radar/")
    connected, _protocol = await communicator.connect(timeout=10)
    assert connected
    yield communicator
    await communicator.disconnect()
    await hubs.hub().close()


async def received(socket: Any, kind: type[T], **having: Any) -> T:
    """The next message of this kind; everything before is acknowledged."""
    while True:
        found = decode_incoming(await socket.receive_from(timeout=15))
        if isinstance(found, (FrameOut, Beat)):
            await socket.send_to(text_data=json.dumps({"t": "ack", "n": found.n}))
        if isinstance(found, kind) and all(getattr(found, name) == value for name, value in having.items()):
            return found


async def closed(socket: Any) -> int:
    while True:
        output = await socket.receive_output(timeout=15)
        if output["type"] == "websocket.close":
            return int(output["code"])


async def test_a_browser_gets_everything_first_and_then_what_changes(headquarters: Headquarters, socket: Any) -> None:
    headquarters.fly(1)
    first = await received(socket, FrameOut, full=True)
    while "SS_DOLPHIN" not in seen_in(first):
        first = await received(socket, FrameOut)
    headquarters.fly(2)
    frame = await received(socket, FrameOut, full=False)
    while not frame.records:
        frame = await received(socket, FrameOut)

    assert (len(frame.records), frame.facts, frame.readings) == (SIZE, [], [])
    assert unpack(frame.records, made=ms(2)).seen == ms(2)


async def test_without_a_radar_the_web_process_says_that_the_feed_stalls(socket: Any) -> None:
    assert (await received(socket, Beat)).made is None


async def test_a_ship_has_its_history_by_socket(headquarters: Headquarters, socket: Any) -> None:
    headquarters.fly(1)
    await received(socket, FrameOut)
    await socket.send_to(text_data='{"t": "history", "ship": "SS_DOLPHIN"}')

    assert (await received(socket, History)).ship == "SS_DOLPHIN"


async def test_a_browser_gets_the_readings_of_ships_that_it_watches(headquarters: Headquarters, socket: Any) -> None:
    headquarters.fly(1)
    await received(socket, FrameOut)
    await socket.send_to(text_data='{"t": "watch", "ships": ["SS_DOLPHIN"]}')
    frame = await received(socket, FrameOut)
    while not frame.readings:
        frame = await received(socket, FrameOut)
    assert [(found.ship, found.seq) for found in frame.readings] == [("SS_DOLPHIN", 1)]

    headquarters.fly(2)
    while not frame.readings or frame.readings[0].seq == 1:
        frame = await received(socket, FrameOut)
    await socket.send_to(text_data='{"t": "watch", "ships": []}')
    headquarters.fly(3)
    while not frame.records or unpack(frame.records, made=ms(3)).seen != ms(3):
        frame = await received(socket, FrameOut)
    assert frame.readings == []


async def test_a_browser_may_ask_for_fewer_frames(headquarters: Headquarters, socket: Any) -> None:
    await received(socket, FrameOut)
    await socket.send_to(text_data='{"t": "rate", "frames": 2}')
    await received(socket, FrameOut)
    began = time.monotonic()
    for _frame in range(3):
        await received(socket, FrameOut)

    assert time.monotonic() - began > 1.2


@pytest.mark.parametrize(
    "request_text",
    [
        " ",
        "no json",
        '{"t": "fly"}',
        '{"t": "ack"}',
        '{"t": "ack", "n": 7000}',
        '{"t": "ack", "n": 1}' + " " * 600,
        '{"t": "rate", "frames": 0}',
        '{"t": "watch", "ships": ["A", "B", "C", "D", "E"]}',
    ],
)
async def test_what_is_no_request_closes_the_socket(socket: Any, request_text: str) -> None:
    await socket.send_to(text_data=request_text)

    assert await closed(socket) == BAD_REQUEST


async def test_a_browser_that_falls_silent_is_let_go(
    headquarters: Headquarters, socket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await received(socket, FrameOut)
    monkeypatch.setattr("radar.session.SILENCE_S", 0.5)

    assert await closed(socket) == SILENT

"""The socket as a browser meets it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from channels.sessions import SessionMiddlewareStack
from channels.testing import WebsocketCommunicator
from pytest_django import Settings

from radar import hub as hubs
from radar.consumers import BAD_REQUEST, SILENT, RadarConsumer
from radar.tests.conftest import Valkey
from radar.tests.test_hub import Headquarters, radar


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


async def received(socket: Any, kind: str, **having: Any) -> dict[str, Any]:
    """The next message of this kind; everything before is acknowledged."""
    while True:
        found: dict[str, Any] = json.loads(await socket.receive_from(timeout=15))
        if "n" in found:
            await socket.send_to(text_data=json.dumps({"t": "ack", "n": found["n"]}))
        if found["t"] == kind and all(found[name] == value for name, value in having.items()):
            return found


async def closed(socket: Any) -> int:
    while True:
        output = await socket.receive_output(timeout=15)
        if output["type"] == "websocket.close":
            return int(output["code"])


async def test_a_browser_gets_everything_first_and_then_what_changes(headquarters: Headquarters, socket: Any) -> None:
    headquarters.fly(1)
    first = await received(socket, "frame", full=True)
    while "SS_DOLPHIN" not in first["ships"]:
        first = await received(socket, "frame")
    headquarters.fly(2)
    while True:
        frame = await received(socket, "frame", full=False)
        if frame["ships"]:
            break

    assert frame["ships"]["SS_DOLPHIN"]["seq"] == 2
    assert frame["counts"] == {}


async def test_without_a_radar_the_web_process_says_that_the_feed_stalls(socket: Any) -> None:
    beat = await received(socket, "beat")

    assert beat["made"] is None


async def test_a_ship_has_its_history_by_socket(headquarters: Headquarters, socket: Any) -> None:
    headquarters.fly(1)
    await received(socket, "frame")
    await socket.send_to(text_data='{"t": "history", "ship": "SS_DOLPHIN"}')

    assert (await received(socket, "history"))["ship"] == "SS_DOLPHIN"


@pytest.mark.parametrize(
    "request_text",
    [" ", "no json", '{"t": "fly"}', '{"t": "ack"}', '{"t": "ack", "n": 7000}', '{"t": "ack", "n": 1}' + " " * 600],
)
async def test_what_is_no_request_closes_the_socket(socket: Any, request_text: str) -> None:
    await socket.send_to(text_data=request_text)

    assert await closed(socket) == BAD_REQUEST


async def test_a_browser_that_falls_silent_is_let_go(
    headquarters: Headquarters, socket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await received(socket, "frame")
    monkeypatch.setattr("radar.session.SILENCE_S", 0.5)

    assert await closed(socket) == SILENT
    await asyncio.sleep(0)

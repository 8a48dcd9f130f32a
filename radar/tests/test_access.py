"""Who may watch: a socket with a session, without one, with one that ends, and one too many."""

from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.sessions import SessionMiddlewareStack
from channels.testing import WebsocketCommunicator
from django.conf import settings as site
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from radar import access
from radar import hub as hubs
from radar.consumers import CROWDED, SIGNED_OUT, RadarConsumer
from radar.tests.conftest import Valkey
from radar.wire import Beat

from .test_consumers import closed, received

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _private(valkey: Valkey, settings: Settings) -> Iterator[None]:
    settings.RADAR_PUBLIC = False
    yield
    assert not access._open


@pytest.fixture
def browser() -> Client:
    """A browser of somebody who has signed in."""
    client = Client()
    client.force_login(User.objects.create_user("louie"))
    return client


async def opened(client: Client | None = None) -> WebsocketCommunicator:
    cookie = f"{site.SESSION_COOKIE_NAME}={client.cookies[site.SESSION_COOKIE_NAME].value}" if client else ""
    socket = WebsocketCommunicator(
        SessionMiddlewareStack(RadarConsumer.as_asgi()), "/ws/radar/", headers=[(b"cookie", cookie.encode())]
    )
    await socket.connect(timeout=10)
    return socket


async def end(*sockets: Any) -> None:
    for socket in sockets:
        await socket.disconnect()
    await hubs.hub().close()


async def test_nobody_watches_without_signing_in() -> None:
    socket = await opened()

    assert await closed(socket) == SIGNED_OUT
    await end(socket)


async def test_whoever_has_signed_in_watches(browser: Client) -> None:
    socket = await opened(browser)

    assert await received(socket, Beat)
    await end(socket)


async def test_a_public_radar_asks_nobody(settings: Settings) -> None:
    settings.RADAR_PUBLIC = True
    socket = await opened()

    assert await received(socket, Beat)
    await end(socket)


@pytest.mark.parametrize("how", ["signed out", "blocked"])
async def test_a_socket_closes_soon_after_its_session_ends(
    browser: Client, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert access.CHECK_S < 60
    monkeypatch.setattr(access, "CHECK_S", 0.5)
    socket = await opened(browser)
    await received(socket, Beat)

    if how == "signed out":
        await sync_to_async(browser.logout)()
    else:
        await User.objects.filter(username="louie").aupdate(is_active=False)

    assert await closed(socket) == SIGNED_OUT
    await end(socket)


async def test_one_radar_too_many_is_closed_and_another_may_open_once_one_has_gone(
    browser: Client, settings: Settings
) -> None:
    settings.RADAR_SOCKETS_EACH = 2
    first, second, third = [await opened(browser) for _ in range(3)]

    assert await closed(third) == CROWDED
    await first.disconnect()
    fourth = await opened(browser)
    assert await received(fourth, Beat)
    await end(second, third, fourth)


def test_the_more_radars_somebody_has_open_the_fewer_frames_each_gets(settings: Settings) -> None:
    settings.RADAR_FRAMES_EACH = 40
    for _socket in range(4):
        access.enter("user 7")
    try:
        assert access.pause("user 7") == 0.1
        assert access.pause("user 8") == 0
    finally:
        for _socket in range(4):
            access.leave("user 7")

"""The ids of a request: in its answer, and in whatever is logged meanwhile."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import path
from pytest_django import Settings

from hocotate_logs import current
from hocotate_logs.formats import JsonLines
from hocotate_site.log_ids import RequestIds

logger = logging.getLogger("hocotate_site.tests")


def said(_request: HttpRequest, **_named: Any) -> HttpResponse:
    logger.info("said")
    return HttpResponse()


async def said_later(_request: HttpRequest, **_named: Any) -> HttpResponse:
    await asyncio.sleep(0)
    logger.info("said later")
    return HttpResponse()


def pieces(_request: HttpRequest) -> StreamingHttpResponse:
    async def each() -> Any:
        for piece in (b"a", b"b"):
            logger.info("piece")
            yield piece

    return StreamingHttpResponse(each())


def fails(_request: HttpRequest, **_named: Any) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("said/", said),
    path("pieces/", pieces),
    path("missions/<int:mission_id>/said/", said),
    path("missions/<mission_id>/said_later/", said_later),
    path("missions/<mission_id>/fails/", fails),
]


@pytest.fixture(autouse=True)
def pages(settings: Settings) -> None:
    """The site has these pages, behind all of its middleware."""
    # It sets up logging anew, so before anyone listens to it.
    import_module("hocotate_site.asgi")
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged, as programs read it."""
    kept: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(self.format(record))

    keeper = Keeper()
    keeper.setFormatter(JsonLines("web"))
    logging.getLogger().addHandler(keeper)
    yield lambda: [
        line for line in map(json.loads, kept) if line["logger"] in ("hocotate_site.tests", "django.request")
    ]
    logging.getLogger().removeHandler(keeper)


async def asked(address: str, *given: bytes) -> str:
    """The id in the answer of the site's whole application."""
    headers = [(b"host", b"127.0.0.1"), *((b"x-request-id", value) for value in given)]
    scope = {"type": "http", "method": "GET", "path": address, "query_string": b"", "headers": headers}
    asking: Any = ApplicationCommunicator(import_module("hocotate_site.asgi").application, scope)  # type: ignore[no-untyped-call]
    await asking.send_input({"type": "http.request"})
    start = await asking.receive_output(10)
    while (await asking.receive_output(10)).get("more_body"):
        pass
    await asking.wait(10)
    (answered,) = [value for name, value in start["headers"] if name == b"x-request-id"]
    return str(answered.decode())


Lines = Callable[[], list[dict[str, Any]]]


async def test_an_id_that_the_asker_gave_is_in_the_answer_and_in_the_log(lines: Lines) -> None:
    assert await asked("/said/", b"door-1.a_B") == "door-1.a_B"

    (line,) = lines()
    assert (line["message"], line["request_id"], line["part"]) == ("said", "door-1.a_B", "web")


@pytest.mark.parametrize(
    "given", [(), (b"",), (b"a" * 65,), (b"a b",), (b'x"y',), (b"a\nb",), ("é".encode(),), (b"a", b"b")], ids=repr
)
async def test_without_a_sane_one_each_request_gets_an_id_of_its_own(lines: Lines, given: tuple[bytes, ...]) -> None:
    ids = {await asked("/said/", *given), await asked("/said/", *given)}

    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)
    assert {line["request_id"] for line in lines()} == ids
    assert len(ids) == 2


async def test_pieces_of_an_answer_that_are_made_later_have_it_too(lines: Lines) -> None:
    await asked("/pieces/", b"download")

    assert [line["request_id"] for line in lines()] == ["download", "download"]


async def test_requests_at_the_same_time_do_not_mix_their_ids(lines: Lines) -> None:
    await asyncio.gather(*(asked(f"/missions/{n}/said_later/", b"r%d" % n) for n in range(1, 9)))

    assert sorted((line["mission"], line["request_id"]) for line in lines()) == [(n, f"r{n}") for n in range(1, 9)]


def test_a_request_about_a_mission_names_it_and_the_next_one_does_not(lines: Lines, client: Client) -> None:
    client.get("/missions/7/said/")
    client.get("/said/")

    assert [line.get("mission") for line in lines()] == [7, None]
    assert current() == {}


async def test_asynchronous_pages_have_it_too(lines: Lines, async_client: AsyncClient) -> None:
    await async_client.get("/missions/8/said_later/")

    assert [line.get("mission") for line in lines()] == [8]


def test_a_mission_that_is_no_number_is_not_written(lines: Lines, client: Client) -> None:
    client.get("/missions/x%0ay/said_later/")
    client.get(f"/missions/{'9' * 19}/said_later/")

    assert [line.get("mission") for line in lines()] == [None, None]


def test_a_page_that_fails_leaves_its_ids_with_the_fault(lines: Lines, client: Client) -> None:
    client.raise_request_exception = False
    client.get("/missions/7/fails/", headers={"Cookie": "sessionid=secret"})

    (line,) = lines()
    assert (line["level"], line["mission"]) == ("ERROR", 7)
    assert "ZeroDivisionError" in line["error"]
    assert "secret" not in json.dumps(line)
    assert current() == {}


async def test_a_socket_has_an_id_and_its_frames_go_straight_on() -> None:
    seen: list[Any] = []

    async def application(_scope: Any, _receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        seen.extend((dict(current()), send))

    async def send(_message: Any) -> None: ...

    async def receive() -> Any: ...

    await RequestIds(application)({"type": "websocket", "headers": [(b"x-request-id", b"s1")]}, receive, send)

    assert seen == [{"request_id": "s1"}, send]

"""So many requests at once, the others in their turn; who must not wait does not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hocotate_site import gate
from hocotate_site.gate import Gate, Message, Receive, Send
from hocotate_site.settings.database import REQUESTS_AT_ONCE


class Site:
    """An application that takes its time, and counts how many requests it has at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.now = self.most = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            if scope["path"] == "/download":
                await send({"type": "http.response.body", "body": b"piece", "more_body": True})
            await asyncio.sleep(self._seconds)
            if scope["path"] == "/fails":
                raise ValueError
            await send({"type": "http.response.body", "body": b"end"})
        finally:
            self.now -= 1


def asked(site: Site, *paths: str) -> list[int]:
    """The statuses of requests that come at the same time; 0 where the site failed."""

    async def one(door: Gate, path: str) -> int:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        scope: dict[str, Any] = {"type": "http", "path": path}
        await door(scope, receive, send)
        assert sent[-1]["body"]
        return int(sent[0]["status"])

    async def all_at_once() -> list[int]:
        door = Gate(site)
        answers = await asyncio.gather(*(one(door, path) for path in paths), return_exceptions=True)
        return [0 if isinstance(answer, BaseException) else answer for answer in answers]

    return asyncio.run(all_at_once())


FULL = ["/missions/"] * REQUESTS_AT_ONCE


def test_more_than_there_are_places_for_are_answered_in_their_turn() -> None:
    site = Site(0.01)

    assert asked(site, *["/missions/"] * 100) == [200] * 100
    assert site.most == REQUESTS_AT_ONCE


def test_one_that_fails_gives_its_place_back() -> None:
    assert asked(Site(0.001), *["/fails"] * 50, *["/missions/"] * 50) == [0] * 50 + [200] * 50


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PATIENCE_S", 0.05)


def test_probes_and_queries_pass_at_once(impatient: None) -> None:
    assert asked(Site(0.3), *FULL, "/readyz", "/api/v1/lake/query")[-2:] == [200, 200]


def test_downloads_take_nobody_s_turn(impatient: None) -> None:
    assert asked(Site(0.3), *["/download"] * REQUESTS_AT_ONCE, "/missions/")[-1] == 200


@pytest.mark.parametrize(("name", "value"), [("PATIENCE_S", 0.05), ("MOST_WAITING", 0)])
def test_who_would_wait_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch, name: str, value: float) -> None:
    monkeypatch.setattr(gate, name, value)

    assert asked(Site(0.3), *FULL, "/missions/", "/api/v1/missions")[-2:] == [503, 503]

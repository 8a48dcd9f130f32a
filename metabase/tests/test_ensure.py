"""Setting Metabase up, against a stand-in that keeps what its API is told as Metabase's documentation says."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from metabase.client import Metabase, MetabaseError
from metabase.content import QUESTIONS, WIDTH, places
from metabase.ensure import Marts, ensure

MARTS = Marts("postgres", 5432, "hocotate", "marts_reader", "a secret")
EMAIL, PASSWORD = "admin@hocotate.invalid", "typed by people"


class StandIn:
    """Metabase as far as it is asked: rows by kind, and which calls wrote."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, dict[str, Any]]] = {}
        self.password = ""
        self.writes: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, body = request.url.path, json.loads(request.content or b"null")
        if path == "/api/session/properties":
            return httpx.Response(200, json={"has-user-setup": bool(self.password), "setup-token": "token"})
        if path == "/api/setup":
            assert body["token"] == "token"
            self.password = body["user"]["password"]
            return httpx.Response(200, json={"id": "session"})
        if path == "/api/session":
            if body["password"] != self.password:
                return httpx.Response(401, json={"errors": {"password": "did not match stored password"}})
            return httpx.Response(200, json={"id": "session"})
        assert request.headers["X-Metabase-Session"] == "session"
        if request.method != "GET":
            self.writes.append(f"{request.method} {path}")
        if found := re.fullmatch(r"/api/collection/(\d+)/items", path):
            return httpx.Response(200, json={"data": self.items(int(found[1]))})
        kind, _, number = path.removeprefix("/api/").partition("/")
        rows = self.rows.setdefault(kind, {})
        if request.method == "POST":
            rows[len(rows) + 1] = {**body, "id": len(rows) + 1}
            return httpx.Response(200, json=rows[len(rows)])
        if request.method == "PUT":
            rows[int(number)] |= self.numbered(body)
            return httpx.Response(200, json=rows[int(number)])
        if number:
            return httpx.Response(200, json=self.shown(rows[int(number)]))
        return httpx.Response(200, json=list(rows.values()) if kind == "collection" else {"data": list(rows.values())})

    def items(self, collection: int) -> list[dict[str, Any]]:
        return [
            {"id": row["id"], "name": row["name"], "model": kind}
            for kind in ("card", "dashboard")
            for row in self.rows.get(kind, {}).values()
            if row["collection_id"] == collection
        ]

    def numbered(self, body: dict[str, Any]) -> dict[str, Any]:
        for place, card in enumerate(body.get("dashcards", []), start=100):
            card["id"] = place if card["id"] < 0 else card["id"]
        return body

    def shown(self, row: dict[str, Any]) -> dict[str, Any]:
        details = row.get("details")
        return {**row, "details": {**details, "password": "**MetabasePass**"}} if details else row


@pytest.fixture
def server() -> StandIn:
    return StandIn()


def set_up(server: StandIn, marts: Marts = MARTS, password: str = PASSWORD) -> list[str]:
    with Metabase("http://metabase:3000", transport=httpx.MockTransport(server)) as metabase:
        metabase.sign_in(EMAIL, password)
        return ensure(metabase, marts)


def test_a_fresh_metabase_gets_everything(server: StandIn) -> None:
    set_up(server)
    assert server.password == PASSWORD
    (connection,) = server.rows["database"].values()
    assert connection["details"]["user"] == "marts_reader"
    assert [card["name"] for card in server.rows["card"].values()] == [question.name for question in QUESTIONS]
    (dashboard,) = server.rows["dashboard"].values()
    assert [card["card_id"] for card in dashboard["dashcards"]] == list(server.rows["card"])


def test_the_second_time_nothing_is_written(server: StandIn) -> None:
    set_up(server)
    server.writes.clear()
    assert set_up(server) == []
    assert server.writes == []


def test_what_somebody_changed_is_mended_and_what_they_added_stays(server: StandIn) -> None:
    set_up(server)
    server.rows["card"][2]["dataset_query"]["native"]["query"] = "SELECT 1"
    server.rows["dashboard"][1]["dashcards"][0]["row"] = 40
    theirs = {"id": 7, "card_id": 999, "col": 0, "row": 90, "size_x": 4, "size_y": 4}
    server.rows["dashboard"][1]["dashcards"].append(theirs)
    assert set_up(server) == ["question 'Success rate' mended", "dashboard laid out"]
    assert theirs in server.rows["dashboard"][1]["dashcards"]
    assert set_up(server) == []


def test_a_marts_server_that_moved_is_followed(server: StandIn) -> None:
    set_up(server)
    assert set_up(server, Marts("elsewhere", 5432, "hocotate", "marts_reader", "a secret")) == ["connection mended"]


def test_a_wrong_password_is_told_with_the_setting_to_look_at(server: StandIn) -> None:
    set_up(server)
    with pytest.raises(MetabaseError, match="ADMIN_PASSWORD"):
        set_up(server, password="another")


def test_questions_have_their_own_names_and_only_read_bl_and_sl() -> None:
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        assert question.sql.startswith("SELECT ")
        assert all(table.startswith(("bl.", "sl.")) for table in re.findall(r"FROM (\S+)", question.sql))


def test_no_two_questions_cover_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for question, (column, row) in zip(QUESTIONS, places(), strict=True):
        width, height = question.size
        cells = {(x, y) for x in range(column, column + width) for y in range(row, row + height)}
        assert column + width <= WIDTH
        assert not cells & taken
        taken |= cells

"""The list as a file."""

import csv
import io
from collections.abc import Callable
from itertools import pairwise

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from missions import export
from missions.asked import Asked
from missions.models import Mission
from ships_client.contracts import MissionStatus

Register = Callable[..., Mission]
Many = Callable[..., list[Mission]]


async def body(response: object) -> bytes:
    return b"".join([piece async for piece in response.streaming_content])  # type: ignore[attr-defined]


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    """The file's rows, as a reader of CSV sees them."""
    response = client.get(f"/missions/export.csv{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="missions-' in response["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(async_to_sync(body)(response).decode())))


@pytest.mark.django_db(transaction=True)
def test_the_file_holds_what_the_filters_leave_in_the_list_s_order(client: Client, many: Many) -> None:
    missions = many(7, target="Koppai")
    many(3, target="Karut", status=MissionStatus.FAILURE)

    found = rows(client, "?planet=Koppai&sort=-ship")

    assert {row["mission_id"] for row in found} == {str(mission.mission_id) for mission in missions}
    assert all(one["ship_name"] >= other["ship_name"] for one, other in pairwise(found))
    assert found[0]["finished_at"] == ""
    assert rows(client, "?status=failure")[0]["finished_at"].endswith("Z")
    assert rows(client, "?status=success") == []


def test_the_file_is_read_slice_by_slice(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "SLICE", 10)
    many(35)

    with CaptureQueriesContext(connection) as asked:
        pieces = list(export.pieces(Asked(), []))

    assert len(pieces) == 1 + 4
    assert len(asked) == 4
    assert b"".join(pieces).count(b"\r\n") == 36


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x"])
def test_a_spreadsheet_takes_no_name_for_a_formula(register: Register, name: str) -> None:
    register(ship_name=name)

    assert f",'{name},".encode() in b"".join(export.pieces(Asked(), []))

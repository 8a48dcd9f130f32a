"""The registry's pages."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from missions import services, views
from missions.models import Mission, ShipToken
from missions.templatetags.waybill import duration
from ships_client.contracts import MissionStatus

Register = Callable[..., Mission]


def text(client: Client, url: str) -> str:
    """The page as a reader sees it: without tags, blanks in a row as one."""
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def tags(client: Client, url: str) -> list[int]:
    """The mission numbers that a page lists, in its order."""
    return [int(n) for n in re.findall(r'class="tag" href="/missions/(\d+)/"', client.get(url).content.decode())]


def link(client: Client, url: str, rel: str) -> str:
    """Where the page's link to its neighbour goes."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', client.get(url).content.decode())
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_an_empty_registry_says_how_missions_come(client: Client, db: None) -> None:
    assert "No mission is registered yet." in text(client, "/missions/")
    assert "hocotate-ship --ship" in text(client, "/missions/")


def test_the_list_shows_the_newest_first_with_its_totals(client: Client, register: Register, token: ShipToken) -> None:
    old, new = register(ship_name="ONION?!"), register()
    services.mission_complete(mission_id=old.mission_id, outcome=MissionStatus.SUCCESS, token=token)

    assert tags(client, "/missions/") == [new.mission_id, old.mission_id]
    assert "2 registered, 1 in flight" in text(client, "/missions/")
    assert "ONION?!" in text(client, "/missions/")


def test_a_chip_narrows_the_list_to_its_status(client: Client, register: Register, token: ShipToken) -> None:
    running, lost = register(), register()
    services.mission_end_as_lost(mission_id=lost.mission_id)

    assert tags(client, "/missions/?status=running") == [running.mission_id]
    assert tags(client, "/missions/?status=failure") == [lost.mission_id]
    assert "No mission has this status here." in text(client, "/missions/?status=success")


def test_the_pages_lead_through_all_missions_and_back(
    client: Client, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    ids = [register().mission_id for _ in range(5)][::-1]

    second = link(client, "/missions/", "next")
    third = link(client, second, "next")

    assert [tags(client, url) for url in ("/missions/", second, third)] == [ids[:2], ids[2:4], ids[4:]]
    assert tags(client, link(client, third, "prev")) == ids[2:4]
    assert 'rel="next"' not in client.get(third).content.decode()
    assert 'rel="prev"' not in client.get("/missions/").content.decode()
    assert "Newest" in text(client, second)
    assert "Newest" not in text(client, "/missions/")


def test_the_filter_stays_while_paging(client: Client, register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 1)
    register()
    register()

    assert "status=running" in link(client, "/missions/?status=running", "next")


@pytest.mark.parametrize("query", ["status=banana", "after=x", "after=-1", "before=" + "9" * 40, "after=%00"])
def test_an_address_that_means_nothing_is_not_found(client: Client, db: None, query: str) -> None:
    assert client.get(f"/missions/?{query}").status_code == 404


def test_the_waybill_holds_the_facts_of_the_mission(client: Client, register: Register, token: ShipToken) -> None:
    mission = register(ship_name="ONION?!", target="Koppai", report_freq_min=1440)
    page = text(client, f"/missions/{mission.mission_id}/")

    assert f"Mission {mission.mission_id}" in page
    for fact in ("ONION?!", "Olimar", "Hocotate, Koppai", "722 M km, middle band", "every 1,440 min", "no message yet"):
        assert fact in page
    assert "Running" in page

    services.mission_complete(mission_id=mission.mission_id, outcome=MissionStatus.SUCCESS, token=token, last_seq=1234)
    page = text(client, f"/missions/{mission.mission_id}/")
    assert "Success" in page
    assert "final seq 1,234" in page


def test_a_name_is_text_and_never_markup(client: Client, register: Register) -> None:
    mission = register(ship_name="<script>alert(1)</script>")

    for url in ("/missions/", f"/missions/{mission.mission_id}/"):
        assert "<script>alert" not in client.get(url).content.decode()


@pytest.mark.parametrize("number", ["404404", "9" * 40])
def test_an_unknown_mission_is_not_found(client: Client, db: None, number: str) -> None:
    assert client.get(f"/missions/{number}/").status_code == 404


def test_the_pages_run_under_a_strict_policy(client: Client, register: Register) -> None:
    response = client.get(f"/missions/{register().mission_id}/")

    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert " style=" not in response.content.decode()
    assert not re.search(r"<script(?![^>]*src=)", response.content.decode())


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0 s"), (59.9, "59 s"), (60, "1 min 00 s"), (753, "12 min 33 s"), (7260, "2 h 01 min")]
)
def test_durations_are_written_in_two_units_at_most(seconds: float, shown: str) -> None:
    start = datetime(2026, 11, 25, tzinfo=UTC)

    assert duration(Mission(started_at=start, finished_at=start + timedelta(seconds=seconds))) == shown
    assert duration(Mission(started_at=start)) == ""

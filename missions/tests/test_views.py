"""The registry's pages."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from missions import services
from missions.asked import SORTS
from missions.models import Mission, ShipToken
from missions.templatetags.waybill import duration
from ships_client.contracts import MissionStatus

Register = Callable[..., Mission]
Many = Callable[..., list[Mission]]


def text(client: Client, url: str) -> str:
    """The page as a reader sees it: without tags, blanks in a row as one."""
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def tags(client: Client, url: str) -> list[int]:
    """The mission numbers that a page lists, in its order."""
    return [int(n) for n in re.findall(r'id="t-\d+" href="/missions/(\d+)/"', client.get(url).content.decode())]


def link(client: Client, url: str, rel: str) -> str:
    """Where the page's link to its neighbour goes."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', client.get(url).content.decode())
    assert found is not None
    return found[1].replace("&amp;", "&")


def asked_queries(client: Client, url: str) -> int:
    """How many queries a page needs."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


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
    assert "No mission is like this." in text(client, "/missions/?status=success")


def test_the_pages_lead_through_all_missions_and_back(client: Client, many: Many) -> None:
    ids = [mission.mission_id for mission in many(60)][::-1]

    second = link(client, "/missions/?rows=25", "next")
    third = link(client, second, "next")

    assert [tags(client, url) for url in ("/missions/?rows=25", second, third)] == [ids[:25], ids[25:50], ids[50:]]
    assert tags(client, link(client, third, "prev")) == ids[25:50]
    assert 'rel="next"' not in client.get(third).content.decode()
    assert 'rel="prev"' not in client.get("/missions/").content.decode()
    assert "First" in text(client, second)


@pytest.mark.parametrize("sort", ["ship", "-captain", "planet", "started", "-started", "mission"])
def test_every_order_pages_through_each_mission_once(client: Client, many: Many, sort: str) -> None:
    ids = {mission.mission_id for mission in many(60)}
    url, seen = f"/missions/?sort={sort}&rows=25", list[int]()
    while url:
        seen += tags(client, url)
        url = link(client, url, "next") if 'rel="next"' in client.get(url).content.decode() else ""
        assert not url or f"sort={sort}" in url

    column = SORTS[sort.removeprefix("-")]
    order = Mission.objects.order_by(
        *(f"{'-' if sort.startswith('-') else ''}{name}" for name in (column, "mission_id"))
    )
    assert seen == list(order.values_list("mission_id", flat=True))
    assert set(seen) == ids


def test_all_filters_stay_while_paging_and_sorting(client: Client, many: Many) -> None:
    many(60, captain="Olimar", target="Koppai", ship_name="SS_DOLPHIN")
    today = timezone.now().date()
    query = f"status=running&planet=Koppai&captain=Olimar&q=dolphin&since={today - timedelta(1)}&until={today}&rows=50"

    for address in (
        link(client, f"/missions/?{query}", "next"),
        link(client, f"/missions/?{query}&sort=ship", "next"),
    ):
        for part in query.split("&"):
            assert part in address


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("SS_DOL", ["SS_DOLPHIN"]),
        ("dolphin", ["SS_DOLPHIN"]),
        ("onion?!", ["ONION?!"]),
        ("shep", ["BLUE_FALCON"]),
        ("kopp", ["ODYSSEY"]),
        ("100%", []),
        ("_", []),
    ],
)
def test_a_search_finds_ships_captains_and_planets(
    client: Client, register: Register, asked: str, found: list[str]
) -> None:
    for ship in ("SS_DOLPHIN", "ONION?!"):
        register(ship_name=ship, captain="Louie", target="Karut")
    register(ship_name="BLUE_FALCON", captain="Shepherd", target="Karut")
    register(ship_name="ODYSSEY", captain="Louie", target="Koppai")

    ids = tags(client, f"/missions/?{urlencode({'q': asked})}")

    assert list(Mission.objects.filter(mission_id__in=ids).values_list("ship_name", flat=True)) == found


def test_a_search_finds_a_mission_by_its_number(client: Client, register: Register) -> None:
    one, _ = register(), register()

    assert tags(client, f"/missions/?q={one.mission_id}") == [one.mission_id]


def test_days_are_those_on_which_missions_began(client: Client, many: Many) -> None:
    old, new = many(2)
    Mission.objects.filter(mission_id=old.mission_id).update(started_at=datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC))

    assert tags(client, "/missions/?since=2026-03-01&until=2026-03-01") == [old.mission_id]
    assert tags(client, "/missions/?until=2026-03-01&since=2026-03-02") == [old.mission_id]
    assert tags(client, "/missions/?since=2026-03-02") == [new.mission_id]
    assert "1 Mar 2026" in text(client, "/missions/?since=2026-03-01&until=2026-03-01")


def test_with_gaps_are_ended_missions_whose_last_message_has_not_come(client: Client, many: Many) -> None:
    ended = MissionStatus.SUCCESS
    (short,) = many(1, status=ended, final_seq=99, last_seq=97)
    (silent,) = many(1, status=ended, final_seq=99)
    many(1, status=ended, final_seq=99, last_seq=99)
    many(1, last_seq=5)

    assert tags(client, "/missions/?gaps=1") == [silent.mission_id, short.mission_id]
    assert "98 of 100" in text(client, "/missions/?gaps=1")


def test_counts_follow_the_filters(client: Client, many: Many) -> None:
    many(3, target="Koppai")
    many(2, target="Koppai", status=MissionStatus.FAILURE)
    many(4, target="Karut")

    assert "All 9 Running 7 Success 0 Failure 2" in text(client, "/missions/")
    assert "All 5 Running 3 Success 0 Failure 2" in text(client, "/missions/?planet=Koppai")
    assert "2 of 2" in text(client, "/missions/?planet=Koppai&status=failure")


@pytest.mark.parametrize(
    "query",
    [
        "status=banana",
        "after=x",
        "after=-1",
        "before=" + "9" * 40,
        "after=%00",
        "planet=Earth",
        "sort=health",
        "rows=1000",
        "since=yesterday",
        "until=0001-01-01",
        "q=%00",
        "q=" + "x" * 65,
        "gaps=maybe",
        "captain=%0a",
    ],
)
def test_an_address_that_means_nothing_is_not_found(client: Client, db: None, query: str) -> None:
    for page in ("", "live/", "export.csv"):
        assert client.get(f"/missions/{page}?{query}").status_code == 404


def test_a_page_costs_as_many_queries_for_1000_missions_as_for_10(client: Client, many: Many) -> None:
    pages = ["/missions/?rows=100", "/missions/?rows=100&q=a&planet=Koppai&sort=ship"]
    few = many(10, target="Koppai")
    for page in pages:
        client.get(page)
    counts = [asked_queries(client, page) for page in [*pages, f"/missions/{few[0].mission_id}/"]]
    many(990, target="Koppai")

    assert [asked_queries(client, page) for page in [*pages, f"/missions/{few[0].mission_id}/"]] == counts
    assert max(counts) <= 10


def test_rows_that_move_are_asked_for_alone_and_new_ones_only_counted(
    client: Client, register: Register, token: ShipToken
) -> None:
    ended, running = register(), register()
    services.mission_complete(mission_id=ended.mission_id, outcome=MissionStatus.SUCCESS, token=token)
    page = client.get("/missions/").content.decode()
    live = re.search(r'hx-get="(/missions/live/[^"]+)"', page)
    assert live is not None
    url = live[1].replace("&amp;", "&")
    assert f"ids={running.mission_id}&" in url

    assert "new</a>" not in client.get(url).content.decode()
    register()
    answer = client.get(url).content.decode()
    assert f'hx-target="#m-{running.mission_id}" hx-swap="outerMorph"' in answer
    assert f"#m-{ended.mission_id}" not in answer
    assert "1 new</a>" in answer


def test_a_page_on_which_nothing_can_change_asks_for_nothing(client: Client, many: Many) -> None:
    many(30, status=MissionStatus.SUCCESS)

    assert "/missions/live/" not in client.get("/missions/?sort=ship").content.decode()
    assert "/missions/live/" not in client.get(link(client, "/missions/?rows=25", "next")).content.decode()


def test_the_form_s_address_is_put_right(client: Client, register: Register) -> None:
    register()
    response = client.get("/missions/?q=&planet=Koppai&captain=", headers={"HX-Source": "form#filters"})

    assert response["HX-Replace-Url"] == "/missions/?planet=Koppai"


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

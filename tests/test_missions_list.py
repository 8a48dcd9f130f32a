"""The list of missions as people use it, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Error, Page, Route, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from missions import services
from missions.models import Mission, ShipToken
from missions.progress import Progress, missions_record_progress
from missions.tests.conftest import credential, many, token
from ships_client.contracts import MissionStatus, Phase
from stack.bootstrap import frontend
from tests.fleets import until
from tests.shifts import pictured, shifted, watch_shifts
from tests.test_accessibility import axe, faults

__all__ = ["axe", "credential", "many", "token"]
"""Fixtures of others."""

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("built")]
Many = Callable[..., list[Mission]]
SIZES: dict[str, ViewportSize] = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
# What a person who comes back to the tab causes, instead of 5 s of waiting.
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture(scope="module")
def built() -> None:
    """The front end's scripts are there."""
    frontend.ensure()


@pytest.fixture(scope="module", autouse=True)
def _django_works_beside_the_browsers_event_loop() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def fleet(many: Many, token: ShipToken) -> list[Mission]:
    """A month of missions: most ended, some in flight, of all states of the link."""
    ended = [
        *many(60, status=MissionStatus.SUCCESS, phase=Phase.HOME, last_seq=599, final_seq=599),
        *many(6, status=MissionStatus.FAILURE, phase=Phase.LOST, last_seq=130, final_seq=137),
    ]
    for n, mission in enumerate(ended):
        mission.started_at -= timedelta(days=n % 28, minutes=10)
        mission.finished_at = mission.started_at + timedelta(minutes=10)
    Mission.objects.bulk_update(ended, ["started_at", "finished_at"])
    flying = many(12, phase=Phase.OUTBOUND, last_seq=40)
    for mission, age in zip(flying, (1, 1, 1, 20, 90, 1, 1, 1, 1, 1, 1, 1), strict=True):
        mission.last_message_at = timezone.now() - timedelta(seconds=age)
    Mission.objects.bulk_update(flying, ["last_message_at"])
    return flying


@pytest.fixture
def opened(page: Page, live_server: LiveServer, fleet: list[Mission]) -> Page:
    """The list, with its scripts at work."""
    watch_shifts(page)
    page.goto(f"{live_server.url}/missions/")
    expect(page.locator("[data-columns] label")).to_have_count(12)
    return page


def ships(page: Page) -> list[str]:
    """The ships of the table, in its order."""
    return page.locator("td.ship").all_inner_texts()


def test_a_late_answer_to_what_was_typed_undoes_no_filter_that_was_pressed_since(
    opened: Page, fleet: list[Mission]
) -> None:
    held: list[Route] = []
    opened.route(re.compile(r"\?q=dolphin(?!.*status)"), lambda route: held.append(route))
    opened.locator("#q").focus()
    opened.keyboard.type("dolphin")
    until("what was typed is asked for", lambda: opened.wait_for_timeout(50) or held, 10)

    opened.locator("#status-running").click()
    expect(opened.locator("#status-running")).to_have_attribute("aria-current", "true")
    for route in held:
        with suppress(Error):  # the page has dropped its request
            route.continue_()
    opened.wait_for_timeout(500)

    expect(opened).to_have_url(re.compile("status=running"))
    expect(opened.locator("#status-running")).to_have_attribute("aria-current", "true")


def test_everything_is_filtered_by_keyboard_and_stands_in_the_address(opened: Page, fleet: list[Mission]) -> None:
    opened.keyboard.press("/")
    expect(opened.locator("#q")).to_be_focused()
    opened.keyboard.type("dolphin")
    expect(opened.locator("td.ship").first).to_have_text("SS_DOLPHIN")
    expect(opened.locator("td.ship", has_not_text="SS_DOLPHIN")).to_have_count(0)
    expect(opened).to_have_url(re.compile(r"\?q=dolphin$"))
    expect(opened.locator("#q")).to_be_focused()

    opened.locator("#status-running").focus()
    opened.keyboard.press("Enter")
    expect(opened).to_have_url(re.compile(r"q=dolphin&status=running"))
    expect(opened.locator("#status-running")).to_have_attribute("aria-current", "true")
    expect(opened.locator("#status-running")).to_be_focused()

    opened.locator("#q").fill("")
    expect(opened).to_have_url(re.compile(r"/missions/\?status=running$"))
    opened.locator("#sort-ship").focus()
    opened.keyboard.press("Enter")
    expect(opened.locator("th.c-ship")).to_have_attribute("aria-sort", "ascending")
    expect(opened.locator("#sort-ship")).to_be_focused()
    assert ships(opened) == sorted(mission.ship_name for mission in fleet)

    opened.locator("#planet").select_option(fleet[0].target)
    expect(opened.locator("td.c-planet", has_not_text=fleet[0].target)).to_have_count(0)
    expect(opened).to_have_url(re.compile(rf"planet={fleet[0].target}&sort=ship"))

    opened.go_back()
    expect(opened).to_have_url(re.compile(r"/missions/\?status=running$"))
    expect(opened.locator("th[aria-sort]")).to_have_text("Mission")


def test_the_list_works_whole_without_scripts(chromium: Browser, live_server: LiveServer, fleet: list[Mission]) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/missions/?rows=25")

    assert page.locator("td.ship").count() == 25
    expect(page.get_by_role("button", name="Columns")).to_have_count(0)
    page.get_by_role("link", name="Older").click()
    page.get_by_role("link", name="Newer").click()
    page.locator("#q").fill("dolphin")
    page.get_by_role("button", name="Apply").click()
    assert set(ships(page)) == {"SS_DOLPHIN"}
    page.locator("#status-success").click()
    assert "q=dolphin" in page.url
    assert "status=success" in page.url
    page.locator("#sort-started").click()
    expect(page.locator("th.c-started")).to_have_attribute("aria-sort", "descending")

    page.goto(f"{live_server.url}/missions/")
    day = page.locator("a.day").nth(10)
    date = day.get_attribute("data-day")
    day.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"since={date}&until={date}"))
    page.locator("a.tag").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert re.search(r"/missions/\d+/$", page.url)
    context.close()


def test_rows_in_flight_are_kept_current_and_nothing_moves_under_pointer_or_focus(
    opened: Page, fleet: list[Mission], token: ShipToken
) -> None:
    ending, moving = fleet[-1], fleet[-2]
    row = opened.locator(f"#m-{ending.mission_id}")
    other = opened.locator(f"#m-{moving.mission_id}")
    opened.locator(f"#t-{ending.mission_id}").focus()
    other.hover()
    before = {mission.mission_id: opened.locator(f"#m-{mission.mission_id}").bounding_box() for mission in fleet}
    services.mission_complete(mission_id=ending.mission_id, outcome=MissionStatus.SUCCESS, token=token, last_seq=40)
    missions_record_progress([Progress(moving.mission_id, Phase.ON_PLANET, 1234, datetime.now(UTC))])
    for name in ("NEW_1", "NEW_2"):
        services.mission_register(token=token, ship_name=name, captain="Alph", target="Ohri", report_freq_min=5)

    opened.evaluate(LOOK_AGAIN)

    expect(row.locator(".c-status")).to_have_text("Success")
    expect(other.locator(".c-messages")).to_have_text("1,235 so far")
    expect(other.locator(".c-phase")).to_contain_text("On planet")
    expect(opened.locator("#new")).to_have_text("2 new")
    expect(opened.locator(f"#t-{ending.mission_id}")).to_be_focused()
    assert other.evaluate("row => row.matches(':hover')")
    after = {mission.mission_id: opened.locator(f"#m-{mission.mission_id}").bounding_box() for mission in fleet}
    assert after == before

    opened.locator("#new a").click()
    expect(opened.locator("td.ship").first).to_have_text("NEW_2")


def test_rows_are_asked_for_every_5_s_by_themselves(opened: Page, fleet: list[Mission]) -> None:
    missions_record_progress([Progress(fleet[-1].mission_id, Phase.OUTBOUND, 4321, datetime.now(UTC))])

    row = opened.locator(f"#m-{fleet[-1].mission_id} .c-messages")
    expect(row).to_have_text("4,322 so far", timeout=15_000)


def test_the_layout_does_not_shift(opened: Page, fleet: list[Mission]) -> None:
    with opened.expect_response(re.compile("/missions/live/")):
        opened.evaluate(LOOK_AGAIN)
    opened.wait_for_load_state("networkidle")

    total, moved = shifted(opened)

    assert total < 0.02, moved


def test_columns_are_hidden_and_stay_so(opened: Page) -> None:
    opened.get_by_text("Columns", exact=True).click()
    opened.get_by_label("Value").uncheck()
    opened.get_by_label("Link").uncheck()
    expect(opened.locator("th.c-value")).to_be_hidden()
    opened.keyboard.press("Escape")
    expect(opened.get_by_label("Link")).to_be_hidden()

    opened.reload()

    expect(opened.locator("th.c-value")).to_be_hidden()
    expect(opened.locator("th.c-link")).to_be_hidden()
    expect(opened.locator("th.c-ship")).to_be_visible()


def test_days_are_dragged_on_the_chart(opened: Page) -> None:
    days = opened.locator("a.day")
    first, last = days.nth(12), days.nth(18)
    start, end = first.bounding_box(), last.bounding_box()
    assert start is not None
    assert end is not None

    opened.mouse.move(start["x"] + start["width"] / 2, start["y"] + 20)
    opened.mouse.down()
    opened.mouse.move(end["x"] + end["width"] / 2, end["y"] + 20, steps=5)
    expect(opened.locator("a.day.drag")).to_have_count(7)
    opened.mouse.up()

    expect(opened).to_have_url(
        re.compile(f"since={first.get_attribute('data-day')}&until={last.get_attribute('data-day')}")
    )
    expect(opened.locator("a.day.on")).to_have_count(7)
    opened.locator("#days").click()
    expect(opened.locator("#days")).to_have_count(0)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", list(SIZES))
def test_axe_finds_no_fault_and_the_page_never_scrolls_sideways(
    page: Page, live_server: LiveServer, fleet: list[Mission], theme: str, size: str, axe: str
) -> None:
    page.set_viewport_size(SIZES[size])
    page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    page.goto(f"{live_server.url}/missions/?status=running")
    expect(page.locator("[data-columns] label")).to_have_count(12)
    pictured(page, f"missions-{size}-{theme}")
    page.get_by_text("Columns", exact=True).click()

    assert faults(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_at_320_pixels_and_in_the_picture_of_the_documentation(opened: Page) -> None:
    pictured(opened, "missions")
    opened.set_viewport_size({"width": 320, "height": 700})

    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")

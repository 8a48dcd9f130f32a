"""The fleet table, filters, panel, events and keys of the radar, as a person uses them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Position, expect

from radar.wire import Event
from ships_client.contracts import Component, Phase
from stack.testing import RunningPlatform
from tests.fleets import SAFE, flying, until
from tests.made_fleet import MadeFleet, MadeShip

pytestmark = [pytest.mark.platform, pytest.mark.browser, pytest.mark.timeout(600)]

MANY = 5_000


def names(page: Page) -> list[str]:
    """The ships whose rows are in the page, from the top."""
    found: list[str] = page.locator("tr[data-ship]").evaluate_all("rows => rows.map(row => row.dataset.ship)")
    return found


def row(page: Page, ship: str) -> Locator:
    return page.locator(f"tr[data-ship='{ship}']")


def shows(page: Page, *ships: str) -> None:
    until(f"the table shows {ships}", lambda: names(page) == list(ships), 10, every=0.1)


def three() -> list[MadeShip]:
    return [
        MadeShip(name="ALPHA", fuel=10, health=0.2, phase=Phase.RETURNING),
        MadeShip(name="BRAVO", fuel=50, health=0.6, target="Tagwa", x=200),
        MadeShip(name="CHARLIE", fuel=90, health=0.9, x=300),
    ]


def test_filters_stand_in_the_address_and_come_back(platform: RunningPlatform, page: Page) -> None:
    MadeFleet(page, three())
    page.goto(platform.site_url)
    shows(page, "ALPHA", "BRAVO", "CHARLIE")

    page.get_by_role("button", name="Filters").click()
    page.locator("[data-choice=OUTBOUND]").click()
    shows(page, "BRAVO", "CHARLIE")
    page.locator("[data-range=fuel-from]").fill("20")
    page.locator("[data-range=fuel-to]").fill("60")
    shows(page, "BRAVO")
    expect(page.locator("#fleet-caption")).to_have_text("1 of 3 ships")
    page.keyboard.press("Escape")
    expect(page.locator("#filters")).to_be_hidden()
    page.get_by_role("button", name="Health").click()
    page.get_by_role("button", name="Health").click()
    page.wait_for_url(re.compile(r"\?phase=outbound&fuel=20-60&sort=-health$"))

    page.reload()
    shows(page, "BRAVO")
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Health")
    page.get_by_role("button", name="Remove filter Fuel 20 to 60 %").click()
    shows(page, "CHARLIE", "BRAVO")
    page.wait_for_url(re.compile(r"\?phase=outbound&sort=-health$"))
    page.keyboard.press("Escape")
    shows(page, "CHARLIE", "BRAVO", "ALPHA")


def test_the_map_hides_what_the_table_hides(platform: RunningPlatform, page: Page) -> None:
    MadeFleet(page, three())
    page.goto(f"{platform.site_url}/?ship=CHARLIE&x=300&y=0&k=2")
    expect(row(page, "CHARLIE")).to_have_attribute("aria-selected", "true")
    size = page.locator("#map").bounding_box()
    assert size
    middle: Position = {"x": size["width"] / 2, "y": size["height"] / 2}
    page.locator("#map").hover(position=middle)
    expect(row(page, "CHARLIE")).to_have_class(re.compile("lit"))

    page.goto(f"{platform.site_url}/?planet=Tagwa&x=300&y=0&k=2")
    shows(page, "BRAVO")
    page.locator("#map").hover(position=middle)
    page.wait_for_timeout(300)
    expect(page.locator("#map")).not_to_have_class(re.compile("over-ship"))


def test_a_favourite_is_kept(platform: RunningPlatform, page: Page) -> None:
    MadeFleet(page, three())
    page.goto(platform.site_url)
    row(page, "BRAVO").hover()
    row(page, "BRAVO").get_by_role("button", name="Favourite BRAVO").click()
    expect(page.locator("tr[aria-selected=true]")).to_have_count(0)
    row(page, "CHARLIE").click()
    page.locator("#ship [data-star]").click()

    page.goto(f"{platform.site_url}/?fav=1")
    shows(page, "BRAVO", "CHARLIE")
    row(page, "CHARLIE").click()
    page.keyboard.press("s")
    page.mouse.move(5, 5)
    page.reload()
    shows(page, "BRAVO")


def test_the_keyboard_is_enough(platform: RunningPlatform, page: Page, tmp_path: Path) -> None:
    with flying(platform, tmp_path / "fleet.log", "--ships", "4", "--seed", "4", *SAFE, "--keep"):
        page.goto(platform.site_url)
        until("ships are live", lambda: page.locator("tr[data-state=live]").count() >= 4, 90)
        focused = page.locator("tr[data-ship]:focus")
        for _ in range(50):
            page.keyboard.press("Tab")
            if focused.count():
                break
        assert focused.count() == 1
        first = str(focused.get_attribute("data-ship"))
        page.keyboard.press("ArrowDown")
        page.keyboard.press("j")
        second = str(focused.get_attribute("data-ship"))
        assert second not in ("None", first)
        expect(page.locator("tr[aria-selected=true]")).to_have_count(0)
        page.keyboard.press("Home")
        page.keyboard.press("End")
        last = str(focused.get_attribute("data-ship"))
        page.keyboard.press("Space")
        expect(row(page, last)).to_have_attribute("aria-selected", "true")
        page.wait_for_url(re.compile(f"ship={last}"))
        # The panel goes on in place: what is marked here is still there after some updates.
        seen = page.locator("#ship [data-term=seen]")
        seen.evaluate("element => element.dataset.mine = 'yes'")
        before = seen.inner_text()
        until("the age goes on", lambda: seen.inner_text() != before, 10)
        expect(seen).to_have_attribute("data-mine", "yes")
        expect(page.locator("#ship [data-reading]")).to_have_count(8)
        until("the forecast is known", lambda: "home" in page.locator("#ship [data-term=fuel]").inner_text(), 60)

        mission = page.locator("#ship a.tag").inner_text()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(f"/missions/{mission}/$"))


def test_an_event_leads_to_its_ship(platform: RunningPlatform, page: Page) -> None:
    fleet = MadeFleet(page, three())
    fleet.events = [
        Event(1, 1_800_000_000_000, "started", "left for Koppai", "ALPHA", 1),
        Event(2, 1_800_000_001_000, "repair", "stopped for repair", "BRAVO", 2),
        Event(3, 1_800_000_002_000, "late", "9 ships are late"),
    ]
    page.goto(platform.site_url)
    events = page.locator("#events [data-kind]")
    expect(events).to_have_count(3)
    expect(events.first).to_contain_text("9 ships are late")
    # One stop for Tab, arrows within.
    expect(page.locator("#events [tabindex='0']")).to_have_count(1)
    page.locator("#events [tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#events :focus")).to_contain_text("ALPHA")
    page.locator("#event-kinds").select_option(label="Malfunctions")
    expect(events).to_have_count(1)
    events.first.click()
    expect(row(page, "BRAVO")).to_have_attribute("aria-selected", "true")
    page.locator("#event-kinds").select_option(label="All kinds")
    page.get_by_role("button", name="This ship").click()
    expect(events).to_have_count(1)


def test_a_failure_is_read_out(platform: RunningPlatform, page: Page) -> None:
    fleet = MadeFleet(page, three())
    fleet.events = [Event(1, 1, "failure", "lost on the way to Koppai; mission 1 failed", "ALPHA", 1)]
    page.goto(platform.site_url)
    shows(page, "ALPHA", "BRAVO", "CHARLIE")
    # What was before is not news.
    expect(page.locator("#voice")).not_to_contain_text("ALPHA")
    fleet.events += [Event(2, 2, "failure", "lost on the way to Tagwa; mission 2 failed", "BRAVO", 2)]
    fleet.tell()
    expect(page.locator("#voice")).to_have_text("BRAVO lost on the way to Tagwa; mission 2 failed")


def test_single_keys_can_be_switched_off(platform: RunningPlatform, page: Page) -> None:
    MadeFleet(page, three())
    page.goto(platform.site_url)
    shows(page, "ALPHA", "BRAVO", "CHARLIE")
    chosen = page.locator("tr[aria-selected=true]")
    page.keyboard.press("j")
    expect(chosen).to_have_attribute("data-ship", "ALPHA")
    page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard")
    expect(sheet).to_be_visible()
    sheet.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    for key in ("j", "?"):
        page.keyboard.press(key)
    page.reload()
    shows(page, "ALPHA", "BRAVO", "CHARLIE")
    for key in ("j", "?"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    expect(chosen).to_have_count(0)
    expect(sheet).to_be_hidden()

    page.get_by_role("button", name="Keyboard shortcuts").click()
    sheet.get_by_label("Single keys are on").check()
    sheet.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(chosen).to_have_attribute("data-ship", "ALPHA")


def test_nothing_moves_under_the_pointer(platform: RunningPlatform, page: Page) -> None:
    fleet = MadeFleet(page, three())
    page.goto(platform.site_url)
    shows(page, "ALPHA", "BRAVO", "CHARLIE")
    row(page, "BRAVO").hover()
    before = row(page, "BRAVO").bounding_box()
    fleet.ships += [MadeShip(name="AARDVARK"), MadeShip(name="ZULU", silent_s=20)]
    fleet.tell()
    waiting = page.locator("#fleet-new")
    expect(waiting).to_have_text("2 new")
    assert row(page, "BRAVO").bounding_box() == before
    assert names(page) == ["ALPHA", "BRAVO", "CHARLIE"]
    fleet.tell()
    waiting.click()
    shows(page, "ZULU", "AARDVARK", "ALPHA", "BRAVO", "CHARLIE")
    expect(waiting).to_be_hidden()


def test_a_malfunction_says_part_and_progress(platform: RunningPlatform, page: Page) -> None:
    MadeFleet(page, [MadeShip(name="ALPHA", fault=Component.ENGINE), *three()[1:]])
    page.goto(f"{platform.site_url}/?ship=ALPHA")
    expect(page.locator("#ship [data-term=state]")).to_have_text("Repair 3 of 5 ticks, engine")
    expect(page.locator("#ship").get_by_role("link", name="History")).to_have_attribute("href", "/missions/1/#readings")
    expect(page.locator("#ship [data-reading=fuel] .v")).to_have_text("80.00%")
    # What no whole message has told yet is absent.
    expect(page.locator("#ship [data-reading=motor] .v")).to_have_text("\N{EN DASH}°C")


def test_five_thousand_ships_have_few_rows(platform: RunningPlatform, page: Page) -> None:
    MadeFleet(page, [MadeShip(name=f"S{i:04}", x=i - 2_500, y=i % 700, health=(i % 100) / 100) for i in range(MANY)])
    page.goto(platform.site_url)
    until("the table is there", lambda: names(page)[:2] == ["S0000", "S0001"], 20)
    expect(page.locator("#fleet-table")).to_have_attribute("aria-rowcount", str(MANY + 2))
    assert len(names(page)) < 100
    scroller = page.locator("#fleet-scroll")
    scroller.evaluate("element => element.scrollTop = element.scrollHeight / 2")
    until("rows of the middle are there", lambda: "S2500" in names(page), 10)
    assert len(names(page)) < 100
    page.keyboard.press("t")
    page.keyboard.press("End")
    focused = page.locator("tr[data-ship]:focus")
    expect(focused).to_have_attribute("data-ship", f"S{MANY - 1}")
    expect(focused).to_have_attribute("aria-rowindex", str(MANY + 2))
    expect(focused).to_be_in_viewport()
    # Scrolled away, the row with the focus stays in the page, and its keys go on from it.
    scroller.evaluate("element => element.scrollTop = 0")
    until("rows of the top are there", lambda: "S0005" in names(page), 10)
    page.keyboard.press("ArrowUp")
    expect(focused).to_have_attribute("data-ship", f"S{MANY - 2}")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Home")
    expect(focused).to_have_attribute("data-ship", "S0000")


@pytest.mark.parametrize("width", [360, 1280])
def test_what_has_no_place_is_in_a_menu(platform: RunningPlatform, page: Page, width: int) -> None:
    MadeFleet(page, three())
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(platform.site_url)
    grid = page.locator("[data-layer=grid]")
    expect(grid).to_be_hidden()
    page.get_by_role("button", name="Layers").click()
    grid.click()
    expect(grid).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(grid).to_be_hidden()
    expect(page.get_by_role("button", name="Layers")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_panels_keep_the_size_that_somebody_gave_them(platform: RunningPlatform, page: Page) -> None:
    MadeFleet(page, three())
    page.goto(platform.site_url)
    fleet = page.locator(".fleet")
    before = fleet.evaluate("element => element.offsetWidth")
    edge = page.get_by_role("separator", name="Width of the fleet table").bounding_box()
    assert edge
    page.mouse.move(edge["x"] + 4, 400)
    page.mouse.down()
    page.mouse.move(edge["x"] - 96, 400)
    page.mouse.up()
    assert fleet.evaluate("element => element.offsetWidth") == pytest.approx(before + 100, abs=3)
    page.get_by_role("separator", name="Height of the panel").focus()
    page.keyboard.press("ArrowUp")
    height = page.locator(".dock").evaluate("element => element.offsetHeight")

    page.reload()
    assert fleet.evaluate("element => element.offsetWidth") == pytest.approx(before + 100, abs=3)
    assert page.locator(".dock").evaluate("element => element.offsetHeight") == height

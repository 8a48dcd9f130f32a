"""The radar's map as a person uses it: overview, tilt, pause, follow, full screen, raw positions, less motion."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from stack.testing import RunningPlatform
from tests.fleets import SAFE, choose, flying, until

pytestmark = [pytest.mark.platform, pytest.mark.browser, pytest.mark.timeout(600)]

PICTURE = "() => document.querySelector('#map').toDataURL()"
SCALE = "document.querySelector('#scale-bar').style.width"
# The scale before a click and, within the same turn, after it.
CLICKED = f"""() => {{
    const before = {SCALE};
    document.querySelector('[data-act=zoom-in]').click();
    return [before, {SCALE}];
}}"""


@pytest.fixture(scope="module")
def fleet(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Six ships in flight, all the time."""
    log = tmp_path_factory.mktemp("fleet") / "fleet.log"
    with flying(platform, log, "--ships", "6", "--seed", "4", "--spread", "1", *SAFE, "--keep"):
        yield


@pytest.fixture
def radar(platform: RunningPlatform, fleet: None, page: Page) -> Page:
    """The radar with live ships."""
    return opened(page, platform.site_url)


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    until("ships are live", lambda: page.locator("tr[data-ship][data-state=live]").count() >= 4, 120)
    return page


def chosen(page: Page) -> str:
    """Chooses a ship that is under way, and returns its name."""
    ship = page.locator("tr[data-ship][data-mark=ok]").first.get_attribute("data-ship") or ""
    choose(page, ship)
    return ship


def places(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.locator("tr[data-ship]").evaluate_all(
        "rows => Object.fromEntries(rows.map(row => [row.dataset.ship, `${row.dataset.x} ${row.dataset.y}`]))"
    )
    return found


def middle(page: Page) -> tuple[float, float]:
    """The middle of the map in the page."""
    box = page.locator("#map").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_click_on_the_overview_moves_the_map_there(radar: Page) -> None:
    box = radar.locator("#mini").bounding_box()
    assert box
    radar.locator("#mini").click(position={"x": 20, "y": box["height"] / 2})
    radar.wait_for_url(re.compile(r"[?&]x=-\d"))
    radar.mouse.move(box["x"] + 20, box["y"] + 20)
    radar.mouse.down()
    radar.mouse.move(box["x"] + box["width"] - 20, box["y"] + 20, steps=4)
    radar.mouse.up()
    radar.wait_for_url(re.compile(r"[?&]x=\d"))


def test_a_tilted_view_stands_in_the_address_and_comes_back_with_it(radar: Page) -> None:
    tilt = radar.locator("[data-act=tilt]")
    flat = radar.evaluate(PICTURE)
    tilt.click()
    radar.wait_for_url(re.compile("view=tilt"))
    expect(tilt).to_have_attribute("aria-pressed", "true")
    radar.wait_for_timeout(400)
    assert radar.evaluate(PICTURE) != flat

    radar.reload()
    expect(tilt).to_have_attribute("aria-pressed", "true")
    radar.keyboard.press("p")
    expect(radar.locator("[data-act=plan]")).to_have_attribute("aria-pressed", "true")
    radar.wait_for_url(lambda address: "view=" not in address)


def test_a_planet_is_gone_to_by_keyboard(radar: Page) -> None:
    radar.keyboard.press("g")
    expect(radar.locator("#map-menu")).to_be_visible()
    radar.locator("[data-planet=Koppai]").focus()
    radar.keyboard.press("Enter")
    expect(radar.locator("#map-menu")).to_be_hidden()
    radar.wait_for_url(re.compile(r"x=68\d.*&y=2[01]\d"))


def test_a_paused_picture_stands_still_and_goes_on(radar: Page) -> None:
    radar.keyboard.press("Space")
    expect(radar.locator("#paused")).to_have_text(re.compile(r"^Paused at \d\d:\d\d:\d\d UTC$"))
    expect(radar.get_by_role("button", name="Go on")).to_be_visible()
    radar.wait_for_timeout(300)
    held, picture = places(radar), radar.evaluate(PICTURE)
    radar.wait_for_timeout(2_500)
    assert places(radar) == held
    assert radar.evaluate(PICTURE) == picture
    # The feed is no part of the picture: it goes on telling the truth.
    expect(radar.locator("#feed")).to_have_attribute("data-feed", "live")

    radar.get_by_role("button", name="Go on").click()
    expect(radar.locator("#paused")).to_be_hidden()
    until("ships have moved on", lambda: places(radar) != held, 10)


def test_following_pauses_when_the_map_is_dragged_and_is_offered_again(radar: Page) -> None:
    chosen(radar)
    radar.keyboard.press("f")
    follow = radar.locator("#ship [data-act=follow]")
    expect(follow).to_have_attribute("aria-pressed", "true")
    x, y = middle(radar)
    radar.mouse.move(x + 60, y + 60)
    radar.mouse.down()
    radar.mouse.move(x - 60, y - 20, steps=4)
    radar.mouse.up()

    again = radar.get_by_role("button", name="Follow again")
    expect(again).to_be_visible()
    expect(follow).to_have_attribute("aria-pressed", "false")
    again.click()
    expect(again).to_be_hidden()
    expect(follow).to_have_attribute("aria-pressed", "true")


def test_a_ship_under_the_pointer_says_its_name_state_health_and_age(radar: Page) -> None:
    ship = chosen(radar)
    radar.keyboard.press("f")
    for _ in range(6):
        radar.keyboard.press("+")  # ships that left soon after each other lie apart
    radar.wait_for_timeout(400)  # the camera is there
    radar.mouse.move(*middle(radar))
    card = radar.locator("#hover-card")
    expect(card).to_contain_text(ship)
    expect(card).to_contain_text(re.compile(r"health \d\.\d\d, seen \d+(\.\d)? s ago"))
    radar.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_raw_positions_are_a_switch_that_the_address_keeps(radar: Page) -> None:
    radar.locator("[data-act=map-menu]").click()
    raw = radar.get_by_role("button", name="Raw positions")
    raw.click()
    expect(raw).to_have_attribute("aria-pressed", "true")
    radar.wait_for_url(re.compile("raw=1"))


def test_the_page_fills_the_screen_and_leaves_it_again(radar: Page) -> None:
    button = radar.locator("[data-act=full]")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert radar.evaluate("document.fullscreenElement.className") == "radar"
    radar.locator("#map").focus()
    radar.evaluate("document.activeElement.blur()")
    radar.keyboard.press("x")
    expect(button).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_camera_cuts_when_motion_is_to_be_reduced(
    platform: RunningPlatform, fleet: None, chromium: Browser, motion: str
) -> None:
    context = chromium.new_context(reduced_motion="reduce" if motion == "reduce" else "no-preference")
    page = opened(context.new_page(), platform.site_url)
    page.wait_for_timeout(400)
    before, after = page.evaluate(CLICKED)
    assert (before != after) == (motion == "reduce")
    until("the map is zoomed", lambda: page.evaluate(SCALE) != before, 5)
    context.close()


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 720), (3840, 2160)])
def test_nothing_overflows(platform: RunningPlatform, fleet: None, chromium: Browser, width: int, height: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(platform.site_url)
    expect(page.locator("#feed")).to_have_attribute("data-feed", "live", timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    map_box, menu = page.locator("#map").bounding_box(), page.locator("[data-act=map-menu]")
    menu.click()
    box = page.locator("#map-menu").bounding_box()
    assert map_box
    assert box
    assert box["x"] >= map_box["x"]
    assert box["y"] + box["height"] <= map_box["y"] + map_box["height"]
    expect(page.locator("#mini")).to_be_visible()
    context.close()

"""The replay as a person sees it: ships are where they were, nobody takes it for now, and one key leads back."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from stack.testing import RunningPlatform
from tests.fleets import SAFE, choose, flying, until

pytestmark = [pytest.mark.platform, pytest.mark.browser, pytest.mark.timeout(600)]

FEED = "#feed"
SLIDER = "[role=slider]"
RECORDED_S = 75.0
"""So much of the flight must stand in the record before it is replayed: the replay begins a minute back."""


def places(page: Page) -> dict[str, tuple[str, str]]:
    """Of each ship in the table where it is, km."""
    rows: list[dict[str, str]] = page.locator("tr[data-ship]").evaluate_all(
        "rows => rows.map(row => ({...row.dataset}))"
    )
    return {row["ship"]: (row["x"], row["y"]) for row in rows}


def moment(page: Page) -> int:
    """The replayed moment, s since 1970."""
    return int(page.locator(SLIDER).get_attribute("aria-valuenow") or 0)


def span(platform: RunningPlatform) -> dict[str, Any]:
    """What can be replayed."""
    answer = httpx.get(
        f"{platform.site_url}/api/v1/radar/replay/span", params={"seconds": 1800}, trust_env=False, timeout=60
    )
    found: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
    return found


@pytest.fixture(scope="module")
def recorded(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[float]:
    """A small fleet in flight since the moment that is given (s since 1970), recorded for a while."""
    log = tmp_path_factory.mktemp("fleet") / "fleet.log"
    with flying(platform, log, "--ships", "6", "--seed", "5", "--speed", "20", "--spread", "1", *SAFE, "--keep"):
        started = time.time()
        until("the fleet is heard", lambda: (span(platform).get("latest") or 0) / 1000 > started, 240)
        began = time.time()
        until("the flight is recorded", lambda: (span(platform).get("latest") or 0) / 1000 > began + RECORDED_S, 240)
        yield began


def expect_replay(page: Page) -> None:
    expect(page.locator(FEED)).to_have_attribute("data-feed", "replay", timeout=30_000)
    expect(page.locator("#player")).to_be_visible()
    expect(page.get_by_role("button", name="Return to live")).to_be_visible()
    until("the past is shown", lambda: len(places(page)) > 0, 60)


def test_ships_are_where_they_were_and_one_key_leads_back(
    platform: RunningPlatform, page: Page, recorded: float
) -> None:
    page.goto(platform.site_url)
    until("ships are live", lambda: len(places(page)) >= 6, 90)

    page.keyboard.press("r")

    expect_replay(page)
    expect(page.locator(FEED)).to_contain_text("behind live")
    expect(page.locator("#as-of")).to_have_text(re.compile(r"as of \d\d:\d\d:\d\d"))
    expect(page).to_have_title(re.compile("^Replay - "))
    frame = page.locator(".map").evaluate("map => getComputedStyle(map, '::after').borderTopColor")
    assert frame == page.locator("#player").evaluate("player => getComputedStyle(player).borderTopColor")
    until(
        "the replay plays",
        lambda: moment(page) > 0 and moment(page) != (page.wait_for_timeout(1200) or moment(page)),
        30,
    )

    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    stands, there = moment(page), places(page)
    page.wait_for_timeout(1_500)
    assert (moment(page), places(page)) == (stands, there)
    page.keyboard.press(".")
    page.keyboard.press(".")
    until("each key goes on by 1 s", lambda: moment(page) == stands + 2, 10, every=0.1)
    page.keyboard.press(",")
    until("the picture follows", lambda: places(page) != there, 60)

    page.keyboard.press("l")

    expect(page.locator(FEED)).to_have_attribute("data-feed", "live", timeout=30_000)
    expect(page.locator("#player")).to_be_hidden()
    expect(page).not_to_have_title(re.compile("^Replay"))
    assert "at=" not in (page.wait_for_timeout(800) or page.url)
    until("ships are elsewhere than they were", lambda: places(page) and places(page) != there, 60)


def test_a_stopped_moment_stays_when_the_record_s_ends_become_known(
    platform: RunningPlatform, page: Page, recorded: float
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/radar/replay/span**", hold)
    page.goto(platform.site_url)
    until("ships are live", lambda: len(places(page)) > 0, 90)
    page.keyboard.press("r")
    expect_replay(page)
    until("the replay plays", lambda: held and moment(page) > 0, 30)

    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    stands = moment(page)
    page.wait_for_timeout(4_000)
    with page.expect_response("**/api/v1/radar/replay/span**"):
        held.pop().continue_()

    page.wait_for_timeout(1_000)
    assert moment(page) == stands


def test_a_moment_is_shared_by_its_address(platform: RunningPlatform, page: Page, recorded: float) -> None:
    at = datetime.fromtimestamp(int(recorded + 20), UTC)

    page.goto(f"{platform.site_url}/?at={at:%Y-%m-%dT%H:%M:%SZ}&speed=4")

    expect_replay(page)
    expect(page.locator("#player").get_by_role("button", name=re.compile("^4"))).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press(" ")
    assert abs(moment(page) - at.timestamp()) < 120
    page.wait_for_url(re.compile(r"\?at=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ&speed=4$"))


def test_the_slider_scrubs_by_pointer_and_by_key(platform: RunningPlatform, page: Page, recorded: float) -> None:
    page.goto(platform.site_url)
    page.keyboard.press("r")
    expect_replay(page)
    page.keyboard.press(" ")
    slider = page.locator(SLIDER)
    box = slider.bounding_box()
    assert box is not None

    before = moment(page)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    # The player is drawn four times a second: what was read before may be of the moment before the pause.
    until("the key goes back by 10 s", lambda: moment(page) in {before - 10, before - 9}, 10, every=0.1)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"\d\d:\d\d:\d\d UTC, .*behind live"))

    there = places(page)
    page.mouse.click(box["x"] + box["width"] * _part(page, recorded + 15), box["y"] + 20)
    until("the pointer sets the moment", lambda: abs(moment(page) - (recorded + 15)) < 10, 10, every=0.1)
    until("the fleet of that moment is shown", lambda: places(page) != there, 60)


def _part(page: Page, at: float) -> float:
    """How far along the track a moment (s since 1970) lies."""
    low, high = (int(page.locator(SLIDER).get_attribute(f"aria-value{end}") or 0) for end in ("min", "max"))
    return (at - low) / (high - low)


def test_a_ship_is_followed_and_has_its_readings_of_then(
    platform: RunningPlatform, page: Page, recorded: float
) -> None:
    page.goto(platform.site_url)
    page.keyboard.press("r")
    expect_replay(page)
    ship = page.locator("tr[data-mark=ok]").first.get_attribute("data-ship") or ""

    choose(page, ship)
    page.locator("#ship [data-act=follow]").click()

    expect(page.locator("#ship [data-act=follow]")).to_have_attribute("aria-pressed", "true")
    motor = page.locator("#ship .rd").filter(has_text="Motor")
    expect(motor).to_contain_text(re.compile(r"\d+\.\d\s*°C"), timeout=30_000)
    seen = page.locator("#ship").get_by_text(re.compile("ago, seq"))
    expect(seen).to_be_visible()
    page.wait_for_timeout(1_500)
    assert "x=" not in page.url, "the view follows the ship, so it has no place of its own"


def test_an_event_s_time_leads_to_the_moment_before_it(platform: RunningPlatform, page: Page, recorded: float) -> None:
    page.goto(platform.site_url)
    time_of = page.locator("#events time").first
    expect(time_of).to_be_visible(timeout=60_000)
    page.locator("#events time").last.click()

    expect_replay(page)
    expect(page.locator("#events li").first).to_be_visible()


def test_without_the_record_the_bar_says_so_and_live_goes_on(
    platform: RunningPlatform, page: Page, recorded: float
) -> None:
    def away(route: Route) -> None:
        route.fulfill(status=503, json={"detail": "The record can't be reached. The lake's catalog does not answer."})

    page.route("**/api/v1/radar/replay**", away)
    page.goto(platform.site_url)
    until("ships are live", lambda: len(places(page)) > 0, 90)

    page.keyboard.press("r")

    expect(page.locator(".player-note")).to_have_text(
        "The record can't be reached. The lake's catalog does not answer. The live radar goes on.", timeout=30_000
    )
    page.get_by_role("button", name="Return to live").click()
    expect(page.locator(FEED)).to_have_attribute("data-feed", "live", timeout=30_000)
    until("ships are live", lambda: len(places(page)) > 0, 30)

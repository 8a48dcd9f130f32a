"""The panel of a mission's page as a person sees it, in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from missions.models import Mission
from spark.tests.lakes import Lake
from stack.bootstrap import frontend
from tests.conftest import chromium, page

from .test_completeness import END, LOST, flown, lake, site, written

__all__ = ["chromium", "lake", "page", "site"]
"""Fixtures of others."""

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("site", "built")]


@pytest.fixture(scope="module")
def built() -> None:
    """The front end's scripts are there."""
    frontend.ensure()


@pytest.fixture(scope="module", autouse=True)
def _django_works_beside_the_browsers_event_loop() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


def opened(page: Page, live_server: LiveServer, mission: Mission) -> None:
    page.goto(f"{live_server.url}/missions/{mission.mission_id}/")


def pictured(page: Page, name: str) -> None:
    """Keep pictures in the folder that PICTURES names, for whoever wants to look."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("device", "width"), [("desk", 1440), ("phone", 390), ("narrowest", 320)])
def test_the_panel_shows_gaps_and_late_messages_and_never_scrolls_the_page_sideways(
    lake: Lake, mission: Mission, page: Page, live_server: LiveServer, theme: str, device: str, width: int
) -> None:
    written(lake, mission, [seq for seq in range(END) if seq not in LOST])
    flown(mission, END - 1, ended=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(f"localStorage.setItem('theme', '{theme}')")

    opened(page, live_server, mission)

    panel = page.get_by_role("region", name="Phases and messages")
    expect(panel).to_contain_text("745 of 753 messages. 8 missing: seq 402 to 409.", timeout=20_000)
    expect(panel.get_by_role("img", name="745 of 753 messages")).to_be_visible()
    expect(panel.get_by_role("img", name="Phases: Outbound 5 min 50 s, On planet 45 s, Returning")).to_be_visible()
    expect(panel.get_by_role("row", name="Lake 745 752 8")).to_be_visible()
    missing = panel.locator("rect.cb-missing[x]")
    assert missing.count() == 1
    assert missing.evaluate("mark => getComputedStyle(mark).fill").startswith('url("#cb-hatch")')
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pictured(page, f"completeness-{device}-{theme}")


def test_a_lake_that_is_away_is_told_with_its_remedy_and_tried_again_on_demand(
    lake: Lake, mission: Mission, page: Page, live_server: LiveServer, settings: Settings
) -> None:
    written(lake, mission, range(30))
    flown(mission, 29, ended=True)
    there, settings.LAKE_CATALOG_READER_URL = settings.LAKE_CATALOG_READER_URL, "postgresql://x@127.0.0.1:1/x"

    opened(page, live_server, mission)

    expect(page.get_by_role("alert")).to_contain_text("The lake's catalog does not answer", timeout=20_000)
    expect(page.locator("h1")).to_have_text(str(mission.mission_id))
    pictured(page, "completeness-away")
    settings.LAKE_CATALOG_READER_URL = there
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("30 of 30 messages.")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_panel_of_a_running_mission_keeps_itself_current_and_says_when_it_can_t(
    lake: Lake, mission: Mission, page: Page, live_server: LiveServer
) -> None:
    flown(mission, None)
    opened(page, live_server, mission)
    expect(page.get_by_text("The lake holds no message of this mission yet.")).to_be_visible(timeout=20_000)
    pictured(page, "completeness-empty")

    written(lake, mission, range(40))
    flown(mission, 39)
    expect(page.get_by_text("40 of 40 messages.")).to_be_visible(timeout=30_000)

    page.context.set_offline(True)
    expect(page.get_by_role("alert")).to_contain_text("can't be shown now. It does not answer.", timeout=30_000)
    expect(page.get_by_text("40 of 40 messages.")).to_be_visible()
    pictured(page, "completeness-offline")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0, timeout=30_000)

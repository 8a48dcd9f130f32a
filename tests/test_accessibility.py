"""axe-core finds no serious or critical fault on any page, in both themes, on a desk and on a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from playwright.sync_api import Browser, Page, ViewportSize, expect

from ships_client.contracts import Component
from stack.bootstrap import frontend
from stack.testing import RunningPlatform
from tests.fleets import SAFE, flying, until
from tests.made_fleet import MadeFleet, MadeShip
from tests.test_lake_page import sign_in

pytestmark = [pytest.mark.platform, pytest.mark.browser, pytest.mark.timeout(600)]

AXE = frontend.SOURCE / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
SIZES: dict[str, ViewportSize] = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


@pytest.fixture(scope="module")
def axe() -> str:
    """axe's script, of the version that package-lock.json names."""
    if not AXE.exists():
        frontend.npm("ci", "--no-audit", "--no-fund")
    return AXE.read_text()


@pytest.fixture(params=[(theme, size) for theme in ("dark", "light") for size in SIZES], ids="-".join)
def sized(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A page of a theme and a size."""
    theme, size = request.param
    context = chromium.new_context(viewport=SIZES[size], has_touch=size == "phone", reduced_motion="reduce")
    context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    yield context.new_page()
    context.close()


def faults(page: Page, axe: str) -> list[str]:
    """What axe finds grave, a line each."""
    # Evaluated by the browser's own tools, which the page's content security policy does not bind.
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [
        f"{fault['impact']} {fault['id']}: {fault['help']} at {json.dumps(node['target'])}: {node['failureSummary']}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


def made(page: Page) -> MadeFleet:
    """A fleet with a ship of each kind that a page can show."""
    return MadeFleet(
        page,
        [
            MadeShip(name="ALPHA", fault=Component.CORE),
            MadeShip(name="BRAVO", silent_s=20),
            MadeShip(name="CHARLIE", silent_s=90),
            *(MadeShip(name=f"SHIP_{i}", x=10 * i) for i in range(40)),
        ],
    )


def test_the_radar(platform: RunningPlatform, sized: Page, axe: str) -> None:
    fleet = made(sized)
    sized.goto(f"{platform.site_url}/?ship=ALPHA&phase=outbound")
    expect(sized.locator("#ship [data-term=state]")).to_contain_text("Repair")
    assert faults(sized, axe) == []

    for tab in ("fleet", "events"):
        if sized.locator(f"[data-tab={tab}]").is_visible():
            sized.locator(f"[data-tab={tab}]").click()
            fleet.tell()
            assert faults(sized, axe) == []

    sized.locator("#filters-open").click()
    assert faults(sized, axe) == []
    sized.keyboard.press("Escape")
    sized.keyboard.press("Escape")
    sized.keyboard.press("Escape")
    sized.locator("h1").evaluate("() => document.activeElement.blur()")
    sized.keyboard.press("?")
    expect(sized.get_by_role("dialog")).to_be_visible()
    assert faults(sized, axe) == []


@pytest.fixture(scope="module")
def flown(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A ship is on its way."""
    with flying(
        platform, tmp_path_factory.mktemp("pages") / "fleet.log", "--ships", "1", "--seed", "6", *SAFE, "--keep"
    ):
        yield


def test_missions_and_a_mission(platform: RunningPlatform, flown: None, sized: Page, axe: str) -> None:
    sized.goto(f"{platform.site_url}/missions/")
    assert faults(sized, axe) == []
    missions = sized.locator("a.tag")
    until("a mission is listed", lambda: bool(sized.reload()) and missions.count() > 0, 60)
    missions.first.click()
    expect(sized.locator("[data-completeness]")).to_have_attribute("aria-busy", "false", timeout=60_000)
    assert faults(sized, axe) == []


def test_the_lake(platform: RunningPlatform, sized: Page, axe: str) -> None:
    sized.goto(f"{platform.site_url}/lake/")
    assert faults(sized, axe) == []
    sign_in(platform, sized)
    expect(sized.locator("#editor .cm-content")).to_be_visible(timeout=60_000)
    assert faults(sized, axe) == []


DJANGOS = ("label-title-only", "aria-prohibited-attr")
"""Rules that Django's own markup breaks (a search field whose label is a picture, names of spans in its widgets)."""


def test_the_admin(platform: RunningPlatform, flown: None, sized: Page, axe: str) -> None:
    sized.goto(f"{platform.site_url}/admin/")
    assert faults(sized, axe) == []
    sign_in(platform, sized)
    expect(sized).to_have_url(f"{platform.site_url}/admin/")

    found = {"": faults(sized, axe)}
    for model in admin.site._registry:
        path = model._meta.label_lower.replace(".", "/")
        sized.goto(f"{platform.site_url}/admin/{path}/")
        found[path] = faults(sized, axe)
        first = sized.locator("#result_list tbody th a")
        if first.count():
            first.first.click()
            found[f"{path}, one"] = faults(sized, axe)

    ours = {
        path: [fault for fault in told if fault.split()[1].rstrip(":") not in DJANGOS] for path, told in found.items()
    }
    assert {path: told for path, told in ours.items() if told} == {}

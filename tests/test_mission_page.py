"""A mission's page as people use it, in a real browser, with the real ingest behind its reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from missions.models import Mission
from stack.bootstrap import frontend
from telemetry.ingest.run import report_ingest
from telemetry.models import ReportUpload, UploadState
from telemetry.tests.conftest import announce, bucket, mission, tables, token
from telemetry.tests.reports import handed
from tests.shifts import pictured, shifted, watch_shifts
from tests.test_accessibility import axe, faults

__all__ = ["announce", "axe", "bucket", "mission", "tables", "token"]
"""Fixtures of others."""

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("built", "bucket")]
SIZES: dict[str, ViewportSize] = {"desk": {"width": 1440, "height": 1100}, "phone": {"width": 390, "height": 844}}


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
def flown(mission: Mission, announce: Callable[..., ReportUpload]) -> Mission:
    """A mission with two loaded reports and a quarantined one."""
    start = timezone.now().replace(microsecond=0) - timedelta(minutes=5)
    for number in (1, 2):
        report = handed(mission.mission_id, report_no=number, first_seq=60 * number, start=start).put()
        report_ingest(announce(report).pk)
    refused = announce(handed(mission.mission_id, report_no=3))
    ReportUpload.objects.filter(pk=refused.pk).update(
        state=UploadState.QUARANTINED, failed_check="checksum", reason="The sha256 of its items differs."
    )
    return mission


def opened(page: Page, live_server: LiveServer, mission: Mission, query: str = "") -> None:
    """The page, with its panels there."""
    page.goto(f"{live_server.url}/missions/{mission.mission_id}/{query}")
    for panel in page.locator("[data-panel]").all():
        expect(panel).to_have_attribute("aria-busy", "false", timeout=45_000)


def test_reports_and_items_are_there_and_a_report_is_chosen_without_a_new_page(
    page: Page, live_server: LiveServer, flown: Mission
) -> None:
    opened(page, live_server, flown)
    expect(page.get_by_role("heading", name="Items of report 0002")).to_be_visible()
    page.evaluate("window.stayed = true")

    first = page.get_by_role("link", name=re.compile("^0001"))
    first.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Items of report 0001")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?report=0001$"))
    expect(first).to_be_focused()
    assert page.evaluate("window.stayed")
    page.reload()
    expect(page.get_by_role("heading", name="Items of report 0001")).to_be_visible()


def test_what_needs_a_person_leads_to_its_report(page: Page, live_server: LiveServer, flown: Mission) -> None:
    opened(page, live_server, flown)
    expect(page.get_by_role("note")).to_contain_text("Report 0003 is quarantined: The sha256 of its items differs.")

    page.get_by_role("link", name="Open report").click()

    expect(page.get_by_text("Nothing of this report is loaded.")).to_be_visible()


def test_a_panel_that_fails_takes_no_other_with_it_and_is_tried_again(
    page: Page, live_server: LiveServer, flown: Mission
) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=503, body="away")

    page.route("**/reports/?panel*", refuse)
    opened(page, live_server, flown)

    expect(page.get_by_text("The reports of this mission can't be shown now. It answered 503.")).to_be_visible()
    expect(page.locator("h1")).to_have_text(str(flown.mission_id))
    expect(page.get_by_role("region", name="Phases and messages")).to_be_visible()
    page.unroute("**/reports/?panel*")
    page.locator("#reports").get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Items of report 0002")).to_be_visible()


def test_a_reading_that_came_near_its_limit_shows_it(page: Page, live_server: LiveServer, mission: Mission) -> None:
    def answer(route: Route) -> None:
        at = [1_764_000_000_000 + 1000 * second for second in range(3)]
        known = {"at": at, "seq": [0, 1, 2], "breaks": []}
        series = {
            "motor_temp_c": {**known, "value": [90.0, 150.0, 91.0]},
            "power_core_temp_c": {**known, "value": [600.0, 610.0, 601.0]},
        }
        told: dict[str, object] = {
            "rows": 3,
            "thinned": False,
            "complete_until": None,
            "series": series,
            "gaps": [],
            "gap_count": 0,
        }
        route.fulfill(json=told)

    page.route("**/telemetry?points=*", answer)
    page.goto(f"{live_server.url}/missions/{mission.mission_id}/")

    expect(page.get_by_role("img", name="Motor temperature, °C, from 90.0 to 150.0, breaks at 180")).to_be_visible()
    expect(page.get_by_role("img", name="Power core temperature, °C, from 600 to 610", exact=True)).to_be_visible()


def test_readings_that_can_t_be_had_are_told_without_a_fault_for_axe(
    page: Page, live_server: LiveServer, mission: Mission, axe: str
) -> None:
    page.route("**/telemetry?points=*", lambda route: route.fulfill(status=503, json={"detail": "The lake is away."}))
    page.goto(f"{live_server.url}/missions/{mission.mission_id}/")

    expect(page.get_by_text("The readings can't be shown: The lake is away.")).to_be_visible()
    assert faults(page, axe) == []


def test_without_scripts_every_panel_is_a_link_away(chromium: Browser, live_server: LiveServer, flown: Mission) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/missions/{flown.mission_id}/")
    expect(page.get_by_role("link", name="Phases, messages and events of this mission")).to_be_visible()

    page.get_by_role("link", name="Reports, items and summary of this mission").click()
    page.get_by_role("link", name=re.compile("^0001")).click()

    expect(page.get_by_role("heading", name="Items of report 0001")).to_be_visible()
    expect(page.get_by_role("heading", name="Summary")).to_be_visible()
    context.close()


def test_events_have_a_panel_of_their_own_and_lead_into_the_replay(
    page: Page, live_server: LiveServer, flown: Mission
) -> None:
    opened(page, live_server, flown)

    events = page.get_by_role("region", name="Events")
    expect(events).to_contain_text("Report 0003 quarantined")
    expect(events.get_by_role("link", name="Registered")).to_have_attribute(
        "href", re.compile(r"^/\?ship=ONION%3F%21&at=\d{4}-\d\d-\d\dT")
    )
    expect(page.get_by_role("region", name="Phases and messages").get_by_text("Registered")).to_have_count(0)


def test_the_layout_does_not_shift(page: Page, live_server: LiveServer, flown: Mission) -> None:
    watch_shifts(page)
    opened(page, live_server, flown)
    page.wait_for_load_state("networkidle")

    total, moved = shifted(page)

    assert total < 0.02, moved


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", list(SIZES))
def test_axe_finds_no_fault_and_the_page_never_scrolls_sideways(
    page: Page, live_server: LiveServer, flown: Mission, theme: str, size: str, axe: str
) -> None:
    page.set_viewport_size(SIZES[size])
    page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    opened(page, live_server, flown, "?report=0001")
    pictured(page, f"mission-{size}-{theme}", whole=True)

    assert faults(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

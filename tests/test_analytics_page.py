"""The pages of marts and status as a person uses them, in a real browser: sort, choose, take along, without scripts."""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from stack.bootstrap import frontend
from telemetry.audit.finding import Finding
from telemetry.models import AuditRun, PartState, StatusSample
from telemetry.status.audits import audit_record
from telemetry.tests import marts
from telemetry.tests.test_status import all_sampled
from tests.test_accessibility import SIZES, axe, faults

__all__ = ["axe"]
"""A fixture of another module."""

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("built")]

SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""


@pytest.fixture(scope="module", autouse=True)
def _django_works_beside_the_browsers_event_loop() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="module")
def built() -> None:
    """The front end's scripts are there."""
    frontend.ensure()


@pytest.fixture
def filled(transactional_db: None) -> Iterator[dt.datetime]:
    """Marts, samples of an hour and an audit."""
    at, now = marts.make(), timezone.now()
    all_sampled(now, prometheus=PartState.IDLE, grafana=PartState.IDLE, ingest=PartState.DEGRADED)
    told: dict[str, dict[str, Any]] = {
        "ships": {"facts": {"running": 40, "heard": 37}},
        "kafka": {"version": "4.3.1", "facts": {"partitions": 6, "kept": 1_312_480, "per_second": 33}},
        "registry": {"version": "3.3.3"},
        "radar": {"facts": {"ships": 40, "frame_ms": 6.1}, "freshness_s": 0.4},
        "tracker": {"lag": 0, "freshness_s": 0.8},
        "spark": {"version": "4.1.1", "lag": 214, "freshness_s": 6.1, "facts": {"rows_s": 33.0, "batch_s": 1.9}},
        "store": {"version": "4.48"},
        "postgresql": {"version": "18.6", "facts": {"connections": 9, "bytes": 412_000_000}},
        "valkey": {"version": "9.1.2"},
        "lake": {"freshness_s": 6.1, "facts": {"rows": 1_312_266, "bytes": 1_840_000_000}},
        "worker": {"lag": 2},
        "ingest": {
            "lag": 0,
            "said": "1 report is in quarantine: mend it.",
            "facts": {"held": 1},
        },
        "marts": {"freshness_s": 240.0, "facts": {"built_at": at.isoformat()}},
        "prometheus": {"said": "Part of the container stack only."},
        "grafana": {"said": "Part of the container stack only."},
    }
    up = {"seconds": 0.0031, "up_since": now - dt.timedelta(days=3, hours=4)}
    for part, more in told.items():
        asked = {} if part in ("prometheus", "grafana") else up
        StatusSample.objects.filter(part=part).update(**asked, **more)
    StatusSample.objects.filter(part__in=("web", "beat")).update(**up)
    steady = ("kafka", "valkey", "store", "postgresql", "web", "worker", "beat", "registry", "radar")
    past: list[StatusSample] = []
    for ago in range(1, 60):
        minute = now.replace(second=0, microsecond=0) - dt.timedelta(minutes=ago)
        past += [StatusSample(part=part, state=PartState.HEALTHY, at=minute, asked_at=minute) for part in steady]
        tracker = PartState.DOWN if ago in (12, 13) else PartState.HEALTHY
        past.append(StatusSample(part="tracker", state=tracker, at=minute, asked_at=minute))
        lag = 1430 if ago == 9 else 190 + 7 * ago % 60
        past.append(StatusSample(part="spark", state=PartState.HEALTHY, at=minute, asked_at=minute, lag=lag))
    StatusSample.objects.bulk_create(past)
    audit_record(
        [
            Finding(
                1, "every message stands once in the lake", figures={"in raw": 1312052, "in dead_letters": 214}
            ).judged(),
            Finding(2, "every committed report stands once in ll", figures={"reports": 2858}).judged(),
            Finding(4, "no silent ship is shown live", figures={"measured by": "the browser test, not here"}),
        ],
        started_at=at,
    )
    yield at
    marts.drop()
    StatusSample.objects.all().delete()
    AuditRun.objects.all().delete()


def sign_in(context: BrowserContext, live_server: LiveServer) -> None:
    """A session of somebody who has signed in."""
    person, _ = User.objects.get_or_create(username="olimar")
    client = Client()
    client.force_login(person)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])


@pytest.fixture
def signed(page: Page, live_server: LiveServer, filled: dt.datetime) -> Page:
    """A page of somebody who has signed in."""
    sign_in(page.context, live_server)
    return page


def pictured(page: Page, name: str) -> None:
    """Keep pictures in the folder that PICTURES names, for whoever wants to look."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def column(page: Page, table: str) -> list[str]:
    """The names of a table, in its order."""
    return page.locator(f"#{table} tbody th").all_inner_texts()


def test_the_navigation_leads_to_both_pages(signed: Page, live_server: LiveServer) -> None:
    signed.goto(f"{live_server.url}/missions/")

    for title in ("Analytics", "Status"):
        pages = signed.get_by_role("navigation", name="Pages", exact=True)
        pages.get_by_role("link", name=title).click()
        expect(signed.locator("h1")).to_have_text(title)
        expect(pages.get_by_role("link", name=title)).to_have_attribute("aria-current", "page")


def test_a_table_is_sorted_in_place_by_keyboard_with_focus_kept_and_said(signed: Page, live_server: LiveServer) -> None:
    signed.goto(f"{live_server.url}/analytics/?period=90d")
    first = column(signed, "captains")
    head = signed.locator("#captains thead").get_by_role("link", name="Value, Poko")
    head.focus()

    signed.keyboard.press("Enter")

    expect(signed.locator("#captains thead th[aria-sort]")).to_contain_text("Value, Poko")
    expect(signed.locator("#voice")).to_have_text("Captains, sorted by value, highest first.")
    expect(signed.locator("#captains thead").get_by_role("link", name="Value, Poko")).to_be_focused()
    assert column(signed, "captains") != first
    assert signed.url.endswith("/analytics/?period=90d&captains=-value")
    signed.keyboard.press("Enter")
    expect(signed.locator("#captains thead th[aria-sort=ascending]")).to_contain_text("Value, Poko")
    signed.go_back()
    expect(signed.locator("#captains thead th[aria-sort=descending]")).to_contain_text("Value, Poko")


def test_period_and_band_are_chosen_and_stand_in_the_address(signed: Page, live_server: LiveServer) -> None:
    signed.goto(f"{live_server.url}/analytics/")

    signed.get_by_role("navigation", name="Period").get_by_role("link", name="7 days").click()
    expect(signed.locator(".kpis")).to_contain_text("on the 7 days before")
    signed.get_by_role("navigation", name="Band").get_by_role("link", name="Outer").click()

    expect(signed.locator("#planets tbody tr")).to_have_count(7)
    assert signed.url.endswith("?period=7d&band=outer")
    expect(signed.get_by_role("navigation", name="Period").get_by_role("link", name="7 days")).to_have_attribute(
        "aria-current", "true"
    )


def test_it_all_works_without_scripts(chromium: Browser, live_server: LiveServer, filled: dt.datetime) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    sign_in(context, live_server)
    page = context.new_page()

    page.goto(f"{live_server.url}/analytics/")
    page.locator("#ships thead").get_by_role("link", name="Repairs a mission").click()
    expect(page.locator("#ships thead th[aria-sort=descending]")).to_contain_text("Repairs a mission")
    page.get_by_role("link", name="Show all 23 ships").click()
    expect(page.locator("#ships tbody tr")).to_have_count(23)
    page.goto(f"{live_server.url}/status/")
    expect(page.locator(".bn")).to_contain_text("Reports ingest is degraded.")
    expect(page.locator(".flow .box")).to_have_count(13)
    context.close()


@pytest.mark.parametrize("kind", ["CSV", "Parquet"])
def test_a_mart_is_taken_along(signed: Page, live_server: LiveServer, tmp_path: Path, kind: str) -> None:
    signed.goto(f"{live_server.url}/analytics/?period=7d")

    with signed.expect_download() as waiting:
        signed.get_by_role("link", name=f"Download sl.mart_captain_performance as {kind}").click()

    waiting.value.save_as(tmp_path / "mart")
    assert waiting.value.suggested_filename == f"mart_captain_performance_7d.{kind.lower()}"
    if kind == "CSV":
        assert len(list(csv.DictReader((tmp_path / "mart").read_text().splitlines()))) == 15


def test_names_in_the_picture_do_not_overlap_as_the_browser_draws_them(signed: Page, live_server: LiveServer) -> None:
    signed.goto(f"{live_server.url}/analytics/")

    boxes = signed.locator(".picture.desk .name").evaluate_all(
        "names => names.map(name => name.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"
    )

    assert len(boxes) == 20
    for place, a in enumerate(boxes):
        for b in boxes[place + 1 :]:
            assert a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 3 or b[3] <= a[1] + 3, (a, b)


def test_open_as_sql_shows_the_query_of_the_panel(signed: Page, live_server: LiveServer) -> None:
    signed.goto(f"{live_server.url}/analytics/?period=90d&band=outer")

    signed.get_by_role("link", name="Open as SQL: sl.mart_planet_performance").click()

    expect(signed.locator("#editor .cm-content")).to_contain_text("FROM sl.mart_planet_performance", timeout=20_000)
    expect(signed.locator("#editor .cm-content")).to_contain_text("WHERE period = '90d' AND band = 'outer'")
    expect(signed.get_by_role("navigation", name="Source").get_by_role("link", name="Warehouse")).to_have_attribute(
        "aria-current", "true"
    )


def test_status_keeps_itself_current_and_says_when_the_verdict_changes(signed: Page, live_server: LiveServer) -> None:
    signed.clock.install()
    signed.goto(f"{live_server.url}/status/")
    expect(signed.locator(".bn")).to_contain_text("Reports ingest is degraded.")
    signed.locator("details summary").click()

    StatusSample.objects.filter(part="valkey").update(state=PartState.DOWN, said="It did not answer.")
    signed.clock.run_for(16_000)

    expect(signed.locator(".bn")).to_contain_text("Valkey is down. It did not answer.")
    expect(signed.locator("#voice")).to_have_text("Valkey is down.")
    expect(signed.locator("details")).to_have_attribute("open", "")


def test_status_greys_what_it_can_not_renew(signed: Page, live_server: LiveServer) -> None:
    signed.clock.install()
    signed.goto(f"{live_server.url}/status/")
    signed.context.set_offline(True)

    signed.clock.run_for(16_000)

    expect(signed.locator("#now")).to_have_class(re.compile("stale"))
    expect(signed.locator("#voice")).to_contain_text("can't be brought up to date")
    expect(signed.locator(".bn")).to_contain_text("Reports ingest is degraded.")


WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth
    && !one.closest(".scroll")).map(one => `${one.tagName}.${one.getAttribute("class")}`)"""
"""Elements outside of scrolling frames that make the page scroll sideways."""
PAGES = {"analytics": "/analytics/", "status": "/status/"}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_each_page_is_free_of_grave_faults_does_not_shift_and_fits(
    chromium: Browser, live_server: LiveServer, filled: dt.datetime, axe: str, name: str, size: str, theme: str
) -> None:
    context = chromium.new_context(viewport=SIZES[size], has_touch=size == "phone", reduced_motion="reduce")
    context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    sign_in(context, live_server)
    page = context.new_page()

    page.goto(live_server.url + PAGES[name])
    expect(page.locator(".clock-time")).not_to_have_text("--:--:--")

    assert page.evaluate(SHIFTS) < 0.02
    assert page.evaluate(WIDER) == []
    assert faults(page, axe) == []
    pictured(page, f"{name}-{size}-{theme}")
    narrowest: ViewportSize = {"width": 320, "height": 700}
    page.set_viewport_size(narrowest)
    assert page.evaluate(WIDER) == []
    context.close()


def test_without_marts_the_page_says_how_they_come_and_is_free_of_grave_faults(
    signed: Page, live_server: LiveServer, axe: str
) -> None:
    marts.drop()

    signed.goto(f"{live_server.url}/analytics/")

    expect(signed.locator(".empty")).to_contain_text("No mart is built yet.")
    assert faults(signed, axe) == []

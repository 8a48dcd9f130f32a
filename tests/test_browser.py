"""The radar as a person sees it: ships move, one that is killed turns stale, a page without its server says so."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from stack.config import ROOT
from stack.testing import RunningPlatform
from tests.fleets import SAFE, choose, flying, until

pytestmark = [pytest.mark.platform, pytest.mark.browser, pytest.mark.timeout(600)]

SHIPS = 20


def rows(page: Page) -> dict[str, dict[str, str]]:
    """Of each ship in the table: state, x and y."""
    found: list[dict[str, str]] = page.locator("tr[data-ship]").evaluate_all(
        "rows => rows.map(row => ({...row.dataset}))"
    )
    return {row["ship"]: row for row in found}


def in_state(page: Page, state: str) -> int:
    return sum(row["state"] == state for row in rows(page).values())


def moved(page: Page, before: dict[str, dict[str, str]]) -> int:
    now = rows(page)
    return sum((now[ship]["x"], now[ship]["y"]) != (row["x"], row["y"]) for ship, row in before.items() if ship in now)


def test_twenty_ships_move_one_that_is_killed_is_late_then_lost_and_a_feed_without_kafka_says_so(
    platform: RunningPlatform, page: Page, tmp_path: Path
) -> None:
    with (
        flying(
            platform, tmp_path / "fleet.log", "--ships", str(SHIPS - 1), "--seed", "3", "--spread", "1", *SAFE, "--keep"
        ),
        lone_ship(platform, tmp_path / "ship.log", "ALONE") as ship,
    ):
        page.goto(platform.site_url)
        expect(page.locator("#feed")).to_have_attribute("data-feed", "live", timeout=60_000)
        until("twenty ships are live", lambda: in_state(page, "live") >= SHIPS, 90)
        before = rows(page)
        # A ship in repair or on a planet stands still for a while.
        until("nearly all ships have moved", lambda: moved(page, before) >= SHIPS - 4, 60)

        ship.send_signal(signal.SIGKILL)
        ship.wait()

        until("the killed ship is late", lambda: rows(page)["ALONE"]["state"] == "late", 30)
        assert in_state(page, "live") >= SHIPS - 4
        expect(page.locator("tr[data-ship=ALONE]")).to_contain_text("Late")

        with suspended(platform.pid("kafka")):
            expect(page.locator("#banner")).to_contain_text("can't reach Kafka", timeout=30_000)
            until("no ship is live", lambda: in_state(page, "live") == 0, 20)
        expect(page.locator("#banner")).to_be_hidden(timeout=30_000)

        until("the killed ship's signal is lost", lambda: rows(page)["ALONE"]["state"] == "lost", 90)
        expect(page.locator("tr[data-ship=ALONE]")).to_contain_text("Lost signal")


def test_a_page_without_its_server_says_so_and_comes_back_by_itself(
    platform: RunningPlatform, page: Page, tmp_path: Path
) -> None:
    with flying(platform, tmp_path / "fleet.log", "--ships", "3", "--seed", "4", *SAFE, "--keep"):
        page.goto(platform.site_url)
        feed = page.locator("#feed")
        expect(feed).to_have_attribute("data-feed", "live", timeout=60_000)
        until("ships are live", lambda: in_state(page, "live") >= 3, 90)

        # A killed radar may be back before the page would call it late.
        with suspended(platform.pid("radar")):
            expect(feed).not_to_have_attribute("data-feed", "live", timeout=30_000)
            os.kill(platform.pid("radar"), signal.SIGKILL)
        expect(feed).to_have_attribute("data-feed", "live", timeout=90_000)

        os.kill(platform.pid("web"), signal.SIGKILL)
        expect(feed).to_have_attribute("data-feed", "disconnected", timeout=30_000)
        assert in_state(page, "live") == 0
        expect(feed).to_have_attribute("data-feed", "live", timeout=120_000)
        until("ships are live again", lambda: in_state(page, "live") >= 3, 60)


def test_a_view_is_shared_by_its_address(platform: RunningPlatform, page: Page, tmp_path: Path) -> None:
    with flying(platform, tmp_path / "fleet.log", "--ships", "3", "--seed", "4", *SAFE, "--keep"):
        page.goto(platform.site_url)
        until("ships are live", lambda: in_state(page, "live") >= 3, 90)
        # A ship that needs attention comes first.
        ship = [name for name, row in rows(page).items() if row["state"] == "live"][-1]
        for state in ("ok", "repair"):
            page.locator(f"[data-filter={state}]").click()
        page.locator("#find").fill(ship)
        page.locator("[data-act=zoom-in]").click()
        choose(page, ship)
        page.wait_for_url(re.compile(rf"\?ship={ship}&show=repair,ok&find={ship}&x=[^&]+&y=[^&]+&k=[^&]+$"))
        address = page.url

        page.go_back()
        expect(page.locator("tr[data-ship][aria-selected=true]")).to_have_count(0)
        page.goto("about:blank")
        page.goto(address)

        expect(page.locator("[data-filter=ok]")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#find")).to_have_value(ship)
        until("the ship is in the table", lambda: list(rows(page)) == [ship], 30)
        expect(page.locator("tr[data-ship][aria-selected=true]")).to_have_count(1)
        page.wait_for_timeout(1_500)
        assert page.url == address


@contextmanager
def suspended(pid: int) -> Iterator[None]:
    """A process that stands still meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


@contextmanager
def lone_ship(platform: RunningPlatform, log: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A ship of its own process, which a test may kill."""
    program = platform.context.platform.venv_program("hocotate-ship")
    argv = [program, "--ship", name, "--captain", "Olimar", "--target", "Maxima", "--reportfreq", "60", "--seed", "1"]
    argv += ["--state", str(log.with_name(f"{name}-recorder"))]
    with open(log, "wb") as file:
        ship = subprocess.Popen(argv, cwd=ROOT, env=platform.ship_env(), stdout=file, stderr=file)
        try:
            yield ship
        finally:
            ship.kill()
            ship.wait()


def test_a_mission_s_readings_are_drawn_and_told(platform: RunningPlatform, page: Page, tmp_path: Path) -> None:
    with flying(platform, tmp_path / "fleet.log", "--ships", "1", "--seed", "6", *SAFE, "--keep"):
        page.goto(f"{platform.site_url}/missions/?status=running")
        until("the mission is listed", lambda: bool(page.reload()) and page.locator("a.tag").count() > 0, 60)
        page.locator("a.tag").first.click()

        motor = page.get_by_role("img", name="Motor temperature, °C, from")
        expect(motor).to_be_visible(timeout=60_000)
        expect(page.locator(".readings figure")).to_have_count(6)
        motor.hover()
        expect(page.locator("[data-readings-at]")).to_have_text(re.compile(r"at \d\d:\d\d:\d\d UTC, seq \d+"))
        page.get_by_role("button", name="10 s").click()
        expect(page.get_by_role("button", name="10 s")).to_have_attribute("aria-pressed", "true")
        page.get_by_text("The same as numbers").click()
        expect(page.get_by_role("row", name=re.compile("Fuel, % "))).to_be_visible()

"""The lake's page as a person uses it: sign in, ask, read the answer as table and chart, err, stop, take it along."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from stack.testing import RunningPlatform
from tests.fleets import flying, lake, until

pytestmark = [pytest.mark.platform, pytest.mark.browser, pytest.mark.timeout(600)]

BY_SHIP = "SELECT ship_id, count(*) AS messages, max(seq) AS last FROM telemetry.raw GROUP BY 1 ORDER BY 1 LIMIT 3"
ENDLESS = "SELECT sum(sqrt(range)) FROM range(1000000000000)"
ANSWER_MS = 60_000


@pytest.fixture(scope="module")
def written(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Some ships have flown, and the lake holds what they sent."""
    log = tmp_path_factory.mktemp("lake-page") / "fleet.log"
    with flying(platform, log, "--ships", "3", "--seed", "9", "--speed", "10", "--keep"):
        until("messages are in the lake", lambda: messages(platform) >= 100, 180, every=2)


@pytest.fixture
def lake_page(platform: RunningPlatform, written: None, page: Page) -> Page:
    """The page, signed in."""
    page.goto(f"{platform.site_url}/lake/")
    sign_in(platform, page)
    expect(page.locator("#tree .t").first).to_contain_text("telemetry.raw", timeout=ANSWER_MS)
    return page


def messages(platform: RunningPlatform) -> int:
    done = platform.manage("lake", "SELECT count(*) FROM telemetry.raw", "--format", "csv")
    return int(done.stdout.split()[1]) if done.returncode == 0 else 0


def sign_in(platform: RunningPlatform, page: Page) -> None:
    page.get_by_label("User name").fill(platform.context.settings["ADMIN_USER"])
    page.get_by_label("Password").fill(platform.context.secrets["ADMIN_PASSWORD"])
    page.get_by_role("button", name="Sign in").click()


def write(page: Page, sql: str) -> None:
    page.locator("#editor .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(sql)
    page.keyboard.press("Escape")  # no completion in the way


def ask(page: Page, sql: str) -> None:
    write(page, sql)
    page.keyboard.press("Control+Enter")


def test_a_stranger_signs_in_and_comes_back_to_the_query_of_the_link(
    platform: RunningPlatform, written: None, page: Page
) -> None:
    page.goto(f"{platform.site_url}/lake/?q=SELECT%20count(*)%20AS%20n%20FROM%20telemetry.raw")
    expect(page).to_have_url(re.compile("/login/"))
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("don't match")

    sign_in(platform, page)

    expect(page).to_have_url(re.compile(r"/lake/\?q="))
    expect(page.locator("#editor .cm-content")).to_contain_text("SELECT count(*) AS n FROM telemetry.raw")
    expect(page.get_by_role("navigation", name="Pages", exact=True).get_by_text("Lake")).to_have_attribute(
        "aria-current", "page"
    )


def test_a_query_is_answered_with_the_rows_of_the_lake_and_a_chart(platform: RunningPlatform, lake_page: Page) -> None:
    before = lake(platform, BY_SHIP)
    ask(lake_page, BY_SHIP)

    expect(lake_page.locator("#figures")).to_contain_text("3 rows", timeout=ANSWER_MS)
    expect(lake_page.locator("#figures")).to_contain_text(re.compile(r"snapshot of \d\d:\d\d:\d\d UTC"))
    cells = lake_page.locator("#grid tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].slice(1).map(cell => cell.textContent))"
    )
    after = lake(platform, BY_SHIP)
    assert [row[0] for row in cells] == [row["ship_id"] for row in before] == [row["ship_id"] for row in after]
    for low, row, high in zip(before, cells, after, strict=True):
        # Late messages may still come in meanwhile.
        assert low["messages"] <= int(row[1]) <= high["messages"]
        assert low["last"] <= int(row[2]) <= high["last"]
    chart = lake_page.locator("#chart")
    expect(chart).to_have_attribute("aria-label", re.compile("Bars of messages, last by ship_id"))
    assert drawn(lake_page) > 500
    lake_page.locator("#grid tbody tr").nth(1).hover()
    expect(lake_page.locator(".tip")).to_contain_text(cells[1][0])
    lake_page.get_by_role("button", name="Table", exact=True).click()
    expect(chart).to_be_hidden()


def test_only_the_statement_at_the_cursor_runs(lake_page: Page) -> None:
    write(lake_page, "SELECT 'first' AS which;\n\nSELECT 'second' AS which;")
    lake_page.keyboard.press("Control+Home")
    lake_page.keyboard.press("Control+Enter")

    expect(lake_page.locator("#grid tbody")).to_contain_text("first", timeout=ANSWER_MS)
    lake_page.keyboard.press("Control+End")
    lake_page.keyboard.press("Control+Enter")
    expect(lake_page.locator("#grid tbody")).to_contain_text("second", timeout=ANSWER_MS)


def test_a_slip_is_marked_in_the_editor_and_said(lake_page: Page) -> None:
    ask(lake_page, "SELECT 1;\nSELECT ship_id,\n  speed\nFROM telemetry.raw")

    why = lake_page.locator("#why")
    expect(why).to_contain_text('"speed" not found', timeout=ANSWER_MS)
    expect(why).to_contain_text("line 2, column 3")
    expect(lake_page.locator("#editor .cm-error")).to_have_text("speed")
    lake_page.get_by_role("button", name="Show the place").click()
    expect(lake_page.locator("#editor .cm-activeLine")).to_contain_text("speed")


def test_a_statement_that_changes_something_is_refused(lake_page: Page) -> None:
    ask(lake_page, "DROP VIEW telemetry.raw")

    expect(lake_page.locator("#why")).to_have_text(
        "Only SELECT is allowed here: the lake can be read, not changed.", timeout=ANSWER_MS
    )


def test_a_long_query_is_stopped_and_the_next_runs_at_once(lake_page: Page) -> None:
    ask(lake_page, ENDLESS)
    expect(lake_page.locator("#elapsed")).to_contain_text(re.compile(r"Running [1-9]"), timeout=ANSWER_MS)

    lake_page.get_by_role("button", name="Stop").click()

    expect(lake_page.locator("#message")).to_contain_text("Stopped after")
    began = time.monotonic()
    ask(lake_page, "SELECT 7 AS seven")
    expect(lake_page.locator("#grid tbody")).to_contain_text("7", timeout=ANSWER_MS)
    assert time.monotonic() - began < 20


def test_an_answer_is_taken_along_as_csv_and_parquet(lake_page: Page, tmp_path: Path) -> None:
    ask(lake_page, "SELECT seq FROM range(3) t(seq)")
    expect(lake_page.locator("#figures")).to_contain_text("3 rows", timeout=ANSWER_MS)

    for kind in ("csv", "parquet"):
        with lake_page.expect_download(timeout=ANSWER_MS) as waiting:
            lake_page.get_by_role("button", name=kind, exact=False).click()
        waiting.value.save_as(tmp_path / f"answer.{kind}")

    assert (tmp_path / "answer.csv").read_text() == "seq\n0\n1\n2\n"
    assert pq.read_table(tmp_path / "answer.parquet").to_pydict() == {"seq": [0, 1, 2]}


def test_tables_are_found_by_column_and_put_into_the_query(lake_page: Page) -> None:
    write(lake_page, "SELECT ")
    lake_page.get_by_label("Find a table or column").fill("motor")

    names = lake_page.locator("#tree .put")
    expect(names).to_contain_text(["telemetry.raw", "motor_temp_c", "health_motor"])
    lake_page.get_by_role("button", name="motor_temp_c").first.click()
    expect(lake_page.locator("#editor .cm-content")).to_contain_text("SELECT motor_temp_c")


def test_a_query_is_saved_in_this_browser(lake_page: Page) -> None:
    write(lake_page, "-- Ships by name\nSELECT 1")
    lake_page.get_by_role("button", name="Save", exact=True).click()
    lake_page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    lake_page.reload()

    lake_page.locator("#saved").get_by_role("button", name="Ships by name saved").click()
    expect(lake_page.locator("#editor .cm-content")).to_contain_text("-- Ships by name")


def test_the_page_fits_a_phone(platform: RunningPlatform, lake_page: Page) -> None:
    lake_page.set_viewport_size({"width": 360, "height": 740})
    ask(lake_page, BY_SHIP)
    expect(lake_page.locator("#figures")).to_contain_text("3 rows", timeout=ANSWER_MS)

    assert lake_page.evaluate("document.documentElement.scrollWidth") <= 360
    lake_page.get_by_role("button", name="Tables").click()
    expect(lake_page.locator("#tree")).to_be_visible()


def drawn(page: Page) -> int:
    """Pixels of the chart that are not empty."""
    count: int = page.locator("#chart canvas").evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
        ".filter((value, at) => at % 4 === 3 && value > 0).length"
    )
    return count

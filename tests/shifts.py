"""What tests of pages look for beside axe's faults: shifts of the layout; and the pictures that they keep."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

# Chromium tells each shift once, and those before an observer begins too.
SHIFTS = """
window.shifted = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted.push(entry);
}).observe({type: 'layout-shift', buffered: true});
"""
SUM = """() => [
  window.shifted.reduce((sum, entry) => sum + entry.value, 0),
  window.shifted.flatMap((entry) => entry.sources.map((source) => source.node?.outerHTML?.slice(0, 80) ?? '?')),
]"""


def watch_shifts(page: Page) -> None:
    """Sum up the shifts of every page that is opened from now on."""
    page.add_init_script(SHIFTS)


def shifted(page: Page) -> tuple[float, list[str]]:
    """The layout's shifts since the page was opened, without those that follow a key or a click, and what moved."""
    # An observer is told after the frame is drawn.
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    total, moved = page.evaluate(SUM)
    return float(total), list(moved)


def pictured(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture in the folder that PICTURES names, for whoever wants to look."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)

"""How long the radar's map takes to draw a picture, in a browser without a GPU."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path
from typing import TypedDict

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from benchmarks.figures import Result
from stack.bootstrap import frontend
from stack.errors import StackError

FLEETS = (1_000, 5_000)
FRAMES = 100
WARM_UP = 30
LABELS = 200
SIZE = {"width": 1920, "height": 1080}
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
TOKENS = frontend.TARGET.parent / "css" / "tokens.css"
PAGE = "<!doctype html><html><body><div><canvas></canvas></div></body></html>"
STYLE = "body{margin:0}div{position:relative;width:100vw;height:100vh}canvas{position:absolute;width:100%;height:100%}"


class Drawn(TypedDict):
    """What the harness tells: ms of each picture, and labels of the last."""

    times: list[float]
    labels: int


def measure() -> list[Result]:
    """radar_frame_ms_1000 and radar_frame_ms_5000.

    The page's own renderer draws a synthetic fleet at 1920x1080 in headless Chromium without a GPU: all ships in
    sight and moving, a message a second of each, 200 labels, headings, and the trail of the chosen ship. The time of
    a picture holds judging and moving the ships, drawing, and waiting until it is drawn. The figure is the median of
    100 pictures after 30 that warm up.

    Raises:
        StackError: there is no Chromium, the harness can't be bundled, or it placed fewer labels than it has to.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise StackError("There is no Chromium on PATH.", "Install the distribution's package `chromium`.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = bundle(Path(folder))
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            return [median(browser.new_page(viewport=SIZE), script, ships) for ships in FLEETS]  # type: ignore[arg-type]
        finally:
            browser.close()


def bundle(folder: Path) -> Path:
    """The harness as one script in a folder."""
    if not (frontend.SOURCE / "node_modules").exists():
        frontend.npm("ci", "--no-audit", "--no-fund")
    script = folder / "draw.js"
    options = ("--bundle", "--minify", "--target=es2022", f"--outfile={script}")
    frontend.npm("exec", "--no", "--", "esbuild", "bench/draw.ts", *options)
    return script


def median(page: Page, script: Path, ships: int) -> Result:
    """The median time of a picture of a fleet, on a page of its own."""
    page.set_content(PAGE)
    page.add_style_tag(path=TOKENS)
    page.add_style_tag(content=STYLE)
    page.add_script_tag(path=script)
    drawn: Drawn = page.evaluate(
        "async ([ships, frames]) => await globalThis.measure(ships, frames)", [ships, WARM_UP + FRAMES]
    )
    page.close()
    if drawn["labels"] < LABELS:
        raise StackError(f"Only {drawn['labels']} labels were placed.", f"The picture has to hold {LABELS}.")
    times = sorted(drawn["times"][WARM_UP:])
    console = Console(stderr=True)
    console.print(f"  {ships} ships: p95 {times[94]:.1f} ms, longest {times[-1]:.1f} ms", highlight=False)
    return Result(f"radar_frame_ms_{ships}", round(statistics.median(times), 1))

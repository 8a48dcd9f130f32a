"""A trace as a table for people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rich.markup import escape
from rich.table import Table

from telemetry.letters.show import printable

from .step import SHIP, Found, Step, Trace

MARKS = {
    Found.THERE: "[green]there[/]",
    Found.NOT_YET: "[yellow]not yet[/]",
    Found.ABSENT: "[red]absent[/]",
    Found.UNKNOWN: "[dim]unknown[/]",
}


def trace_table(found: Trace) -> Table:
    """A row a place, with its time and how long after the ship's tick that was."""
    title = f"Mission {found.asked.mission}, seq {found.asked.seq}, trace {found.asked.trace_id}"
    table = Table(title=title, title_justify="left", show_lines=True)
    for heading in ("place", "", "when, UTC", "after the tick", "what it says"):
        table.add_column(heading, no_wrap=heading in ("place", ""))
    tick = next((step.at for step in found.steps if step.place == SHIP), None)
    for step in found.steps:
        when = f"{step.at:%Y-%m-%d %H:%M:%S.%f}"[:-3] if step.at else ""
        table.add_row(step.place, MARKS[step.found], when, _after(step, tick), escape(printable(_said(step))))
    return table


def _after(step: Step, tick: dt.datetime | None) -> str:
    """Only where the message itself was at that time."""
    after: Any = step.facts.get("after_ms")
    if after is None and tick and step.at and step.place.startswith(("lake raw", "lake track")):
        after = (step.at - tick).total_seconds() * 1000
    return "" if after is None else f"{after:,.0f} ms"


def _said(step: Step) -> str:
    facts = ", ".join(
        f"{name} {value}" for name, value in step.facts.items() if name != "after_ms" and value is not None
    )
    return " ".join(part for part in (f"{facts}." if facts else "", step.note) if part)

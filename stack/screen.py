"""What a person sees when the platform is up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from stack.doctor import Finding
from stack.health import Health
from stack.services.base import Context


def places(context: Context) -> RenderableType:
    """Where to look, and who may sign in."""
    site = context.settings["SITE_URL"]
    table = Table.grid(padding=(0, 2))
    rows = [
        ("Radar", f"{site}/", "the fleet, live"),
        ("Missions", f"{site}/missions/", "the registry"),
        (
            "Admin",
            f"{site}/admin/",
            f"user {context.settings['ADMIN_USER']}, password in {context.platform.secrets_file}",
        ),
        ("API", f"{site}/api/docs", "register missions, hand in reports"),
    ]
    if context.settings.get("PROMETHEUS_URL"):
        rows.append(("Prometheus", f"{context.settings['PROMETHEUS_URL']}/alerts", "metrics and alerts"))
    for name, where, note in rows:
        table.add_row(Text(name, style="bold"), Text(where, style="cyan"), Text(note, style="dim"))
    return Group(table, Text(""), *(_command(line) for line in _commands(context)))


def _commands(context: Context) -> list[str]:
    """Lines to copy, each whole."""
    settings = context.settings
    return [
        '.venv/bin/python manage.py lake "SELECT count(*) FROM telemetry.raw"',
        ".venv/bin/python manage.py audit",
        f"export KAFKA_BOOTSTRAP={settings['KAFKA_BOOTSTRAP']} MISSIONS_API={settings['MISSIONS_API']}",
        "export HOCOTATE_TOKEN=$(.venv/bin/python manage.py create_ship_token my-ship)",
        ".venv/bin/hocotate-ship --ship SS_PELICAN --captain Olimar --target PNF-404",
    ]


def _command(line: str) -> Text:
    return Text(f"  {line}", style="cyan", no_wrap=True, overflow="ignore")


def health_table(parts: Sequence[Health]) -> RenderableType:
    """One line a part: mark, what it said, how long it took to say so."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    table.add_column("Part")
    table.add_column("Says")
    table.add_column("Answer", justify="right")
    for part in parts:
        mark = Text("●", style="green") if part.healthy else Text("✗", style="bold red")
        state = Text(part.detail) if part.healthy else Text(part.detail, style="red")
        table.add_row(mark, part.title, state, f"{part.seconds * 1000:,.0f} ms")
    return table


def verdict(parts: Sequence[Health]) -> Text:
    """One sentence over all parts."""
    ill = [part.title for part in parts if not part.healthy]
    if not ill:
        return Text(f"All {len(parts)} parts are healthy.", style="green")
    return Text(f"{len(ill)} of {len(parts)} parts are not healthy: {', '.join(ill)}.", style="bold red")


def tell(console: Console, findings: Iterable[Finding]) -> list[Finding]:
    """Print each finding as it comes, and a sentence over all; returns them."""
    marks = {"good": ("●", "green"), "warn": ("▲", "yellow"), "bad": ("✗", "bold red")}
    found = []
    for finding in findings:
        found.append(finding)
        mark, style = marks[finding.state]
        console.print(Text.assemble((mark, style), f" {finding.what:<12} {finding.said}"), soft_wrap=True)
        if finding.remedy:
            console.print(Text(f"  {'':<12} {finding.remedy}", style="dim"), soft_wrap=True)
    bad, warned = (sum(finding.state == state for finding in found) for state in ("bad", "warn"))
    console.print()
    if bad or warned:
        console.print(f"{bad} to mend, {warned} to look at.", style="bold red" if bad else "yellow")
    else:
        console.print("All is well.", style="green")
    return found


def overview(context: Context, parts: Sequence[Health]) -> RenderableType:
    """The one screen of a running platform."""
    return Group(Text(""), places(context), Text(""), health_table(parts), Text(""), verdict(parts))

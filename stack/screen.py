"""What a person sees when the platform is up."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

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
        ("API", f"{site}/api/docs", "bearer token: `.venv/bin/python manage.py create_ship_token NAME`"),
        ("Lake", '.venv/bin/python manage.py lake "SELECT count(*) FROM telemetry.raw"', ""),
        ("Audit", ".venv/bin/python manage.py audit", "is anything lost or doubled?"),
    ]
    for name, where, note in rows:
        table.add_row(Text(name, style="bold"), Text(where, style="cyan"), Text(note, style="dim"))
    return table


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


def overview(context: Context, parts: Sequence[Health]) -> RenderableType:
    """The one screen of a running platform."""
    return Group(Text(""), places(context), Text(""), health_table(parts), Text(""), verdict(parts))

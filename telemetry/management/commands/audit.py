"""manage.py audit: measure the invariants and say whether they hold."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from telemetry.audit.finding import Finding
from telemetry.audit.run import audit
from telemetry.status.audits import audit_record

MARKS = {True: "[green]holds[/]", False: "[bold red]broken[/]", None: "[dim]not measured[/]"}


class Command(BaseCommand):
    """Prints a row with figures for each invariant, and keeps them for /status/; exit status 1 when one is broken."""

    help = "Measures each invariant of docs/architecture.md; exits 1 when one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long to wait, how deep to look, how to print."""
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
        parser.add_argument(
            "--all", action="store_true", help="compare the rows of every report with its files, not of the newest 50"
        )
        parser.add_argument(
            "--wait",
            type=float,
            default=30,
            metavar="SECONDS",
            help="how long lake and ingest may take to work off what is there now (default 30; 0: judge at once)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, print, and exit."""
        began = timezone.now()
        findings = audit(wait_s=options["wait"], everything=options["all"], told=self._waiting)
        try:
            audit_record(findings, started_at=began)
        except DatabaseError as error:
            self.stderr.write(f"The page /status/ won't show this audit, the database does not take it: {error}")
        ok = all(finding.ok is not False for finding in findings)
        if options["json"]:
            rows = [finding.as_json() for finding in findings]
            self.stdout.write(json.dumps({"ok": ok, "rows": rows}, indent=2, ensure_ascii=False))
        else:
            _print(findings)
        if not ok:
            sys.exit(1)

    def _waiting(self, sentence: str) -> None:
        self.stderr.write(sentence)


def _print(findings: list[Finding]) -> None:
    table = Table(show_lines=True)
    for heading in ("", "invariant", "verdict", "figures"):
        table.add_column(heading)
    for finding in findings:
        figures = ", ".join(
            f"{name} {value:,}" if isinstance(value, int) else f"{name}: {value}"
            for name, value in finding.figures.items()
        )
        table.add_row(str(finding.invariant), finding.name, MARKS[finding.ok], figures)
    console = Console()
    console.print(table)
    for finding in findings:
        for sentence in finding.broken:
            console.print(f"[red]{finding.invariant}[/] {escape(sentence)}", highlight=False)

"""`manage.py lake "SELECT ..."`: SQL over the lake."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from telemetry.lake import LakeQueryError, Limits, query
from telemetry.lake.output import FORMATS


class Command(BaseCommand):
    """Runs one SELECT over telemetry.raw and telemetry.dead_letters and prints the result."""

    help = 'Run one SELECT over telemetry.raw and telemetry.dead_letters, such as "SELECT count(*) FROM telemetry.raw".'
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The query, the format and the limits."""
        parser.add_argument("sql", help="one SELECT statement")
        parser.add_argument("--format", choices=list(FORMATS), default="table", help="default: table")
        parser.add_argument("--limit", type=int, default=Limits.rows, help="most rows shown (default: %(default)s)")
        parser.add_argument("--timeout", type=float, default=Limits.seconds, help="seconds (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print; an error is one sentence on stderr and exit status 1."""
        if options["limit"] < 1 or options["timeout"] <= 0:
            raise CommandError("--limit and --timeout must be above 0.")
        try:
            result = query(options["sql"], limits=Limits(rows=options["limit"], seconds=options["timeout"]))
        except LakeQueryError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(FORMATS[options["format"]](result), ending="")
        if result.truncated and options["format"] != "table":
            self.stderr.write(f"Cut at {options['limit']:,} rows; --limit takes more.")

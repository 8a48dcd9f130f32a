"""`manage.py lake "SELECT ..."`: SQL over the lake."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from telemetry.lake import LakeQueryError, Limits, parquet, query
from telemetry.lake.output import FORMATS, as_plan

PLANS = ("plan", "analyze")


class Command(BaseCommand):
    """Runs one SELECT over the lake's tables and prints the result, or how it would be run."""

    help = 'Run one SELECT over the lake\'s tables, such as "SELECT count(*) FROM telemetry.raw" or "SHOW TABLES".'
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The query, the format, where to and the limits."""
        parser.add_argument("sql", help="one SELECT statement")
        parser.add_argument("--format", choices=[*FORMATS, "parquet"], default="table", help="default: table")
        parser.add_argument("--output", type=Path, help="write into this file instead")
        parser.add_argument(
            "--explain",
            choices=PLANS,
            nargs="?",
            const="plan",
            default="",
            help="print the plan instead; `analyze` also runs the query and prints what each step took",
        )
        parser.add_argument("--limit", type=int, default=Limits.rows, help="most rows shown (default: %(default)s)")
        parser.add_argument("--timeout", type=float, default=Limits.seconds, help="seconds (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print; an error is one sentence on stderr and exit status 1."""
        if options["limit"] < 1 or options["timeout"] <= 0:
            raise CommandError("--limit and --timeout must be above 0.")
        if options["format"] == "parquet" and not (options["output"] or options["explain"]) and sys.stdout.isatty():
            raise CommandError("Parquet is not for a terminal: name a file with --output, or pipe it on.")
        limits = Limits(rows=options["limit"], seconds=options["timeout"])
        try:
            data, truncated = _answer(options["sql"], options["format"], options["explain"], limits)
        except LakeQueryError as error:
            raise CommandError(str(error)) from error
        self._put(data, options["output"])
        if truncated and options["format"] != "table":
            self.stderr.write(f"Cut at {options['limit']:,} rows; --limit takes more.")

    def _put(self, data: str | bytes, output: Path | None) -> None:
        if output is not None:
            try:
                output.write_bytes(data if isinstance(data, bytes) else data.encode())
            except OSError as error:
                raise CommandError(f"{output} can't be written: {error.strerror}.") from error
        elif isinstance(data, bytes):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            self.stdout.write(data, ending="")


def _answer(sql: str, form: str, explain: Any, limits: Limits) -> tuple[str | bytes, bool]:
    if explain:
        return as_plan(query(sql, limits=limits, explain=explain)), False
    if form == "parquet":
        made = parquet(sql, limits=limits)
        return made.data, made.truncated
    result = query(sql, limits=limits)
    return FORMATS[form](result), result.truncated

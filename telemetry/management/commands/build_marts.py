"""`manage.py build_marts`: bring the marts up to date now."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from telemetry.mart_builds.build import marts_build
from telemetry.mart_builds.dbt import Dbt
from telemetry.mart_builds.errors import BuildBusy, MartError
from telemetry.models import MartBuild


class Command(BaseCommand):
    """Builds, checks and publishes the marts, and prints one line about it."""

    help = (
        "Build the marts in bl and sl from what changed since they were built last. They are checked before they are"
        " published, all at once; when that fails, those before them stand."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to compute everything anew, and how long to wait for another build."""
        parser.add_argument("--full", action="store_true", help="compute everything anew")
        parser.add_argument("--wait", type=float, default=600, help="seconds to wait for another build (%(default)g)")

    def handle(self, *args: Any, full: bool, wait: float, **options: Any) -> None:
        """Build; an error is one sentence on stderr and exit status 1."""
        try:
            with Dbt() as dbt:
                build = _built(dbt, full=full, end=time.monotonic() + wait)
        except MartError as error:
            raise CommandError(str(error)) from None
        how = "anew" if build.full else "from what changed"
        self.stdout.write(
            f"Build {build.pk}: {build.missions:,} ended missions, up to report {build.ledger_id:,}, {how},"
            f" in {build.seconds:.2f} s."
        )


def _built(dbt: Dbt, *, full: bool, end: float) -> MartBuild:
    while True:
        try:
            return marts_build(dbt, full=full)
        except BuildBusy:
            if time.monotonic() > end:
                raise
            time.sleep(1)

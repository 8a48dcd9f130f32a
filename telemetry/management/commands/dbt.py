"""`manage.py dbt ...`: dbt on the warehouse project, with the site's settings and a schema of its own."""

from __future__ import annotations

import subprocess
from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from telemetry.mart_builds.dbt import dbt_python
from telemetry.mart_builds.errors import DbtFailed
from telemetry.mart_builds.project import OWN_SCHEMA, environment
from telemetry.mart_builds.stage import stage_open


class Command(BaseCommand):
    """Runs dbt in the schema marts_dev: nothing that it does is published."""

    help = (
        "Run dbt on the project warehouse/, such as `manage.py dbt build`, `dbt test`, `dbt source freshness` or"
        " `dbt docs generate --static`. It builds in the schema marts_dev; nothing is published from there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """All that dbt takes."""
        parser.add_argument("arguments", nargs=REMAINDER, help="what dbt is told")

    def handle(self, *args: Any, arguments: list[str], **options: Any) -> None:
        """Run it; its exit status becomes this command's."""
        try:
            argv = [dbt_python(), "-m", "dbt.cli.main", *arguments]
        except DbtFailed as error:
            raise CommandError(str(error)) from None
        stage_open(OWN_SCHEMA)
        done = subprocess.run(argv, cwd=settings.MARTS_PROJECT, env=environment(OWN_SCHEMA), check=False)
        if done.returncode:
            raise CommandError(f"dbt ended with {done.returncode}.", returncode=done.returncode)
        if arguments[:2] == ["docs", "generate"]:
            self.stdout.write(f"The documentation is in {settings.MARTS_WORK / OWN_SCHEMA / 'target'}.")

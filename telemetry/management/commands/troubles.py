"""manage.py troubles: what is wrong with the platform, as /status/ knows it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from telemetry.status.selectors import status
from telemetry.status.verdict import troubles, verdict


class Command(BaseCommand):
    """Prints a sentence for each trouble and what to do; exit status 1 when anything is down or broken."""

    help = "Says which parts are down or degraded and which invariants are broken, as measured within the last minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to print."""
        parser.add_argument("--json", action="store_true", help="print JSON instead of sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, and exit."""
        now = timezone.now()
        known = status(now)
        found = troubles(known, now)
        if options["json"]:
            rows = [{"tone": one.tone, "fact": one.fact, "remedy": one.remedy} for one in found]
            self.stdout.write(json.dumps(rows, indent=1, ensure_ascii=False))
        else:
            for one in found or [verdict(known, now)]:
                self.stdout.write(f"{one.fact} {one.remedy}".strip())
        if any(one.tone == "bad" for one in found):
            sys.exit(1)

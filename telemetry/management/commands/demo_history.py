"""`manage.py demo_history`: a made-up past, so that the analytics have something to show."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from missions import selectors as missions
from telemetry.demo.draw import flights_drawn
from telemetry.demo.load import history_load, history_remove
from telemetry.demo.reports import reports_drawn
from telemetry.demo.ticks import ticks_counted
from telemetry.mart_builds.build import marts_build
from telemetry.mart_builds.dbt import Dbt
from telemetry.mart_builds.errors import MartError

MOST_MONTHS = 60


class Command(BaseCommand):
    """Writes ended missions, their reports and the marts of them, or removes them again."""

    help = (
        "Make up missions and reports of the last months, up to yesterday, and build the marts. They are marked, and"
        " --remove takes them out again. The same seed gives the same past."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, or away with it."""
        parser.add_argument("--months", type=int, default=12, help="1 to 60 months up to yesterday (%(default)s)")
        parser.add_argument("--per-day", type=float, default=8, help="missions a day, about (%(default)g)")
        parser.add_argument("--seed", type=int, default=1, help="another seed makes another past (%(default)s)")
        parser.add_argument("--beside-real", action="store_true", help="also where real missions of these months stand")
        parser.add_argument("--remove", action="store_true", help="remove all that this command has made")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; an error is one sentence on stderr and exit status 1."""
        if options["remove"]:
            self.stdout.write(f"{history_remove():,} made-up missions removed.")
        else:
            self._make(options)
        try:
            with Dbt() as dbt:
                build = marts_build(dbt, full=True)
        except MartError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Marts built in {build.seconds:.1f} s: {build.missions:,} ended missions.")

    def _make(self, options: dict[str, Any]) -> None:
        months, per_day = options["months"], options["per_day"]
        if not 1 <= months <= MOST_MONTHS or not 0 < per_day <= 1000:
            raise CommandError(f"--months must be 1 to {MOST_MONTHS} and --per-day above 0, at most 1000.")
        end = timezone.now().date()
        begin = end - dt.timedelta(days=round(months * 365.25 / 12))
        self._refuse(begin, end, beside_real=options["beside_real"])
        rng = np.random.default_rng(options["seed"])
        flights = flights_drawn(rng, begin, end, per_day)
        if not flights:
            raise CommandError("No mission falls into so short a time; raise --months or --per-day.")
        counts = history_load(rng, flights, reports_drawn(rng, flights, [ticks_counted(flight) for flight in flights]))
        self.stdout.write(
            f"{counts.missions:,} missions from {begin} to {end - dt.timedelta(days=1)}, {counts.reports:,} reports"
            f" with {counts.items:,} items and {counts.states:,} ship states."
        )

    def _refuse(self, begin: dt.date, end: dt.date, *, beside_real: bool) -> None:
        if missions.demo_mission_ids():
            raise CommandError("A made-up past stands already; `manage.py demo_history --remove` takes it out.")
        first, last = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (begin, end))
        real = missions.real_missions_between(first, last)
        if real and not beside_real:
            raise CommandError(
                f"{real:,} real missions from {begin} to {end} stand in the registry, and made-up ones would mix into"
                " their marts; --beside-real does it all the same."
            )

"""`manage.py lake_upkeep`: have the lake's tables tidied now, or see what was done."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from telemetry.lake import LakeUnavailable
from telemetry.upkeep import Task, upkeep_order, upkeep_tasks, upkeep_wait


class Command(BaseCommand):
    """Asks the lake's application for compaction, expiry and so on, waits, and prints what it did."""

    help = (
        "Have the lake's application put small files together and forget old snapshots now, and show what it did."
        " It does both by itself too, as files gather."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to ask at all, and how long to wait."""
        parser.add_argument("--history", action="store_true", help="only show what was done last")
        parser.add_argument("--wait", type=float, default=600, help="seconds to wait (default: %(default)g)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Order, wait, print; exit status 1 when it is not done in time."""
        try:
            if options["history"]:
                self._print(upkeep_tasks())
                return
            order = upkeep_order()
            done = upkeep_wait(order, seconds=options["wait"], told=self._dot)
            self._print(upkeep_tasks(after_order=order))
        except LakeUnavailable as error:
            raise CommandError(str(error)) from error
        if not done:
            raise CommandError(
                f"It is not done after {options['wait']:g} s. It goes on; `make status` shows whether the lake writer"
                " is well, and `manage.py lake_upkeep --history` what it has done."
            )

    def _dot(self) -> None:
        if self.stderr.isatty():
            self.stderr.write(".", ending="")
            self.stderr.flush()

    def _print(self, tasks: list[Task]) -> None:
        if not tasks:
            self.stdout.write("There was nothing to do.")
        for task in tasks:
            figures = ", ".join(f"{name} {value:,}" for name, value in task.figures.items())
            when = f"{task.began:%Y-%m-%d %H:%M:%S} UTC"
            self.stdout.write(f"{when}  {task.table:<13} {task.task:<11} {task.seconds:8.2f} s  {figures}")

"""manage.py ingest: take in captain's reports now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from telemetry import selectors
from telemetry.exceptions import TelemetryError
from telemetry.ingest.batch import Summary, open_ids, uploads_ingest
from telemetry.ingest.locks import Run, run_held
from telemetry.ingest.outcome import AWAY
from telemetry.ingest.reconcile import reconcile
from telemetry.models import ReportUpload
from telemetry.services import report_retry

WAIT_S: Final = 60.0
"""How long to wait for the end of a scan that goes on; the worker's take 30 s at a time."""


class Command(BaseCommand):
    """Works off open reports and prints one line about them."""

    help = "Takes in all open reports, or one; prints what became of them. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One report, or the quarantined ones as well."""
        parser.add_argument("--upload", type=int, metavar="ID", help="only this report (its number in the admin)")
        parser.add_argument(
            "--retry-quarantined", action="store_true", help="first reopen what is quarantined, mended or not"
        )
        parser.add_argument(
            "--reconcile",
            dest="whole_bucket",
            action="store_true",
            help="first look through the whole bucket for what nobody announced, was mended, or has changed",
        )

    def handle(
        self, *args: Any, upload: int | None, retry_quarantined: bool, whole_bucket: bool, **options: Any
    ) -> None:
        """Look through the bucket and reopen if asked, then work off."""
        if upload is not None and not ReportUpload.objects.filter(pk=upload).exists():
            raise CommandError(f"There is no report {upload}; the admin lists them under report uploads.")
        try:
            if whole_bucket:
                self._reconcile()
            if retry_quarantined:
                self._reopen([upload] if upload is not None else selectors.uploads_quarantined())
            summary = self._scan() if upload is None else uploads_ingest([upload])
        except TelemetryError as error:
            raise CommandError(str(error)) from None
        except AWAY as error:
            raise CommandError(f"Store or database are away, nothing is lost, run it again: {error}") from None
        self.stdout.write(f"{summary}.")
        if summary.broken:
            raise CommandError(f"{summary.broken} runs broke off; the log says how, the reports stay open.")

    def _scan(self) -> Summary:
        with run_held(Run.SCAN, wait_s=WAIT_S) as mine:
            if mine:
                return uploads_ingest(open_ids())
        raise CommandError(f"Another scan goes on for more than {WAIT_S:.0f} s; it takes in what is open.")

    def _reconcile(self) -> None:
        done = reconcile()
        if done is None:
            raise CommandError("The worker looks through the bucket just now; its result is in the admin.")
        self.stdout.write(f"{done}.")

    def _reopen(self, ids: list[int]) -> None:
        for upload_id in ids:
            report_retry(upload_id=upload_id)

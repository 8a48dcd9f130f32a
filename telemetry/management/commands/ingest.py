"""manage.py ingest: take in captain's reports now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from telemetry import selectors
from telemetry.exceptions import TelemetryError
from telemetry.ingest.batch import AWAY, open_ids, uploads_ingest
from telemetry.models import ReportUpload
from telemetry.services import report_retry


class Command(BaseCommand):
    """Works off open reports and prints one line about them."""

    help = "Takes in all open reports, or one; prints what became of them. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One report, or the quarantined ones as well."""
        parser.add_argument("--upload", type=int, metavar="ID", help="only this report (its number in the admin)")
        parser.add_argument(
            "--retry-quarantined", action="store_true", help="first reopen what is quarantined, mended or not"
        )

    def handle(self, *args: Any, upload: int | None, retry_quarantined: bool, **options: Any) -> None:
        """Reopen if asked, then work off."""
        if upload is not None and not ReportUpload.objects.filter(pk=upload).exists():
            raise CommandError(f"There is no report {upload}; the admin lists them under report uploads.")
        try:
            if retry_quarantined:
                self._reopen([upload] if upload is not None else selectors.uploads_quarantined())
            summary = uploads_ingest([upload] if upload is not None else open_ids())
        except TelemetryError as error:
            raise CommandError(str(error)) from None
        except AWAY as error:
            raise CommandError(f"Store or database are away, nothing is lost, run it again: {error}") from None
        self.stdout.write(f"{summary}.")
        if summary.broken:
            raise CommandError(f"{summary.broken} runs broke off; the log says how, the reports stay open.")

    def _reopen(self, ids: list[int]) -> None:
        for upload_id in ids:
            report_retry(upload_id=upload_id)

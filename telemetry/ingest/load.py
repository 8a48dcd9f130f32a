"""Judged reports into the schema `ll`, each as a whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from ships_client.contracts import Manifest as ManifestContract
from ships_client.contracts.reports import DataKind, ReportKind
from telemetry.models import Manifest

from .files import FileRows
from .insert import items_insert, states_insert
from .locks import load_turn
from .manifest import ReportId
from .treasures import treasures_insert


@dataclass(frozen=True)
class Report:
    """A report that passed every check, ready to load; `checksum` is its manifest's, `etags` are by kind."""

    id: ReportId
    manifest_key: str
    checksum: str
    etags: dict[str, str]
    manifest: ManifestContract
    items: FileRows | None
    states: FileRows | None


def reports_load(reports: Sequence[Report]) -> list[Manifest]:
    """Write the reports' ledger rows and their rows, all or nothing, and give the former in the reports' order.

    Waits for the turn to load and keeps it to the end of the caller's transaction.

    Raises:
        ReportRejected: rows of the one report are in already, by another one.
        Collision: the same, of several reports.
        IntegrityError: the ledger holds one of the manifests already.
    """
    with transaction.atomic():
        load_turn()
        ledgers = Manifest.objects.bulk_create([_ledger(report) for report in reports])
        both = list(zip(ledgers, reports, strict=True))
        items_insert([(ledger.pk, report.items) for ledger, report in both if report.items])
        treasures_insert([ledger.pk for ledger in ledgers])
        states_insert([(ledger.pk, report.states) for ledger, report in both if report.states])
    return ledgers


def _ledger(report: Report) -> Manifest:
    items, states = report.items, report.states
    first, last = (states.span if states else None) or (None, None)
    return Manifest(
        mission_id=report.id.mission_id,
        mission_date=report.id.date,
        report_no=report.id.report_no,
        manifest_path=report.manifest_key,
        mission_file=items.file.key if items else None,
        ship_state_file=states.file.key if states else None,
        checksum_mission=items.file.sha256 if items else None,
        checksum_ship_state=states.file.sha256 if states else None,
        checksum_manifest=report.checksum,
        etag=report.etags.get(ReportKind.MANIFEST.value),
        etag_mission=report.etags.get(DataKind.MISSION.value),
        etag_ship_state=report.etags.get(DataKind.SHIP_STATE.value),
        rows_mission=items.file.rows if items else 0,
        rows_ship_state=states.file.rows if states else 0,
        upload_time=report.manifest.uploaded_at,
        first_tick_at=first,
        last_tick_at=last,
    )

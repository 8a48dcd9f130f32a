"""Reads of reports together with their row of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from telemetry.models import Manifest, ReportUpload, UploadState


@dataclass(frozen=True, slots=True)
class Report:
    """An announced report, and its manifest once it is loaded."""

    upload: ReportUpload
    manifest: Manifest | None

    @property
    def files(self) -> list[dict[str, Any]]:
        """Its files, with key, sha256 and rows; none before it is loaded."""
        if self.manifest is None:
            return []
        m = self.manifest
        told = (
            ("mission", m.mission_file, m.checksum_mission, m.rows_mission),
            ("ship_state", m.ship_state_file, m.checksum_ship_state, m.rows_ship_state),
        )
        return [{"kind": kind, "key": key, "sha256": sha256, "rows": rows} for kind, key, sha256, rows in told if key]


def reports_page(asked: Mapping[str, Any], *, limit: int, after: int | None = None) -> list[Report]:
    """Up to `limit` reports that have what is asked for (field lookups), newest first, below id `after`."""
    rows = ReportUpload.objects.filter(**asked)
    if after is not None:
        rows = rows.filter(id__lt=after)
    uploads = list(rows.order_by("-id")[:limit])
    manifests = _manifests([upload for upload in uploads if upload.state == UploadState.LOADED])
    return [Report(upload, manifests.get((upload.mission_id, upload.date, upload.report_no))) for upload in uploads]


def _manifests(uploads: list[ReportUpload]) -> dict[tuple[Any, ...], Manifest]:
    if not uploads:
        return {}
    chosen = Q()
    for upload in uploads:
        chosen |= Q(mission_id=upload.mission_id, mission_date=upload.date, report_no=upload.report_no)
    return {(row.mission_id, row.mission_date, row.report_no): row for row in Manifest.objects.filter(chosen)}

"""Reads of announced reports, and of passes over their bucket."""

from __future__ import annotations

import datetime as dt

from .exceptions import NotAnnounced
from .models import Reconcile, ReconcileState, ReportUpload, UploadState
from .models.uploads import OPEN_STATES


def uploads_open(*, after_id: int = 0, limit: int = 500, committed_only: bool = False) -> list[int]:
    """Ids of the reports that wait for the ingest, oldest first, above `after_id`; an index scan."""
    # The index is partial over both open states, so the query names both even when it wants one.
    rows = ReportUpload.objects.filter(state__in=OPEN_STATES, id__gt=after_id)
    if committed_only:
        rows = rows.filter(state=UploadState.COMMITTED)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def uploads_quarantined() -> list[int]:
    """Ids of the quarantined reports, oldest first."""
    rows = ReportUpload.objects.filter(state=UploadState.QUARANTINED)
    return list(rows.order_by("id").values_list("id", flat=True))


def uploads_quarantined_count(*, most: int = 1000) -> int:
    """How many reports are in quarantine, counted up to `most`; an index scan."""
    return ReportUpload.objects.filter(state=UploadState.QUARANTINED)[:most].count()


def reconcile_stalled(*, since: dt.datetime) -> bool:
    """Whether a reconcile is running that has worked off nothing since `since`: nobody carries it on."""
    return Reconcile.objects.filter(state=ReconcileState.RUNNING, updated_at__lt=since).exists()


def upload_get(*, mission_id: int, date: dt.date, report_no: int) -> ReportUpload:
    """The announced report.

    Raises:
        NotAnnounced: there is none.
    """
    found = ReportUpload.objects.filter(mission_id=mission_id, date=date, report_no=report_no).first()
    if found is None:
        raise NotAnnounced(
            f"Report {report_no} of {date} of mission {mission_id} was not announced; "
            f"POST /api/v1/missions/{mission_id}/uploads first."
        )
    return found

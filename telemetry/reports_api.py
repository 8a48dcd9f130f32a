"""API of captain's reports as headquarters has them: how each stands, its files and its items. Reading is free."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError

from hocotate_site.bounded import bounded
from missions import selectors as missions
from missions.api import LARGEST_ID, MissionId
from missions.schemas import Day, ErrorOut

from .models import MissionReport, ReportUpload, UploadState
from .reports.ledger import Report, reports_page

router = Router(tags=["reports"])

Number = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]
Limit = Annotated[int, Query(ge=1, le=200)]


class FileOut(Schema):
    """A file of a report that is loaded."""

    kind: str
    key: str
    sha256: str
    rows: int


class ReportOut(Schema):
    """A report, and how it stands; a reason only in quarantine, files and their rows only once it is loaded."""

    id: int
    mission_id: int
    date: dt.date
    report_no: int
    state: UploadState
    failed_check: str
    reason: str
    manifest_key: str
    announced_at: dt.datetime
    updated_at: dt.datetime
    loaded_at: dt.datetime | None
    items: int | None
    ship_states: int | None
    files: list[FileOut]


class ReportsOut(Schema):
    """A page of reports, newest first; `next` is the `after` of the following page, null on the last one."""

    reports: list[ReportOut]
    next: int | None


class ItemOut(Schema):
    """An item of cargo: its place in the file from 0, its value in Poko, and when it came aboard (UTC)."""

    row_no: int
    item: str
    value: int
    timestamp: dt.datetime


class ItemsOut(Schema):
    """A page of a report's items, in the file's order; `next` is the `after` of the following page."""

    items: list[ItemOut]
    next: int | None


@router.get("/reports", response={200: ReportsOut, 422: ErrorOut}, summary="List reports")
def list_reports(
    request: HttpRequest,
    state: UploadState | None = None,
    mission_id: Number = None,
    since: Day | None = None,
    until: Day | None = None,
    limit: Limit = 50,
    after: Number = None,
) -> dict[str, Any]:
    """Reports of all missions, newest first; of the dates `since` up to and without `until`."""
    asked = {"state": state, "mission_id": mission_id, "date__gte": since, "date__lt": until}
    return _page(limit, after, asked)


@router.get(
    "/missions/{mission_id}/reports",
    response={200: ReportsOut, 404: ErrorOut, 422: ErrorOut},
    summary="List a mission's reports",
)
def list_mission_reports(
    request: HttpRequest, mission_id: MissionId, limit: Limit = 50, after: Number = None
) -> dict[str, Any]:
    """A mission's reports, newest first."""
    missions.mission_get(mission_id)
    return _page(limit, after, {"mission_id": mission_id})


@router.get("/reports/{report_id}/items", response={200: ItemsOut, 404: ErrorOut, 422: ErrorOut})
def list_items(
    request: HttpRequest,
    report_id: Annotated[int, Path(ge=1, le=LARGEST_ID)],
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    after: Annotated[int, Query(ge=-1, lt=2**31)] = -1,
) -> dict[str, Any]:
    """Items of a report that is loaded, by row. `after` is the `next` of the page before."""
    upload = ReportUpload.objects.filter(pk=report_id).first()
    if upload is None:
        raise HttpError(404, f"There is no report {report_id}; GET /api/v1/reports lists them all.")
    of_report = {
        "manifest__mission_id": upload.mission_id,
        "manifest__mission_date": upload.date,
        "manifest__report_no": upload.report_no,
    }
    rows = MissionReport.objects.filter(**of_report, row_no__gt=after).order_by("row_no")
    found = list(rows.values("row_no", "item", "value", "timestamp")[: limit + 1])
    return {"items": found[:limit], "next": found[limit - 1]["row_no"] if len(found) > limit else None}


def _page(limit: int, after: int | None, asked: dict[str, Any]) -> dict[str, Any]:
    chosen = {name: value for name, value in asked.items() if value is not None}
    with bounded():
        found = reports_page(chosen, limit=limit + 1, after=after)
    return {
        "reports": [_plain(one) for one in found[:limit]],
        "next": found[limit - 1].upload.pk if len(found) > limit else None,
    }


def _plain(report: Report) -> dict[str, Any]:
    upload, manifest = report.upload, report.manifest
    names = [field for field in ReportOut.model_fields if hasattr(upload, field)]
    return {
        **{name: getattr(upload, name) for name in names},
        "loaded_at": manifest.loaded_at if manifest else None,
        "items": manifest.rows_mission if manifest else None,
        "ship_states": manifest.rows_ship_state if manifest else None,
        "files": report.files,
    }

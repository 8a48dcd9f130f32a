"""API of captain's reports: addresses to PUT a report's three objects to, and word that it stands.

A ship may announce reports while its mission runs and for 24 hours after its end, because a ship that was cut
off hands in late what it kept. Word that an announced report stands is taken at any time.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from django.utils import timezone
from ninja import Path, Router, Schema, Status
from ninja.errors import HttpError

from hocotate_site.object_store import LINK_LIFE_S
from missions import audit_log
from missions import selectors as missions
from missions.api import AuthenticatedRequest, MissionId, ShipTokenAuth
from missions.models import Mission
from missions.schemas import ErrorOut
from missions.scopes import Scope
from missions.services import check_owner
from ships_client.contracts.reports import MAX_REPORT_NO

from . import services
from .exceptions import InvalidReport, NotAnnounced, UploadsClosed

router = Router(tags=["reports"], auth=ShipTokenAuth(Scope.REPORTS_WRITE))

ReportNo = Annotated[int, Path(ge=1, le=MAX_REPORT_NO)]
REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut}


class ReportIn(Schema):
    """Which report: its date (UTC) and its number on that date, 1 to 9999."""

    report_no: int
    date: dt.date


class CommittedIn(Schema):
    """Date of the report (UTC)."""

    date: dt.date


class UploadOut(Schema):
    """Where to PUT one object, with exactly these headers; 412 says that it is there already."""

    kind: Literal["mission", "ship_state", "manifest"]
    key: str
    url: str
    headers: dict[str, str]


class UploadsOut(Schema):
    """The three objects of the report, the manifest last, and how long the addresses work, in s."""

    uploads: list[UploadOut]
    expires_in: int


class CommittedOut(Schema):
    """How the report stands: committed, loaded or quarantined with a reason."""

    state: str
    reason: str


@router.post("/missions/{mission_id}/uploads", response={201: UploadsOut, **REFUSALS}, summary="Announce a report")
def uploads(request: AuthenticatedRequest, mission_id: MissionId, body: ReportIn) -> Status[UploadsOut]:
    """Announce a report and get the addresses of its objects; ask again when they have expired."""
    mission = _own_mission(request, mission_id)
    try:
        addresses = services.upload_announce(
            mission_id=mission_id,
            finished_at=mission.finished_at,
            date=body.date,
            report_no=body.report_no,
            now=timezone.now(),
        )
    except InvalidReport as error:
        raise HttpError(422, str(error)) from None
    except UploadsClosed as error:
        raise HttpError(409, str(error)) from None
    audit_log.tell(request, subject=f"mission {mission_id}, {body.date}, report {body.report_no}")
    outs = [UploadOut(kind=a.kind.value, key=a.key, url=a.url, headers=a.headers) for a in addresses]
    return Status(201, UploadsOut(uploads=outs, expires_in=LINK_LIFE_S))


@router.post(
    "/missions/{mission_id}/reports/{report_no}/committed",
    response={202: CommittedOut, **REFUSALS},
    summary="Say that a report stands",
)
def committed(
    request: AuthenticatedRequest, mission_id: MissionId, report_no: ReportNo, body: CommittedIn
) -> Status[CommittedOut]:
    """Say that the manifest stands, so that headquarters takes the report in at once."""
    _own_mission(request, mission_id)
    try:
        upload = services.report_commit(mission_id=mission_id, date=body.date, report_no=report_no)
    except NotAnnounced as error:
        raise HttpError(404, str(error)) from None
    audit_log.tell(request, subject=f"mission {mission_id}, {body.date}, report {report_no}")
    return Status(202, CommittedOut(state=upload.state, reason=upload.reason))


def _own_mission(request: AuthenticatedRequest, mission_id: MissionId) -> Mission:
    mission = missions.mission_get(mission_id)
    check_owner(mission, request.auth)
    return mission

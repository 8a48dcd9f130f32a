"""API of a mission's completeness; reading is free."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from missions.api import MissionId
from missions.schemas import ErrorOut

from .schemas import CompletenessOut, completeness_out
from .selectors import mission_completeness

router = Router(tags=["missions"])


@router.get(
    "/missions/{mission_id}/completeness",
    response={200: CompletenessOut, 404: ErrorOut, 422: ErrorOut},
    summary="What was sent, and what Kafka, lake and warehouse hold",
)
def completeness(request: HttpRequest, mission_id: MissionId) -> CompletenessOut:
    """Where each message of the mission is, and each gap as a range of seq and time.

    While Kafka or the lake is away its part is null, and `problems` says why.
    """
    return completeness_out(mission_completeness(mission_id))

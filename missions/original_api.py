"""The original's two endpoints: query parameters in, its answers out."""

from typing import Annotated

from ninja import Query, Router

from missions import audit_log, services
from missions.api import LARGEST_ID, AuthenticatedRequest, auth
from missions.schemas import MessageOut, RegisteredOut
from ships_client.contracts import MissionStatus

router = Router(tags=["original"], auth=auth)


@router.post("/register_mission", response=RegisteredOut)
def register_mission(
    request: AuthenticatedRequest, ship_name: str, captain: str, target: str, report_freq_min: int
) -> dict[str, object]:
    """Register a mission, as the original did."""
    mission = services.mission_register(
        token=request.auth,
        ship_name=ship_name,
        captain=captain,
        target=target,
        report_freq_min=report_freq_min,
    )
    audit_log.tell(request, subject=f"mission {mission.mission_id} of {ship_name}")
    return {"message": f"Mission {mission.mission_id} registered.", "mission_id": mission.mission_id}


@router.post("/complete_mission", response=MessageOut)
def complete_mission(
    request: AuthenticatedRequest,
    mission_id: Annotated[int, Query(ge=1, le=LARGEST_ID)],
    status: MissionStatus,
) -> dict[str, str]:
    """End a mission, as the original did."""
    services.mission_complete(mission_id=mission_id, outcome=status, token=request.auth)
    audit_log.tell(request, subject=f"mission {mission_id}")
    return {"message": f"Mission {mission_id} ended: {status.value}."}

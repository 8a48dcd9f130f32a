"""The registry's API: /api/v1/missions and /api/v1/planets, and the original's two endpoints."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Path, Query, Router, Status
from ninja.security import HttpBearer

from missions import selectors, services
from missions.models import Mission, ShipToken
from missions.schemas import (
    CompletionIn,
    EndedOut,
    ErrorOut,
    FleetIn,
    FleetOut,
    MessageOut,
    MissionIn,
    MissionOut,
    MissionsOut,
    PlanetsOut,
    RegisteredOut,
)
from ships_client.contracts import MissionStatus, Planet

LARGEST_ID = 2**63 - 1
MissionId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


class AuthenticatedRequest(HttpRequest):
    """A request that came with an accepted ship token."""

    auth: ShipToken


class ShipTokenAuth(HttpBearer):
    """Accepts `Authorization: Bearer <ship token>`; request.auth is then the ShipToken."""

    def authenticate(self, request: HttpRequest, token: str) -> ShipToken:
        """The token behind the header.

        Raises:
            TokenRefused: it is unknown or revoked.
        """
        return services.token_authenticate(token)


auth = ShipTokenAuth()
router = Router(tags=["missions"])
original_router = Router(tags=["original"], auth=auth)

REFUSALS = {401: ErrorOut, 422: ErrorOut}


@router.post("/missions", auth=auth, response={201: MissionOut, **REFUSALS})
def register(
    request: AuthenticatedRequest,
    body: MissionIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Status[Mission]:
    """Register a mission. With the Idempotency-Key of an earlier call the answer is that call's mission."""
    mission = services.mission_register(token=request.auth, idempotency_key=idempotency_key, **body.model_dump())
    return Status(201, mission)


@router.post("/missions/bulk", auth=auth, response={201: FleetOut, 413: ErrorOut, **REFUSALS})
def register_fleet(request: AuthenticatedRequest, body: FleetIn) -> Status[dict[str, list[services.Registered]]]:
    """Register up to 10,000 missions, all or none; where a key is an earlier call's, the answer has that mission."""
    asked = [services.NewMission(**new.model_dump()) for new in body.missions]
    return Status(201, {"missions": services.missions_register(token=request.auth, missions=asked)})


@router.get("/missions", response={200: MissionsOut, 422: ErrorOut})
def list_missions(
    request: HttpRequest,
    status: MissionStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> dict[str, object]:
    """Missions, newest first. `after` is the last mission_id of the page before."""
    page = selectors.missions_page(limit=limit, status=status, after=after)
    last = page.missions[-1].mission_id if page.older and page.missions else None
    return {"missions": page.missions, "next": last}


@router.get("/missions/{mission_id}", response={200: MissionOut, 404: ErrorOut, 422: ErrorOut})
def get_mission(request: HttpRequest, mission_id: MissionId) -> Mission:
    """One mission."""
    return selectors.mission_get(mission_id)


@router.post(
    "/missions/{mission_id}/complete",
    auth=auth,
    response={200: MissionOut, 403: ErrorOut, 404: ErrorOut, 409: EndedOut, **REFUSALS},
)
def complete(request: AuthenticatedRequest, mission_id: MissionId, body: CompletionIn) -> Mission:
    """End a running mission, as SUCCESS or FAILURE. Only the token that registered it may."""
    return services.mission_complete(
        mission_id=mission_id, outcome=body.status, last_seq=body.last_seq, token=request.auth
    )


@router.get("/planets", response=PlanetsOut)
def list_planets(request: HttpRequest) -> dict[str, tuple[Planet, ...]]:
    """All planets, home first; coordinates in km."""
    return {"planets": selectors.planets()}


@original_router.post("/register_mission", response={200: RegisteredOut, **REFUSALS})
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
    return {"message": f"Mission {mission.mission_id} registered.", "mission_id": mission.mission_id}


@original_router.post(
    "/complete_mission",
    response={200: MessageOut, 403: ErrorOut, 404: ErrorOut, 409: EndedOut, **REFUSALS},
)
def complete_mission(
    request: AuthenticatedRequest,
    mission_id: Annotated[int, Query(ge=1, le=LARGEST_ID)],
    status: MissionStatus,
) -> dict[str, str]:
    """End a mission, as the original did."""
    services.mission_complete(mission_id=mission_id, outcome=status, token=request.auth)
    return {"message": f"Mission {mission_id} ended: {status.value}."}

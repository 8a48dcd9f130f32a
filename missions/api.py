"""The registry's API: /api/v1/missions and /api/v1/planets."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Path, Query, Router, Status
from ninja.security import HttpBearer

from hocotate_site.bounded import bounded
from hocotate_site.callers import caller_of
from missions import audit_log, selectors, services
from missions.exceptions import MissionEnded
from missions.filters import MissionFilters
from missions.models import Mission, ShipToken
from missions.schemas import (
    CompletionIn,
    EndedOut,
    ErrorOut,
    FleetIn,
    FleetOut,
    InFlightOut,
    MissionIn,
    MissionOut,
    MissionsIn,
    MissionsOut,
    PlanetsOut,
)
from missions.scopes import Scope
from ships_client.contracts import Planet

LARGEST_ID = 2**63 - 1
MissionId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


class AuthenticatedRequest(HttpRequest):
    """A request that came with an accepted ship token."""

    auth: ShipToken


class ShipTokenAuth(HttpBearer):
    """Accepts `Authorization: Bearer <ship token>` of a token that has the scope; request.auth is then the token."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self._scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ShipToken | None:
        """The token behind the header.

        Raises:
            TokenRefused: it is unknown or revoked.
            ScopeMissing: it does not allow this.
        """
        caller = caller_of(request)
        if caller.refused is not None:
            raise caller.refused
        if caller.token is not None:
            services.check_scope(caller.token, self._scope)
        return caller.token


auth = ShipTokenAuth(Scope.MISSIONS_WRITE)
router = Router(tags=["missions"])

REFUSALS = {401: ErrorOut, 403: ErrorOut, 422: ErrorOut}


@router.post("/missions", auth=auth, response={201: MissionOut, 409: InFlightOut, **REFUSALS})
def register(
    request: AuthenticatedRequest,
    body: MissionIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Status[Mission]:
    """Register a mission. With the Idempotency-Key of an earlier call the answer is that call's mission."""
    mission = services.mission_register(token=request.auth, idempotency_key=idempotency_key, **body.model_dump())
    audit_log.tell(request, subject=f"mission {mission.mission_id} of {mission.ship_name}")
    return Status(201, mission)


@router.post("/missions/bulk", auth=auth, response={201: FleetOut, 409: InFlightOut, 413: ErrorOut, **REFUSALS})
def register_fleet(request: AuthenticatedRequest, body: FleetIn) -> Status[dict[str, list[services.Registered]]]:
    """Register up to 10,000 missions, all or none; where a key is an earlier call's, the answer has that mission."""
    asked = [services.NewMission(**new.model_dump()) for new in body.missions]
    found = services.missions_register(token=request.auth, missions=asked)
    first, last = min(one.mission_id for one in found), max(one.mission_id for one in found)
    audit_log.tell(request, subject=f"{len(found)} missions, {first} to {last}")
    return Status(201, {"missions": found})


@router.get("/missions", response={200: MissionsOut, 422: ErrorOut})
def list_missions(
    request: HttpRequest,
    chosen: Annotated[MissionsIn, Query()],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> dict[str, object]:
    """Missions, newest first. `after` is the `next` of the page before: the number of its last mission."""
    with bounded():
        page = selectors.missions_page(limit=limit, after=after, filters=MissionFilters(**chosen.model_dump()))
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
    """End a running mission, as SUCCESS or FAILURE. Only the token that registered it may.

    Asked again with the outcome that it has, the answer is the mission as it stands.
    """
    try:
        return services.mission_complete(
            mission_id=mission_id, outcome=body.status, last_seq=body.last_seq, token=request.auth
        )
    except MissionEnded as ended:
        if ended.status != body.status:
            raise
        return selectors.mission_get(mission_id)


@router.get("/planets", response=PlanetsOut)
def list_planets(request: HttpRequest) -> dict[str, tuple[Planet, ...]]:
    """All planets, home first; coordinates in km."""
    return {"planets": selectors.planets()}

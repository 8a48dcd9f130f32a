"""API of ships: what each has flown, and how a ship gets a token of its own."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import ConfigDict

from hocotate_site.bounded import bounded
from missions import audit_log, services
from missions.schemas import PRINTABLE, ErrorOut
from missions.ships import ships_named, ships_page

router = Router(tags=["ships"])


class ShipOut(Schema):
    """A ship and its missions; times are UTC. `running` is the newest mission that it flies."""

    ship_name: str
    nb_missions: int
    nb_success: int
    nb_failure: int
    nb_running: int
    last_mission_id: int | None
    last_started_at: datetime | None
    last_message_at: datetime | None
    running: int | None
    enrolled: Annotated[bool, Field(description="Whether it has a token of its own.")]


class ShipsOut(Schema):
    """A page of ships, by name; `next` is the `after` of the following page, null on the last one."""

    ships: list[ShipOut]
    next: str | None


class EnrolIn(Schema):
    """The one-time secret that `manage.py create_enrolment` made."""

    model_config = ConfigDict(extra="forbid")

    secret: Annotated[str, Field(min_length=1, max_length=200)]


class EnrolledOut(Schema):
    """The ship's own token, shown this once, and what it allows."""

    token: str
    ship_name: str
    scopes: list[str]


@router.get("/ships", response={200: ShipsOut, 422: ErrorOut})
def list_ships(
    request: HttpRequest,
    ship: Annotated[str | None, Query(max_length=64, pattern=PRINTABLE)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    after: Annotated[str, Query(max_length=64, pattern=PRINTABLE)] = "",
) -> dict[str, object]:
    """Ships that have flown, by name, or the one named `ship`. `after` is the `next` of the page before."""
    with bounded():
        found = ships_named([ship]) if ship is not None else ships_page(limit=limit + 1, after=after)
    page = found[:limit]
    return {"ships": [asdict(one) for one in page], "next": page[-1].ship_name if len(found) > limit else None}


@router.post(
    "/ships/enrol", auth=None, response={201: EnrolledOut, 403: ErrorOut, 422: ErrorOut}, summary="Enrol a ship"
)
def enrol(request: HttpRequest, body: EnrolIn) -> Status[EnrolledOut]:
    """Exchange a one-time secret for a token of the ship's own, once."""
    token, secret = services.ship_enrol(secret=body.secret)
    audit_log.tell(request, subject=f"ship {token.ship_name}", detail=f"It got token {token.pk}.")
    return Status(201, EnrolledOut(token=secret, ship_name=str(token.ship_name), scopes=token.scopes))

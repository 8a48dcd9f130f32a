"""What the registry's API takes and gives, as JSON."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StrictInt

from missions.rules import LONGEST_INTERVAL_MIN, LONGEST_NAME
from ships_client.contracts import TARGETS, MissionStatus, Phase

LARGEST_SEQ = 2**53 - 1
LARGEST_FLEET = 10_000
"""Missions in one call."""

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
"""Pattern of texts without control characters, which no name has."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")


def _written(text: object) -> object:
    """Refuse numbers, which pydantic takes for seconds."""
    if isinstance(text, str) and not _DATED.match(text):
        raise ValueError("write it as ISO 8601 with zone, such as 2026-11-25T08:30:00Z")
    return text


def _kept(moment: datetime) -> datetime:
    """Refuse times that the database can't compare; in UTC, as it knows no zone 16 hours or more away."""
    if not 1970 <= moment.year < 9000:
        raise ValueError("give a year from 1970 to 8999")
    return moment.astimezone(UTC)


def _dated(text: object) -> object:
    """Refuse numbers, which pydantic takes for seconds, and times of a day."""
    if isinstance(text, str) and not _DATE.fullmatch(text):
        raise ValueError("write it as an ISO 8601 date, such as 2026-11-25")
    return text


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_kept)]
"""A time in a query, ISO 8601 with zone."""

Day = Annotated[date, BeforeValidator(_dated)]
"""A day in a query, an ISO 8601 date."""

Name = Annotated[str | None, Field(max_length=64, pattern=PRINTABLE)]
# What rules refuse with sentences of their own; here only for who reads the schema.
_NAME_SCHEMA = {"minLength": 1, "maxLength": LONGEST_NAME, "pattern": r"^[!-~]([ -~]*[!-~])?$"}


class MissionIn(BaseModel):
    """A mission to register."""

    # Not ninja's Schema, whose Python code at each object would take most of the time of a call with thousands.
    model_config = ConfigDict(extra="forbid")

    ship_name: Annotated[
        str, Field(description="Name of the ship, at most 64 characters.", json_schema_extra=_NAME_SCHEMA)
    ]
    captain: Annotated[
        str, Field(description="Name of the captain, at most 64 characters.", json_schema_extra=_NAME_SCHEMA)
    ]
    target: Annotated[
        str,
        Field(
            description="Planet to fly to; GET /api/v1/planets lists them.", json_schema_extra={"enum": list(TARGETS)}
        ),
    ]
    report_freq_min: Annotated[
        StrictInt,
        Field(
            description="Minutes between captain's reports, 1 to 1440.",
            json_schema_extra={"minimum": 1, "maximum": LONGEST_INTERVAL_MIN},
        ),
    ]


class FleetMissionIn(MissionIn):
    """A mission to register among others, with the key that a single one has as its header."""

    idempotency_key: Annotated[
        str | None, Field(description="Key that makes registering it again safe; at most 200 characters.")
    ] = None


class FleetIn(BaseModel):
    """Missions to register in one call."""

    model_config = ConfigDict(extra="forbid")

    missions: Annotated[list[FleetMissionIn], Field(min_length=1, max_length=LARGEST_FLEET)]


class CompletionIn(Schema):
    """How a mission ended, and the seq of the last telemetry message it sent."""

    model_config = ConfigDict(extra="forbid")

    status: MissionStatus
    last_seq: Annotated[StrictInt, Field(ge=0, le=LARGEST_SEQ)] | None = None


class MissionOut(Schema):
    """A mission as it stands; times are UTC."""

    mission_id: int
    ship_name: str
    captain: str
    target: str
    report_freq_min: int
    status: MissionStatus
    phase: Phase | None
    last_seq: int | None
    last_message_at: datetime | None
    started_at: datetime
    finished_at: datetime | None
    updated_at: datetime


class MissionsIn(Schema):
    """Which missions; times are ISO 8601 with zone, from included, to not."""

    status: MissionStatus | None = None
    target: Name = None
    captain: Name = None
    ship: Name = None
    started_from: Moment | None = None
    started_to: Moment | None = None
    finished_from: Moment | None = None
    finished_to: Moment | None = None
    q: Annotated[
        str | None,
        Field(
            max_length=200, pattern=PRINTABLE, description="Words, each a part of ship, captain or target, or a number."
        ),
    ] = None


class MissionsOut(Schema):
    """A page of missions, newest first; `next` is the `after` of the following page, null on the last one."""

    missions: list[MissionOut]
    next: int | None


class FleetMissionOut(BaseModel):
    """A mission that was registered among others; times are UTC."""

    model_config = ConfigDict(from_attributes=True)

    mission_id: int
    ship_name: str
    status: MissionStatus
    started_at: datetime


class FleetOut(Schema):
    """The missions in the order in which they were asked for."""

    missions: list[FleetMissionOut]


class PlanetOut(Schema):
    """A planet; coordinates in km from Hocotate."""

    name: str
    band: str
    x: float
    y: float
    z: float


class PlanetsOut(Schema):
    """All planets, home first."""

    planets: list[PlanetOut]


class ErrorOut(Schema):
    """What is wrong, and what to do, as in RFC 9457: `type` tells programs, `detail` people."""

    type: str
    title: str
    status: int
    detail: str


class EndedOut(ErrorOut):
    """The mission ended before, with `mission_status`."""

    mission_status: MissionStatus


class InFlightOut(ErrorOut):
    """The ship flies this mission already; or the Idempotency-Key is used elsewhere."""

    mission_id: int | None = None


class MessageOut(Schema):
    """The answer of the original's endpoints."""

    message: str


class RegisteredOut(MessageOut):
    """The answer of the original's registration."""

    mission_id: int

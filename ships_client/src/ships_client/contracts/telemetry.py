"""Telemetry: what a ship says once a second on Kafka topic `telemetry.raw`, key `ship_id`, value JSON.

Version 1 is the message without `seq` and `phase`; version 2 adds both. Readers take either; our ships send 2
and say so in the header `contract`. Bounds are what the sensors can report, wider than any healthy flight:
a value outside is a broken message, a value inside may still mean a broken ship.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from ships_client.contracts.verdicts import decode_strictly
from ships_client.exceptions import InvalidMessage, Reason

TOPIC: Final = "telemetry.raw"
DEAD_LETTERS: Final = "telemetry.dlq"
VERSION: Final = 2
"""Of the message as it stands here: the newest release of `telemetry.raw-value`."""
CONTRACT_HEADER: Final = ("contract", f"telemetry/{VERSION}".encode())

LARGEST_MESSAGE: Final = 64 * 1024
"""Bytes; a real message has about 700."""
FURTHEST_AHEAD: Final = timedelta(minutes=5)
OLDEST: Final = timedelta(days=30)


class Phase(StrEnum):
    """Where a mission stands; the order is the order of a mission, and LOST may follow any but HOME."""

    OUTBOUND = "OUTBOUND"
    ON_PLANET = "ON_PLANET"
    RETURNING = "RETURNING"
    HOME = "HOME"
    LOST = "LOST"


class ShipStatus(StrEnum):
    """Whether the ship works, stands for repair, or has failed."""

    OK = "OK"
    REPAIR = "REPAIR"
    FAILURE = "FAILURE"


class Component(StrEnum):
    """A part that may malfunction, named after its reading."""

    MOTOR = "motor_temp_c"
    ENGINE = "engine_pressure_kpa"
    CORE = "power_core_temp_c"
    NAVIGATION = "navigation_signal_db"


class Condition(StrEnum):
    """The ship's condition in one word, from its total health."""

    GOOD = "GOOD"
    MID = "MID"
    BAD = "BAD"
    CRITICAL = "CRITICAL"
    REPAIRING = "REPAIRING"
    UNOPERATIONAL = "UNOPERATIONAL"


class MissionStatus(StrEnum):
    """State of a mission; a message carries only the last two, and only the last message."""

    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"


# `$` alone lets a trailing newline through in Python; the look-ahead shuts it out, in every regex dialect.
MissionId = Annotated[str, Meta(pattern=r"^[0-9]{1,18}$(?!\n)", description="Digits of an int64.")]
ShipId = Annotated[
    str,
    Meta(pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)", min_length=1, max_length=64, description="The ship's name."),
]
Instant = Annotated[datetime, Meta(tz=True)]
Kilometres = Annotated[float, Meta(ge=-1e10, le=1e10, description="km from Hocotate.")]
Distance = Annotated[float, Meta(ge=0, le=2e10, description="km.")]
Percent = Annotated[float, Meta(ge=0, le=100, description="%.")]
MotorTemperature = Annotated[float, Meta(ge=-50, le=400, description="°C.")]
EnginePressure = Annotated[float, Meta(ge=0, le=2000, description="kPa.")]
CoreTemperature = Annotated[float, Meta(ge=0, le=3000, description="°C.")]
Signal = Annotated[float, Meta(ge=-200, le=0, description="dB.")]
Health = Annotated[float, Meta(ge=0, le=1, description="0 broken to 1 new.")]
Sequence = Annotated[int, Meta(ge=0, le=2**53 - 1, description="0, 1, 2 and so on within a mission.")]
Outcome = Annotated[MissionStatus, Meta(extra_json_schema={"enum": ["SUCCESS", "FAILURE"]})]


class HealthScores(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Health by part, each 0..1."""

    motor: Health
    engine: Health
    core: Health
    fuel: Health


class Telemetry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """One message of one ship: where it is, how it does, and what its mission does."""

    timestamp: Instant
    mission_id: MissionId
    ship_id: ShipId
    coord_x: Kilometres
    coord_y: Kilometres
    coord_z: Kilometres
    fuel_prc: Percent
    motor_temp_c: MotorTemperature
    engine_pressure_kpa: EnginePressure
    power_core_temp_c: CoreTemperature
    navigation_signal_db: Signal
    distance_from_hocotate_km: Distance
    status: ShipStatus
    malfunctioned_component: Component | None
    health_scores: HealthScores
    normalized_health_total: Health
    ship_condition: Condition
    mission_status: Outcome | None = None
    seq: Sequence | None = None
    phase: Phase | None = None


_decoder = msgspec.json.Decoder(Telemetry)
_encoder = msgspec.json.Encoder()


def decode(raw: bytes | None, received: datetime) -> Telemetry:
    """Decode one message, or raise InvalidMessage with reason, field and detail; nothing else is raised.

    `received` is the aware time at which the broker took the message (its Kafka timestamp), so that a later replay
    reaches the same verdict. The result's timestamp is in UTC.
    """
    message = decode_strictly(_decoder, raw, LARGEST_MESSAGE)
    if message.mission_status is MissionStatus.RUNNING:
        raise InvalidMessage(
            Reason.UNKNOWN_VALUE, "mission_status", "Only SUCCESS and FAILURE end a mission, not RUNNING."
        )
    ahead = message.timestamp - received
    if ahead > FURTHEST_AHEAD:
        raise InvalidMessage(Reason.TOO_FAR_AHEAD, "timestamp", f"{_iso(message)} is {ahead} after arrival.")
    if -ahead > OLDEST:
        raise InvalidMessage(Reason.TOO_OLD, "timestamp", f"{_iso(message)} is {-ahead} before arrival.")
    if message.timestamp.tzinfo is not UTC:
        return msgspec.structs.replace(message, timestamp=message.timestamp.astimezone(UTC))
    return message


def encode(message: Telemetry) -> bytes:
    """Encode one message as UTF-8 JSON; absent optional fields are left out. Its readings must be finite."""
    return _encoder.encode(message)


def _iso(message: Telemetry) -> str:
    return message.timestamp.isoformat()

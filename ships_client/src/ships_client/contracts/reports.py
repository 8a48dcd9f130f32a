"""Captain's reports: two parquet files and a manifest that commits them, in bucket `missions`.

Keys: `missions/{mission_id}/{YYYY-MM-DD}/{kind}_{mission_id}_{YYYYMMDD}_{report_no:04d}.{parquet,json}`.
The manifest is written last; a report without one doesn't exist.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from ships_client.contracts.telemetry import (
    Condition,
    Health,
    Instant,
    Kilometres,
    MissionId,
    Percent,
    Sequence,
    ShipStatus,
)
from ships_client.contracts.verdicts import decode_strictly
from ships_client.exceptions import InvalidKey

BUCKET: Final = "missions"
MANIFEST_VERSION: Final = 1
LARGEST_MANIFEST: Final = 64 * 1024
"""Bytes; a real manifest has about 1,500."""
MAX_REPORT_NO: Final = 9999


class ReportKind(StrEnum):
    """The three objects of a report."""

    MISSION = "mission"
    SHIP_STATE = "ship_state"
    MANIFEST = "manifest"


_EXTENSION = {ReportKind.MISSION: "parquet", ReportKind.SHIP_STATE: "parquet", ReportKind.MANIFEST: "json"}
_KEY = re.compile(
    r"missions/(?P<id>[0-9]{1,18})/(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})/"
    r"(?P<kind>mission|ship_state|manifest)_(?P=id)_(?P<day>[0-9]{8})_(?P<no>[0-9]{4})\.(?P<ext>parquet|json)"
)


class ReportKey(Struct, frozen=True):
    """What an object key says."""

    mission_id: str
    date: date
    kind: ReportKind
    report_no: int


class Column(Struct, frozen=True):
    """A column of a report's parquet file: name, Arrow type, and whether it may be null."""

    name: str
    type: str
    nullable: bool = False


MISSION_COLUMNS: Final[tuple[Column, ...]] = (
    Column("mission_id", "int64"),
    Column("item", "string"),
    Column("value", "int64"),
    Column("timestamp", "timestamp[us, UTC]"),
)
"""Items of a report; value in Poko."""

SHIP_STATE_COLUMNS: Final[tuple[Column, ...]] = (
    Column("mission_id", "int64"),
    Column("seq", "int64"),
    Column("timestamp", "timestamp[us, UTC]"),
    Column("status", "string"),
    Column("ship_condition", "string"),
    Column("normalized_health_total", "float64"),
    Column("motor_health", "float64"),
    Column("engine_health", "float64"),
    Column("core_health", "float64"),
    Column("fuel_health", "float64"),
    Column("fuel_prc", "float64"),
    Column("temperature_c", "float64"),
    Column("radiation_usv", "float64"),
    Column("cargo_integrity_prc", "float64"),
    Column("coord_x", "float64"),
    Column("coord_y", "float64"),
    Column("coord_z", "float64"),
    Column("planet", "string", nullable=True),
)
"""Every tick since the last report; planet is null in space."""

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
ReportNo = Annotated[int, Meta(ge=1, le=MAX_REPORT_NO)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class DataKind(StrEnum):
    """The two objects that a manifest names."""

    MISSION = "mission"
    SHIP_STATE = "ship_state"


class ManifestFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the report: its key, its sha256 in hex, its size in bytes and its rows."""

    kind: DataKind
    key: Annotated[str, Meta(min_length=1, max_length=300)]
    sha256: Sha256
    size: Count
    rows: Count


class ShipStateSnapshot(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The ship at the report's last tick; the columns of ship_state without the mission."""

    seq: Sequence
    timestamp: Instant
    status: ShipStatus
    ship_condition: Condition
    normalized_health_total: Health
    motor_health: Health
    engine_health: Health
    core_health: Health
    fuel_health: Health
    fuel_prc: Percent
    temperature_c: Annotated[float, Meta(ge=-100, le=200, description="Cabin, °C.")]
    radiation_usv: Annotated[float, Meta(ge=0, le=1e6, description="Dose rate, µSv/h.")]
    cargo_integrity_prc: Percent
    coord_x: Kilometres
    coord_y: Kilometres
    coord_z: Kilometres
    planet: Annotated[str, Meta(min_length=1, max_length=64)] | None


class Manifest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The report's contents; storing it commits the report."""

    version: Annotated[int, Meta(ge=1, le=MANIFEST_VERSION)]
    mission_id: MissionId
    date: date
    report_no: ReportNo
    files: Annotated[list[ManifestFile], Meta(min_length=1, max_length=2)]
    ship_state: ShipStateSnapshot
    uploaded_at: Instant


_decoder = msgspec.json.Decoder(Manifest)
_encoder = msgspec.json.Encoder()


def object_key(mission_id: str | int, date: date, kind: ReportKind | str, report_no: int) -> str:
    """Key of a report's object in bucket `missions`; InvalidKey for a mission or number that can't be."""
    kind = ReportKind(kind)
    if not 1 <= report_no <= MAX_REPORT_NO:
        raise InvalidKey(f"Report number {report_no} is not within 1 to {MAX_REPORT_NO}.")
    day = date.isoformat()  # strftime("%Y") drops leading zeros on some platforms
    name = f"{kind.value}_{mission_id}_{day.replace('-', '')}_{report_no:04d}.{_EXTENSION[kind]}"
    key = f"missions/{mission_id}/{day}/{name}"
    parse_key(key)
    return key


def parse_key(key: str) -> ReportKey:
    """What `key` says; raises InvalidKey when it isn't a report's key."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise InvalidKey(f"{key!r} is not the key of a report's object.")
    try:
        day = date.fromisoformat(found["date"])
    except ValueError as error:
        raise InvalidKey(f"{key!r} holds no date: {error}.") from None
    kind = ReportKind(found["kind"])
    number = int(found["no"])
    if day.isoformat().replace("-", "") != found["day"] or found["ext"] != _EXTENSION[kind] or number < 1:
        raise InvalidKey(f"{key!r} contradicts itself in date, kind or number.")
    return ReportKey(found["id"], day, kind, number)


def decode_manifest(raw: bytes | None) -> Manifest:
    """Decode a manifest, or raise InvalidMessage with its reason, field and detail."""
    return decode_strictly(_decoder, raw, LARGEST_MANIFEST)


def encode_manifest(manifest: Manifest) -> bytes:
    """Encode a manifest as indented UTF-8 JSON, for people to read."""
    return msgspec.json.format(_encoder.encode(manifest), indent=2)

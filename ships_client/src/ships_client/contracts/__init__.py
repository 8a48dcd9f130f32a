"""What ships and headquarters agree on: the world, telemetry, reports, their schemas. Needs only msgspec."""

from ships_client.contracts.limits import LIMITS, Limits
from ships_client.contracts.reports import (
    Manifest,
    ManifestFile,
    ReportKey,
    ReportKind,
    ShipStateSnapshot,
    decode_manifest,
    encode_manifest,
    object_key,
    parse_key,
)
from ships_client.contracts.telemetry import (
    Component,
    Condition,
    HealthScores,
    MissionStatus,
    Phase,
    ShipStatus,
    Telemetry,
    decode,
    encode,
)
from ships_client.contracts.world import CAPTAINS, CATALOGUE, HOME, PLANETS, SHIPS, TARGETS, Planet
from ships_client.exceptions import InvalidKey, InvalidMessage, Reason

__all__ = [
    "CAPTAINS",
    "CATALOGUE",
    "HOME",
    "LIMITS",
    "PLANETS",
    "SHIPS",
    "TARGETS",
    "Component",
    "Condition",
    "HealthScores",
    "InvalidKey",
    "InvalidMessage",
    "Limits",
    "Manifest",
    "ManifestFile",
    "MissionStatus",
    "Phase",
    "Planet",
    "Reason",
    "ReportKey",
    "ReportKind",
    "ShipStateSnapshot",
    "ShipStatus",
    "Telemetry",
    "decode",
    "decode_manifest",
    "encode",
    "encode_manifest",
    "object_key",
    "parse_key",
]

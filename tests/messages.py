"""Messages for the tests of whatever reads telemetry: valid ones, and one invalid one for every reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ships_client.contracts import (
    Condition,
    HealthScores,
    Phase,
    Reason,
    ShipStatus,
    Telemetry,
    encode,
)

MISSION = 42


def message(
    mission_id: int = MISSION,
    seq: int | None = 0,
    *,
    at: datetime | None = None,
    phase: Phase | None = Phase.OUTBOUND,
) -> Telemetry:
    """A healthy ship on its way, at `at` (default: now)."""
    return Telemetry(
        timestamp=at or datetime.now(UTC),
        mission_id=str(mission_id),
        ship_id="ONION?!",
        coord_x=1.5e7,
        coord_y=-2.25e7,
        coord_z=0.0,
        fuel_prc=99.5,
        motor_temp_c=90.25,
        engine_pressure_kpa=325.5,
        power_core_temp_c=600.0,
        navigation_signal_db=-70.5,
        distance_from_hocotate_km=2.7e7,
        status=ShipStatus.OK,
        malfunctioned_component=None,
        health_scores=HealthScores(motor=0.9, engine=0.8, core=0.7, fuel=0.995),
        normalized_health_total=0.85,
        ship_condition=Condition.GOOD,
        seq=seq,
        phase=phase,
    )


def valid(seq: int = 0, at: datetime | None = None) -> bytes:
    """A message of MISSION as it is sent, of version 2."""
    return encode(message(seq=seq, at=at))


def invalid(at: datetime | None = None) -> dict[Reason, bytes]:
    """By reason, a message that is refused for it when it arrives at `at` (default: now)."""
    now = at or datetime.now(UTC)
    good = json.loads(valid(at=now))
    without_fuel = {name: value for name, value in good.items() if name != "fuel_prc"}
    return {
        Reason.EMPTY: b"",
        Reason.TOO_LARGE: b'"' + b"x" * 70_000 + b'"',
        Reason.MALFORMED_JSON: b'{"timestamp": "\xff',
        Reason.NOT_FINITE: valid(at=now).replace(b"90.25", b"NaN"),
        Reason.MISSING_FIELD: _json(without_fuel),
        Reason.WRONG_TYPE: _json(good | {"coord_x": "far"}),
        Reason.UNKNOWN_FIELD: _json(good | {"pikmin": 100}),
        Reason.UNKNOWN_VALUE: _json(good | {"status": "SLEEPY"}),
        Reason.OUT_OF_RANGE: _json(good | {"fuel_prc": 101}),
        Reason.TOO_FAR_AHEAD: _json(good | {"timestamp": (now + timedelta(hours=1)).isoformat()}),
        Reason.TOO_OLD: _json(good | {"timestamp": (now - timedelta(days=40)).isoformat()}),
    }


def _json(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields).encode()

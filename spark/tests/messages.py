"""Messages for the tests: valid ones, and one invalid one for every reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ships_client.contracts.telemetry import (
    Condition,
    HealthScores,
    Phase,
    ShipStatus,
    Telemetry,
    encode,
)

MISSION = 42


def valid(seq: int = 0, at: datetime | None = None) -> bytes:
    """A message of version 2."""
    return encode(
        Telemetry(
            timestamp=at or datetime.now(UTC),
            mission_id=str(MISSION),
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
            phase=Phase.OUTBOUND,
        )
    )


def invalid(at: datetime | None = None) -> dict[str, bytes | None]:
    """By reason, a message that is refused for it when it arrives at `at` (default: now)."""
    now = at or datetime.now(UTC)
    good = json.loads(valid(at=now))
    without_fuel = {name: value for name, value in good.items() if name != "fuel_prc"}
    return {
        "empty": None,
        "too_large": b'"' + b"x" * 70_000 + b'"',
        "malformed_json": b'{"timestamp": ',
        "not_finite": valid(at=now).replace(b"90.25", b"NaN"),
        "missing_field": _json(without_fuel),
        "wrong_type": _json(good | {"coord_x": "far"}),
        "unknown_field": _json(good | {"pikmin": 100}),
        "unknown_value": _json(good | {"status": "SLEEPY"}),
        "out_of_range": _json(good | {"fuel_prc": 101}),
        "too_far_ahead": _json(good | {"timestamp": (now + timedelta(hours=1)).isoformat()}),
        "too_old": _json(good | {"timestamp": (now - timedelta(days=40)).isoformat()}),
    }


def _json(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields).encode()

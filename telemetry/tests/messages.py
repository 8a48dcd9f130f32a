"""Telemetry as ships send it, and as they should not."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from ships_client.contracts import (
    Condition,
    HealthScores,
    Phase,
    Reason,
    ShipStatus,
    Telemetry,
    encode,
)


def message(mission_id: int, seq: int | None, *, at: dt.datetime, phase: Phase | None = Phase.OUTBOUND) -> Telemetry:
    """A healthy ship on its way."""
    return Telemetry(
        timestamp=at,
        mission_id=str(mission_id),
        ship_id="ONION?!",
        coord_x=2.4e6,
        coord_y=-2.4e6,
        coord_z=0.0,
        fuel_prc=99.5,
        motor_temp_c=90.0,
        engine_pressure_kpa=325.0,
        power_core_temp_c=600.0,
        navigation_signal_db=-70.0,
        distance_from_hocotate_km=3.4e6,
        status=ShipStatus.OK,
        malfunctioned_component=None,
        health_scores=HealthScores(motor=1.0, engine=1.0, core=1.0, fuel=0.995),
        normalized_health_total=0.99,
        ship_condition=Condition.GOOD,
        seq=seq,
        phase=phase,
    )


def broken(reason: Reason, *, at: dt.datetime) -> bytes:
    """A message that is invalid for `reason`."""
    good: dict[str, Any] = json.loads(encode(message(1, 0, at=at)))
    changes: dict[Reason, dict[str, Any]] = {
        Reason.NOT_FINITE: {"fuel_prc": float("nan")},
        Reason.WRONG_TYPE: {"coord_x": "far"},
        Reason.UNKNOWN_FIELD: {"mood": "good"},
        Reason.UNKNOWN_VALUE: {"ship_condition": "SHINY"},
        Reason.OUT_OF_RANGE: {"fuel_prc": 101},
        Reason.TOO_FAR_AHEAD: {"timestamp": (at + dt.timedelta(hours=1)).isoformat()},
        Reason.TOO_OLD: {"timestamp": (at - dt.timedelta(days=31)).isoformat()},
    }
    if reason is Reason.EMPTY:
        return b""
    if reason is Reason.TOO_LARGE:
        return b" " * 70_000
    if reason is Reason.MALFORMED_JSON:
        return b'{"timestamp": "\xff'
    if reason is Reason.MISSING_FIELD:
        del good["ship_id"]
    return json.dumps(good | changes.get(reason, {})).encode()

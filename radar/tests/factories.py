"""Telemetry by contract, for the radar's tests: one mission's messages, tick after tick."""

from datetime import UTC, datetime, timedelta

from radar.tracks import Mission
from ships_client.contracts import (
    PLANETS,
    Component,
    Condition,
    HealthScores,
    MissionStatus,
    Phase,
    ShipStatus,
    Telemetry,
)

EPOCH = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
EPOCH_MS = int(EPOCH.timestamp() * 1000)


def mission(mission_id: int = 1445, ship: str = "SS_DOLPHIN", target: str = "Koppai") -> Mission:
    """A running mission of the registry."""
    return Mission(mission_id=mission_id, ship=ship, captain="Olimar", target=target)


def message(
    seq: int | None = 0,
    *,
    of: Mission | None = None,
    at: datetime | None = None,
    status: ShipStatus = ShipStatus.OK,
    phase: Phase | None = Phase.OUTBOUND,
    fault: Component | None = None,
    outcome: MissionStatus | None = None,
) -> Telemetry:
    """The message of tick `seq` (a second each from EPOCH, unless `at` says otherwise)."""
    flown = of or mission()
    planet = PLANETS[flown.target]
    tick = seq or 0
    return Telemetry(
        timestamp=at or EPOCH + timedelta(seconds=tick),
        mission_id=str(flown.mission_id),
        ship_id=flown.ship,
        coord_x=min(planet.x, 2.4e6 * tick),
        coord_y=min(planet.y, 2.4e6 * tick),
        coord_z=max(planet.z, -2.4e6 * tick),
        fuel_prc=max(0.0, 100 - 0.01 * tick),
        motor_temp_c=90.0,
        engine_pressure_kpa=588.0 if fault is Component.ENGINE else 325.0,
        power_core_temp_c=600.0,
        navigation_signal_db=-70.5,
        distance_from_hocotate_km=2.4e6 * tick,
        status=status,
        malfunctioned_component=fault,
        health_scores=HealthScores(1.0, 1.0, 1.0, 1.0),
        normalized_health_total=1.0 if status is ShipStatus.OK else 0.4,
        ship_condition=Condition.GOOD if status is ShipStatus.OK else Condition.REPAIRING,
        mission_status=outcome,
        seq=seq,
        phase=phase,
    )


def ms(seconds: float) -> int:
    """Milliseconds since 1970 of a moment `seconds` after EPOCH."""
    return EPOCH_MS + int(seconds * 1000)

"""From instruments to telemetry messages."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from ships_client.client.flight import Flight
from ships_client.contracts import HealthScores, Telemetry
from ships_client.sim import Frame
from ships_client.sim.instruments import OUTCOMES
from ships_client.sim.rules import COMPONENTS, CONDITIONS, NONE, PHASES, STATUSES


def compose(frame: Frame, flights: Sequence[Flight], now: datetime) -> Iterator[tuple[Flight, Telemetry]]:
    """What each of `flights` says at this tick; `now` is aware."""
    rows = np.array([flight.berth for flight in flights], dtype=np.int64)
    columns = zip(
        flights,
        frame.seq[rows].tolist(),
        frame.coords[rows].tolist(),
        frame.fuel[rows].tolist(),
        frame.readings[rows].tolist(),
        frame.distance[rows].tolist(),
        frame.phase[rows].tolist(),
        frame.status[rows].tolist(),
        frame.component[rows].tolist(),
        frame.health[rows].tolist(),
        frame.total[rows].tolist(),
        frame.condition[rows].tolist(),
        frame.outcome[rows].tolist(),
        strict=True,
    )
    for flight, seq, xyz, fuel, reading, distance, phase, status, part, health, total, condition, end in columns:
        message = Telemetry(
            timestamp=now,
            mission_id=flight.mission_id,
            ship_id=flight.plan.ship,
            coord_x=xyz[0],
            coord_y=xyz[1],
            coord_z=xyz[2],
            fuel_prc=fuel,
            motor_temp_c=reading[0],
            engine_pressure_kpa=reading[1],
            power_core_temp_c=reading[2],
            navigation_signal_db=reading[3],
            distance_from_hocotate_km=distance,
            status=STATUSES[status],
            malfunctioned_component=None if part == NONE else COMPONENTS[part],
            health_scores=HealthScores(*health),
            normalized_health_total=total,
            ship_condition=CONDITIONS[condition],
            mission_status=None if end == NONE else OUTCOMES[end],
            seq=seq,
            phase=PHASES[phase],
        )
        yield flight, message

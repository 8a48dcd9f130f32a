"""One ship's readings over a stretch of the record: what its panel shows."""

from typing import Final

import numpy as np
import pyarrow as pa

from radar.history import APART_MS, COLUMNS
from radar.replay.rows import Record, time_of
from telemetry.lake.stream import select

HEALTH: Final = ("health_motor", "health_engine", "health_core", "health_fuel")
SHIP_COLUMNS: Final = (*COLUMNS, "seq", *HEALTH)
MOST: Final = 50_000
_READINGS: Final = """
    SELECT epoch_ms(event_time) AS at, coord_x AS x, coord_y AS y, coord_z AS z, fuel_prc AS fuel,
        motor_temp_c AS motor, engine_pressure_kpa AS engine, power_core_temp_c AS core,
        navigation_signal_db AS signal, distance_from_hocotate_km AS dist, seq,
        health_motor, health_engine, health_core, health_fuel
    FROM {table} WHERE mission_id = $mission AND event_time > $begin AND event_time <= $end
    ORDER BY event_time, seq LIMIT $most
"""


def readings(record: Record, mission: int, begin: int, end: int) -> list[list[float | None]]:
    """Rows in the order of SHIP_COLUMNS after `begin` and up to `end` (ms), oldest first and APART_MS apart at least.

    Raises:
        LakeQueryError: the lake does not answer, or not within its limits.
    """
    values = {"mission": mission, "begin": time_of(begin), "end": time_of(end), "most": MOST}
    found = select(record.access, record.messages, _READINGS, values)
    columns = [column.to_pylist() for column in found.take(pa.array(_apart(found))).columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _apart(found: pa.Table) -> list[int]:
    """Places of rows that follow each other no sooner than APART_MS."""
    kept: list[int] = []
    last = -np.inf
    for place, at in enumerate(found.column("at").to_pylist()):
        if at - last >= APART_MS:
            kept.append(place)
            last = at
    return kept

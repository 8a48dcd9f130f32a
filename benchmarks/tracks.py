"""Days of telemetry as a compacted lake holds them: whole missions, sorted by mission and seq. Pure, and fast."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from spark.columns import INGEST_TIME, KAFKA, TELEMETRY, arrow_schema

COLUMNS: Final = (*TELEMETRY, *KAFKA[2:], INGEST_TIME)
"""Those of telemetry.track."""
SCHEMA: Final = arrow_schema(COLUMNS)
FIRST_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
MISSIONS_A_DAY: Final = 1000
ROWS_A_MISSION: Final = 2000
ROWS_A_DAY: Final = MISSIONS_A_DAY * ROWS_A_MISSION
SHIPS: Final = 1000
DAY_S: Final = 86_400
_SECOND: Final = 1_000_000
_NOISE: Final = 4_000_000
"""Random numbers kept, and used from another place on for each column and day: new ones would take the most time."""


def mission_bounds(mission_id: int) -> tuple[datetime, datetime]:
    """When a mission took off and when it ended; missions 0, 1, 2 and so on follow each other in time."""
    day, place = divmod(mission_id, MISSIONS_A_DAY)
    room = DAY_S - ROWS_A_MISSION
    began = FIRST_DAY + timedelta(days=day, seconds=place * room // MISSIONS_A_DAY)
    return began, began + timedelta(seconds=ROWS_A_MISSION)


@cache
def _noise() -> NDArray[np.float64]:
    return np.random.default_rng(0).standard_normal(_NOISE)


class Day:
    """Makes the table of one day, always the same."""

    def __init__(self, day: int) -> None:
        self._day = day
        self._random = np.random.default_rng(day)

    def table(self) -> pa.Table:
        """All rows of the day, (ROWS_A_DAY), sorted by mission_id and seq."""
        day = self._day
        missions = np.arange(MISSIONS_A_DAY) + day * MISSIONS_A_DAY
        starts = np.array([int(mission_bounds(int(number))[0].timestamp()) * _SECOND for number in missions])
        seq = np.tile(np.arange(ROWS_A_MISSION), MISSIONS_A_DAY)
        times = np.repeat(starts, ROWS_A_MISSION) + seq * _SECOND + self._uniform(300_000)
        ids = np.repeat(missions, ROWS_A_MISSION)
        half = ROWS_A_MISSION // 2
        leg = np.where(seq < half, seq, ROWS_A_MISSION - seq).astype(float)
        way = np.repeat(self._random.uniform(-1e6, 1e6, (3, MISSIONS_A_DAY)), ROWS_A_MISSION, axis=1)
        coords = [np.round(leg * axis + 1e4 * self._draw()) for axis in way]
        health = [np.round(np.clip(0.9 + 0.03 * self._draw(), 0, 1), 4) for _ in range(3)]
        fuel = np.round(100 - seq * 0.01, 2)
        broken = self._draw() > 3.0
        values: dict[str, object] = {
            "event_time": times,
            "mission_id": ids,
            "ship_id": self._words([f"SS_{number:04}" for number in range(SHIPS)], ids % SHIPS),
            "seq": seq,
            "phase": self._words(["OUTBOUND", "RETURNING"], (seq >= half).astype(int)),
            **dict(zip(("coord_x", "coord_y", "coord_z"), coords, strict=True)),
            "distance_from_hocotate_km": np.round(np.sqrt(sum(axis * axis for axis in coords)), 1),
            "fuel_prc": fuel,
            "motor_temp_c": np.round(90 + 3 * self._draw(), 3),
            "engine_pressure_kpa": np.round(325 + 12 * self._draw(), 3),
            "power_core_temp_c": np.round(600 + 9 * self._draw(), 3),
            "navigation_signal_db": np.round(np.minimum(-70 + 2 * self._draw(), 0), 3),
            "status": self._words(["OK", "REPAIR"], broken.astype(int)),
            "malfunctioned_component": self._words(["motor_temp_c", None], (~broken).astype(int)),
            **dict(zip(("health_motor", "health_engine", "health_core"), health, strict=True)),
            "health_fuel": np.round(fuel / 100, 4),
            "normalized_health_total": np.round(0.3 * (health[0] + health[1] + health[2]) + fuel / 1000, 4),
            "ship_condition": self._words(["GOOD", "MID"], (health[0] < 0.88).astype(int)),
            "mission_status": self._words([None, "SUCCESS"], (seq == ROWS_A_MISSION - 1).astype(int)),
            "kafka_partition": (ids % 6).astype(np.int32),
            "kafka_offset": (times - starts[0]) // 259_200 + day * (ROWS_A_DAY // 6 + 1),
            "kafka_time": times + 40_000 + self._uniform(5_000),
            "ingest_time": (times // (5 * _SECOND) + 1) * 5 * _SECOND,
        }
        return pa.table([_column(values[field.name], field.type) for field in SCHEMA], schema=SCHEMA)

    def _draw(self) -> NDArray[np.float64]:
        start = int(self._random.integers(_NOISE - ROWS_A_DAY))
        return _noise()[start : start + ROWS_A_DAY]

    def _uniform(self, below: int) -> NDArray[np.int64]:
        return (np.abs(self._draw()) % 1 * below).astype(np.int64)

    @staticmethod
    def _words(words: list[str | None], codes: NDArray[np.int64]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(words, pa.string())).cast(
            pa.string()
        )


def _column(values: object, kind: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values).cast(kind)

"""A judged file of a report: its rows, and the columns of ll that they go to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from ships_client.contracts import ManifestFile

STATE_COLUMNS: Final = (
    "mission_id, seq, timestamp, status, ship_condition, normalized_health_total, motor_health, engine_health, "
    "core_health, fuel_health, fuel_prc, temperature_c, radiation_usv, cargo_integrity_prc, "
    "coord_x, coord_y, coord_z, planet"
)


@dataclass(frozen=True)
class FileRows:
    """A file of a report and its judged rows."""

    file: ManifestFile
    rows: pa.Table

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime] | None:
        """Time of the first and the last row, which stand in order; None without rows."""
        if not self.rows.num_rows:
            return None
        stamps = self.rows.column("timestamp")
        return stamps[0].as_py(), stamps[-1].as_py()

"""Readings of the last three minutes of each ship, one a second at most. Pure."""

from array import array
from typing import Final

from ships_client.contracts import Telemetry

COLUMNS: Final = ("at", "x", "y", "z", "fuel", "motor", "engine", "core", "signal", "dist")
SPAN_MS: Final = 180_000
APART_MS: Final = 900
"""Moments that lie closer together than this are one; ships of faster demos send many messages a second."""

_WIDTH = len(COLUMNS)


class ShipHistory:
    """A window of SPAN_MS over one mission, kept as one flat array (15 kB at most)."""

    __slots__ = ("_data",)

    def __init__(self) -> None:
        self._data = array("d")

    def add(self, message: Telemetry, at_ms: int) -> None:
        """Add a message; one that follows within APART_MS is left out."""
        data = self._data
        if data and at_ms - data[-_WIDTH] < APART_MS:
            return
        data.extend(
            (
                at_ms,
                message.coord_x,
                message.coord_y,
                message.coord_z,
                message.fuel_prc,
                message.motor_temp_c,
                message.engine_pressure_kpa,
                message.power_core_temp_c,
                message.navigation_signal_db,
                message.distance_from_hocotate_km,
            )
        )
        keep = 0
        while data[keep] < at_ms - SPAN_MS:
            keep += _WIDTH
        if keep:
            del data[:keep]

    def rows(self) -> list[list[float]]:
        """Oldest first, a row in the order of COLUMNS."""
        data = self._data
        return [data[i : i + _WIDTH].tolist() for i in range(0, len(data), _WIDTH)]

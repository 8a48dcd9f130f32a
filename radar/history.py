"""Readings of the last three minutes of each ship, one a second at most. Pure."""

from array import array
from typing import Final

from ships_client.contracts import Telemetry

COLUMNS: Final = ("at", "x", "y", "z", "fuel", "motor", "engine", "core", "signal", "dist")
SPAN_MS: Final = 180_000
APART_MS: Final = 900
"""Moments that lie closer together than this are one; ships of faster demos send many messages a second."""

_READINGS: Final = len(COLUMNS) - 1


class ShipHistory:
    """A window of SPAN_MS over one mission, kept as flat arrays (9 kB at most): moments, and what was read then."""

    __slots__ = ("_moments", "_readings")

    def __init__(self) -> None:
        self._moments = array("d")
        # Single precision: 7 digits are more than a page shows of a reading, and places are right to 256 km.
        self._readings = array("f")

    def add(self, message: Telemetry, at_ms: int) -> None:
        """Add a message; one that follows within APART_MS is left out."""
        moments, readings = self._moments, self._readings
        if moments and at_ms - moments[-1] < APART_MS:
            return
        moments.append(at_ms)
        readings.extend(
            (
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
        while moments[keep] < at_ms - SPAN_MS:
            keep += 1
        if keep:
            del moments[:keep]
            del readings[: keep * _READINGS]

    def rows(self) -> list[list[float]]:
        """Oldest first, a row in the order of COLUMNS; numbers are rounded to what a page can show."""
        readings = self._readings
        return [
            [moment, *(round(value, 3) for value in readings[at * _READINGS : (at + 1) * _READINGS])]
            for at, moment in enumerate(self._moments)
        ]

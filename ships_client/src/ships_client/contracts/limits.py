"""Between which values the parts of a ship work. Source: the company's flight manual."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct


class Limits(Struct, frozen=True):
    """A reading's best value, and those beyond which the part is broken, in the unit of its column.

    Attributes:
        high: None where more can't be too much.
    """

    low: float
    best: float
    high: float | None


LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "motor_temp_c": Limits(30.0, 90.0, 180.0),
        "engine_pressure_kpa": Limits(100.0, 325.0, 600.0),
        "power_core_temp_c": Limits(300.0, 600.0, 950.0),
        "fuel_prc": Limits(5.0, 100.0, None),
    }
)
"""By column of a message."""

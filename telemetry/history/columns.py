"""The columns of a mission's history, and which of them an answer or an export has."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from telemetry.history.errors import HistoryInvalid

_TIME: Final = pa.timestamp("us", tz="UTC")

IDENTITY: Final = pa.schema(
    [
        ("event_time", _TIME),
        ("seq", pa.int64()),
        ("kafka_partition", pa.int32()),
        ("kafka_offset", pa.int64()),
        ("kafka_time", _TIME),
    ]
)
"""What makes a row one, orders rows, and tells when the broker had them."""

EXPORTED: Final = pa.schema(
    [
        ("event_time", _TIME),
        ("mission_id", pa.int64()),
        ("ship_id", pa.string()),
        ("seq", pa.int64()),
        ("phase", pa.string()),
        ("coord_x", pa.float64()),
        ("coord_y", pa.float64()),
        ("coord_z", pa.float64()),
        ("distance_from_hocotate_km", pa.float64()),
        ("fuel_prc", pa.float64()),
        ("motor_temp_c", pa.float64()),
        ("engine_pressure_kpa", pa.float64()),
        ("power_core_temp_c", pa.float64()),
        ("navigation_signal_db", pa.float64()),
        ("status", pa.string()),
        ("malfunctioned_component", pa.string()),
        ("health_motor", pa.float64()),
        ("health_engine", pa.float64()),
        ("health_core", pa.float64()),
        ("health_fuel", pa.float64()),
        ("normalized_health_total", pa.float64()),
        ("ship_condition", pa.string()),
        ("mission_status", pa.string()),
        ("kafka_time", _TIME),
    ]
)
"""All that an export may have, in this order; names and types as in the lake."""

NUMBERS: Final = tuple(field.name for field in EXPORTED if field.type == pa.float64())
"""What a chart may show."""

READINGS: Final = (
    "motor_temp_c",
    "engine_pressure_kpa",
    "power_core_temp_c",
    "navigation_signal_db",
    "fuel_prc",
    "distance_from_hocotate_km",
)
"""What a chart shows when nothing is asked for."""


def chosen(text: str | None, allowed: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that `a,b,c` names, each once and in that order; without a text the default.

    Raises:
        HistoryInvalid: there is no such column, or none at all.
    """
    if text is None:
        return default
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise HistoryInvalid(f"columns names none; leave it out, or choose of {', '.join(allowed)}.")
    for name in names:
        if name not in allowed:
            shown = name if len(name) <= 40 else name[:40] + "…"
            raise HistoryInvalid(f"columns names {shown!r}, which is not there; choose of {', '.join(allowed)}.")
    return names


def read_schema(columns: tuple[str, ...]) -> pa.Schema:
    """The identity, and the columns beside it, as they are read."""
    return pa.schema([*IDENTITY, *(EXPORTED.field(name) for name in columns if name not in IDENTITY.names)])

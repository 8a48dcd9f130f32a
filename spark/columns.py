"""The columns of the lake's tables, once: from here come the DDL, the Arrow schemas and the values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

ARROW_TYPES: Final = {
    "timestamp": pa.timestamp("us", tz="UTC"),
    "bigint": pa.int64(),
    "int": pa.int32(),
    "double": pa.float64(),
    "string": pa.string(),
    "binary": pa.binary(),
}


@dataclass(frozen=True)
class Column:
    """One column: name, Spark SQL type, what it means, and for fields of a message where it comes from."""

    name: str
    type: str
    comment: str
    attribute: str = ""


TELEMETRY: Final = (
    Column("event_time", "timestamp", "When the ship took its readings", "timestamp"),
    Column("mission_id", "bigint", "Mission in the registry", "mission_id"),
    Column("ship_id", "string", "Name of the ship", "ship_id"),
    Column("seq", "bigint", "0, 1, 2 ... within a mission; null in version 1", "seq"),
    Column("phase", "string", "OUTBOUND, ON_PLANET, RETURNING, HOME, LOST; null in version 1", "phase"),
    Column("coord_x", "double", "km from Hocotate", "coord_x"),
    Column("coord_y", "double", "km from Hocotate", "coord_y"),
    Column("coord_z", "double", "km from Hocotate", "coord_z"),
    Column("distance_from_hocotate_km", "double", "km", "distance_from_hocotate_km"),
    Column("fuel_prc", "double", "Percent, 0..100", "fuel_prc"),
    Column("motor_temp_c", "double", "Degrees Celsius", "motor_temp_c"),
    Column("engine_pressure_kpa", "double", "kPa", "engine_pressure_kpa"),
    Column("power_core_temp_c", "double", "Degrees Celsius", "power_core_temp_c"),
    Column("navigation_signal_db", "double", "dB", "navigation_signal_db"),
    Column("status", "string", "OK, REPAIR, FAILURE", "status"),
    Column("malfunctioned_component", "string", "The broken part; null when none is", "malfunctioned_component"),
    Column("health_motor", "double", "0..1", "health_scores.motor"),
    Column("health_engine", "double", "0..1", "health_scores.engine"),
    Column("health_core", "double", "0..1", "health_scores.core"),
    Column("health_fuel", "double", "0..1", "health_scores.fuel"),
    Column("normalized_health_total", "double", "0..1", "normalized_health_total"),
    Column("ship_condition", "string", "GOOD, MID, BAD, CRITICAL, REPAIRING, UNOPERATIONAL", "ship_condition"),
    Column("mission_status", "string", "SUCCESS or FAILURE on the last message, else null", "mission_status"),
)
VERDICT: Final = (
    Column("reason", "string", "Why the message was refused", "reason"),
    Column("field", "string", "The field that is wrong, where one is", "field"),
    Column("detail", "string", "What is wrong with it", "detail"),
    Column("raw", "binary", "The message as it came"),
)
KEY: Final = Column("kafka_key", "binary", "Key of the message, which chose its partition")
KAFKA: Final = (
    Column("contract", "string", "Contract that the producer named in the header"),
    Column("kafka_topic", "string", "Topic"),
    Column("kafka_partition", "int", "Partition"),
    Column("kafka_offset", "bigint", "Offset; with the partition it names the message"),
    Column("kafka_time", "timestamp", "When the broker took the message"),
)
INGEST_TIME: Final = Column("ingest_time", "timestamp", "When the micro-batch that wrote the row began")

RAW: Final = (*TELEMETRY, *KAFKA, INGEST_TIME)
DEAD_LETTERS: Final = (*VERDICT, KEY, *KAFKA, INGEST_TIME)

_PLACE: Final = tuple(column for column in KAFKA if column.name in ("kafka_partition", "kafka_offset", "kafka_time"))
TRACK: Final = (*TELEMETRY, *_PLACE, INGEST_TIME)

READINGS: Final = (
    ("fuel_prc", "percent"),
    ("motor_temp_c", "degrees Celsius"),
    ("engine_pressure_kpa", "kPa"),
    ("power_core_temp_c", "degrees Celsius"),
    ("navigation_signal_db", "dB"),
    ("distance_from_hocotate_km", "km"),
    ("normalized_health_total", "0..1"),
)
"""What ship_minute sums up, with units."""

_SUMMED: Final = (("min", "Lowest"), ("avg", "Mean"), ("max", "Highest"))
_AXES: Final = ("x", "y", "z")
SHIP_MINUTE: Final = (
    Column("minute", "timestamp", "Begin of the minute of event_time, UTC"),
    Column("ship_id", "string", "Name of the ship"),
    Column("mission_id", "bigint", "Mission of its last message in the minute"),
    Column("messages", "bigint", "Messages of the minute, each seq once"),
    Column("gaps", "bigint", "seq missing before messages of this minute, looking back to the minute before"),
    Column("late", "bigint", "Messages that the broker took more than 60 s after their time"),
    Column("first_seq", "bigint", "seq of the first message; null in version 1"),
    Column("last_seq", "bigint", "seq of the last message; null in version 1"),
    Column("first_time", "timestamp", "event_time of the first message"),
    Column("last_time", "timestamp", "event_time of the last message"),
    *(Column(f"first_{axis}", "double", "km from Hocotate, at the first message") for axis in _AXES),
    *(Column(f"last_{axis}", "double", "km from Hocotate, at the last message") for axis in _AXES),
    *(
        Column(f"{reading}_{short}", "double", f"{long} of the minute, {unit}")
        for reading, unit in READINGS
        for short, long in _SUMMED
    ),
    Column("repairs", "bigint", "Messages in status REPAIR"),
    Column("failures", "bigint", "Messages in status FAILURE"),
)


def arrow_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """The Arrow schema of some columns."""
    return pa.schema([(column.name, ARROW_TYPES[column.type]) for column in columns])


def sql_schema(columns: tuple[Column, ...]) -> str:
    """The columns as Spark names a schema: `name type, name type`."""
    return ", ".join(f"{column.name} {column.type}" for column in columns)

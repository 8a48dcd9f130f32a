"""PostgreSQL's types and values as the answers to queries name them: those of the lake's SQL. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from telemetry.lake.output import EXACT

TYPES: Final = MappingProxyType(
    {
        "bool": "BOOLEAN",
        "int2": "SMALLINT",
        "int4": "INTEGER",
        "int8": "BIGINT",
        "oid": "BIGINT",
        "float4": "FLOAT",
        "float8": "DOUBLE",
        "numeric": "DECIMAL",
        "date": "DATE",
        "timestamp": "TIMESTAMP",
        "timestamptz": "TIMESTAMP WITH TIME ZONE",
        "interval": "INTERVAL",
        "jsonb": "JSON",
        "json": "JSON",
        "bytea": "BLOB",
    }
)
"""By PostgreSQL's name; the rest are VARCHAR, or named as PostgreSQL names them."""


def type_name(name: str | None) -> str:
    """The name of a type in an answer."""
    if name is None or name in ("text", "varchar", "name", "bpchar", "unknown"):
        return "VARCHAR"
    if name.endswith("[]"):
        return f"{type_name(name[:-2])}[]"
    return TYPES.get(name, name.upper())


def row(values: Sequence[Any]) -> tuple[Any, ...]:
    """A row with what numeric brings as numbers, where they keep their value."""
    return tuple(_number(value) if isinstance(value, Decimal) else value for value in values)


def _number(value: Decimal) -> Any:
    if not value.is_finite():
        return str(value)
    if value == value.to_integral_value():
        return int(value) if abs(value) <= EXACT else str(value)
    return float(value)

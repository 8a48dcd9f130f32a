"""A mart whole, for CSV and Parquet."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from telemetry.lake.output import as_csv
from telemetry.lake.result import Result

if TYPE_CHECKING:
    import pyarrow as pa

MOST: Final = 100_000
"""Rows of a download."""

MARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mart_fleet_kpis": "period",
        "mart_fleet_daily": "day",
        "mart_planet_performance": "planet",
        "mart_captain_performance": "captain",
        "mart_ship_performance": "ship_name",
    }
)
"""The marts by name, and the column that their downloads are sorted by."""

TYPES: Final[Mapping[int, str]] = MappingProxyType(
    {16: "bool", 20: "int64", 21: "int64", 23: "int64", 700: "double", 701: "double", 1082: "date32", 1700: "double"}
)
"""Arrow's type by PostgreSQL's number of a type; times apart, the rest is text."""
TIMES: Final = frozenset({1114, 1184})


class NotBuilt(Exception):
    """The marts are not there yet."""


@dataclass(frozen=True)
class Column:
    """A column: its name and PostgreSQL's number of its type."""

    name: str
    oid: int


@dataclass(frozen=True)
class Rows:
    """A mart's columns and rows."""

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]


def mart_rows(name: str, *, period: str, days: int | None) -> Rows:
    """The rows of a mart of one period; of mart_fleet_daily the last `days`, all for None. At most MOST.

    Raises:
        NotBuilt: there is no such table yet.
        KeyError: there is no such mart.
    """
    order = MARTS[name]
    if name == "mart_fleet_daily":
        condition = sql.SQL("{days}::int IS NULL OR day > (SELECT max(day) FROM sl.mart_fleet_daily) - {days}::int")
    else:
        condition = sql.SQL("period = {period}")
    statement = sql.SQL("SELECT * FROM sl.{mart} WHERE {condition} ORDER BY {order} LIMIT {most}").format(
        mart=sql.Identifier(name),
        condition=condition.format(days=sql.Literal(days), period=sql.Literal(period)),
        order=sql.Identifier(order),
        most=sql.Literal(MOST),
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            columns = tuple(Column(column.name, column.type_code) for column in cursor.description)
            return Rows(columns, cursor.fetchall())
    except ProgrammingError as error:
        if isinstance(error.__cause__, psycopg.errors.UndefinedTable | psycopg.errors.InvalidSchemaName):
            raise NotBuilt("No mart is built yet: run `manage.py build_marts`.") from None
        raise


def csv_bytes(found: Rows) -> bytes:
    """A header and a line a row; null is empty, times are ISO 8601."""
    columns = tuple((column.name, str(column.oid)) for column in found.columns)
    rows = [tuple(_number(value) for value in row) for row in found.rows]
    return as_csv(Result(columns, rows, truncated=False, seconds=0.0)).encode()


def parquet_bytes(found: Rows) -> bytes:
    """A Parquet file with the types of the mart; numeric is double there."""
    # Here, because it takes 60 MB, and few ask for a file.
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = [
        pa.array([_number(row[place]) for row in found.rows], type=_arrow(column))
        for place, column in enumerate(found.columns)
    ]
    table = pa.table(dict(zip([column.name for column in found.columns], arrays, strict=True)))
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _arrow(column: Column) -> pa.DataType:
    import pyarrow as pa

    if column.oid in TIMES:
        return pa.timestamp("us", tz="UTC")
    return pa.type_for_alias(TYPES.get(column.oid, "string"))


def _number(value: Any) -> Any:
    """numeric comes as Decimal, which neither file has."""
    return float(value) if isinstance(value, Decimal) else value

"""Reads of the marts of schema sl, which the warehouse builds; each by its name, in pages by its key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from django.db import ProgrammingError, connection, transaction
from psycopg import sql
from psycopg.errors import InvalidSchemaName, UndefinedTable

from telemetry.exceptions import MartNotBuilt

TENTHS: Final = 6
"""Digits behind the point of an average."""


class Mart(StrEnum):
    """The marts, as tables are named behind `sl.mart_`."""

    FLEET_KPIS = "fleet_kpis"
    FLEET_DAILY = "fleet_daily"
    PLANET_PERFORMANCE = "planet_performance"
    CAPTAIN_PERFORMANCE = "captain_performance"
    SHIP_PERFORMANCE = "ship_performance"


class Period(StrEnum):
    """Missions that finished within so many days before the build."""

    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    ALL = "all"


KEYS: Final[dict[Mart, str]] = {
    Mart.FLEET_KPIS: "period",
    Mart.FLEET_DAILY: "day",
    Mart.PLANET_PERFORMANCE: "planet",
    Mart.CAPTAIN_PERFORMANCE: "captain",
    Mart.SHIP_PERFORMANCE: "ship_name",
}
"""The column that, beside the period, tells a mart's rows apart; pages are in its order."""


@dataclass(frozen=True, slots=True)
class MartPage:
    """Rows by column; `next` is the key of the last one when there are more."""

    rows: list[dict[str, Any]]
    next: str | None


def mart_page(mart: Mart, *, period: Period, limit: int, after: str | None = None) -> MartPage:
    """Up to `limit` rows of a mart behind the key `after`; fleet_daily has days in place of a period.

    Raises:
        MartNotBuilt: no marts were built so far.
    """
    key = KEYS[mart]
    parts = [sql.SQL("SELECT * FROM sl.{}").format(sql.Identifier(f"mart_{mart}")), sql.SQL("WHERE true")]
    values: dict[str, Any] = {"limit": limit + 1}
    if mart is not Mart.FLEET_DAILY:
        parts.append(sql.SQL("AND period = %(period)s"))
        values["period"] = period.value
    if after is not None:
        parts.append(sql.SQL("AND {}::text > %(after)s").format(sql.Identifier(key)))
        values["after"] = after
    parts.append(sql.SQL("ORDER BY {}::text LIMIT %(limit)s").format(sql.Identifier(key)))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.SQL(" ").join(parts).as_string(None), values)
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable | InvalidSchemaName):
            raise
        raise MartNotBuilt(
            f"The mart {mart} is not built yet; `manage.py build_marts` builds all, as does the next report."
        ) from None
    more = len(rows) > limit
    return MartPage(rows[:limit], str(rows[limit - 1][key]) if more else None)


def _plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else round(float(value), TENTHS)
    if isinstance(value, float):
        return round(value, TENTHS)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value

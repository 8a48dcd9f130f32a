"""What the page /analytics/ shows, out of the serving layer.

All of it comes by one statement, hence of one snapshot: while new marts are published, no panel shows another build
than the next one.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Final, cast

import psycopg
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from telemetry.analytics.asked import LONGEST, SORTS, Asked

FEW: Final = 15
"""Rows that a table shows until all are asked for."""
MOST: Final = 500
"""Rows that it shows then; the downloads hold the rest."""

Row = dict[str, Any]

_TABLES: Final = {
    "planets": ("mart_planet_performance", "planet"),
    "captains": ("mart_captain_performance", "captain"),
    "ships": ("mart_ship_performance", "ship_name"),
}
"""By table of the page, its mart and what a row is about."""

_STATEMENT: Final = sql.SQL("""
SELECT json_build_object(
    'built', (SELECT row_to_json(b) FROM (
        SELECT started_at, finished_at, missions FROM ll.mart_builds WHERE state = 'built' ORDER BY id DESC LIMIT 1) b),
    'last', (SELECT row_to_json(b) FROM (
        SELECT state, reason, started_at FROM ll.mart_builds ORDER BY id DESC LIMIT 1) b),
    'fleet', (SELECT row_to_json(f) FROM (
        SELECT * FROM sl.mart_fleet_kpis WHERE period = %(period)s LIMIT 1) f),
    'days', (SELECT coalesce(json_agg(d), '[]') FROM (
        SELECT * FROM sl.mart_fleet_daily ORDER BY day DESC LIMIT %(days)s) d),
    'planets', {planets}, 'captains', {captains}, 'ships', {ships})
""")
_TABLE: Final = sql.SQL("""json_build_object(
    'count', (SELECT count(*) FROM sl.{mart} WHERE {condition}),
    'rows', (SELECT coalesce(json_agg(r), '[]') FROM (
        SELECT * FROM sl.{mart} WHERE {condition} ORDER BY {column} {direction} NULLS LAST, {key} LIMIT {most}) r))""")


@dataclass(frozen=True)
class Build:
    """A build of the marts that went well: when it began, where their periods end, when it ended, and of how many
    finished missions it is."""

    started_at: dt.datetime
    finished_at: dt.datetime
    missions: int


@dataclass(frozen=True)
class Table:
    """Rows of one table of the page, in its order, of `count` that there are."""

    rows: list[Row]
    count: int


@dataclass(frozen=True)
class Analytics:
    """The marts of a period.

    Attributes:
        built: the build that they are of.
        failed: why the newest build failed; empty when it did not.
        running: whether one runs now.
        fleet: the row of sl.mart_fleet_kpis; empty when the period has none.
        days: rows of sl.mart_fleet_daily, the newest first.
        tables: by their names in SORTS.
    """

    built: Build
    failed: str
    running: bool
    fleet: Row
    days: list[Row]
    tables: dict[str, Table]


def analytics(asked: Asked) -> Analytics | None:
    """The marts as they stand; None while none was ever built."""
    told = _told(asked)
    if told is None or told["built"] is None:
        return None
    built, last = told["built"], told["last"]
    return Analytics(
        built=Build(
            dt.datetime.fromisoformat(built["started_at"]),
            dt.datetime.fromisoformat(built["finished_at"]),
            built["missions"],
        ),
        failed=(last["reason"] or "It gives no reason.") if last["state"] == "failed" else "",
        running=last["state"] == "running",
        fleet=told["fleet"] or {},
        days=told["days"],
        tables={name: Table(told[name]["rows"], told[name]["count"]) for name in _TABLES},
    )


def _told(asked: Asked) -> dict[str, Any] | None:
    statement = _STATEMENT.format(**{name: _table(name, asked) for name in _TABLES})
    values = {
        "period": asked.period,
        "band": asked.band.value if asked.band else None,
        "days": asked.days or LONGEST,
    }
    try:
        # A table that is not there would else end the transaction that the caller may be in.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            (told,) = cursor.fetchone()
    except ProgrammingError as error:
        if isinstance(error.__cause__, psycopg.errors.UndefinedTable | psycopg.errors.InvalidSchemaName):
            return None
        raise
    return cast("dict[str, Any]", json.loads(told) if isinstance(told, str) else told)


def _condition(name: str, asked: Asked) -> sql.SQL:
    """The rows of a period: of planets all, or those of a band; of captains and ships those that flew in it."""
    if name != "planets":
        return sql.SQL("period = %(period)s AND nb_missions > 0")
    return sql.SQL("period = %(period)s AND band = %(band)s" if asked.band else "period = %(period)s")


def _table(name: str, asked: Asked) -> sql.Composed:
    mart, key = _TABLES[name]
    order = asked.sorts[name]
    return _TABLE.format(
        mart=sql.Identifier(mart),
        condition=_condition(name, asked),
        column=sql.Identifier(SORTS[name][order.word]),
        direction=sql.SQL("DESC" if order.descending else "ASC"),
        key=sql.Identifier(key),
        most=sql.Literal(MOST if name in asked.whole or name == "planets" else FEW),
    )

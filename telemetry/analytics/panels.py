"""The page's panels, each with its addresses: what the template draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from telemetry.marts.analytics import Analytics

from .asked import BANDS, PERIODS, SORTS, Asked
from .links import file_url, missions_url, page_url, sql_url
from .scatter import Scatter, finding, scatter
from .tables import Head, Line, Sheet, sheet
from .tiles import Tile, tiles

SIZES: Final = {"desk": (700, 458), "phone": (350, 400)}
"""Width and height of the picture of the planets."""


@dataclass(frozen=True)
class Choice:
    """One of a few: its title, where it leads, and whether it is chosen."""

    title: str
    url: str
    on: bool


@dataclass(frozen=True)
class Source:
    """The mart of a panel: its name, its query, its files."""

    mart: str
    sql: str
    csv: str
    parquet: str


@dataclass(frozen=True)
class Panel:
    """A table with its addresses."""

    sheet: Sheet
    source: Source
    heads: list[tuple[Head, str]]
    lines: list[tuple[Line, str, str]]
    whole: str


@dataclass(frozen=True)
class Page:
    """All panels; `pictures` are the planets for a desk and for a phone."""

    fleet: Source
    tiles: list[tuple[Tile, str]]
    planets: Panel
    pictures: dict[str, Scatter]
    finding: str
    peers: list[Panel]
    periods: list[Choice]
    bands: list[Choice]
    running: int
    running_url: str


def page(found: Analytics, asked: Asked) -> Page:
    """The page of some marts."""
    since = _since(found, asked)
    panels = {name: _panel(name, found, asked, since) for name in SORTS}
    planets = found.tables["planets"].rows
    return Page(
        fleet=_source("mart_fleet_kpis", asked, {"period": asked.period}, "period"),
        tiles=[
            (tile, missions_url(since, status=tile.status)) for tile in tiles(found.fleet, found.days, asked.period)
        ],
        planets=panels["planets"],
        pictures={name: scatter(planets, width=width, height=height) for name, (width, height) in SIZES.items()},
        finding=finding(planets),
        peers=[panels["captains"], panels["ships"]],
        periods=periods(asked),
        bands=_bands(asked),
        running=found.fleet.get("nb_running") or 0,
        running_url=missions_url(None, status="running"),
    )


def periods(asked: Asked) -> list[Choice]:
    """The choice of a period."""
    return [
        Choice(title, page_url(asked, period=period), period == asked.period) for period, (title, _) in PERIODS.items()
    ]


def _bands(asked: Asked) -> list[Choice]:
    named: Iterable[tuple[str, Any]] = [("All bands", None), *((band.value.capitalize(), band) for band in BANDS)]
    return [Choice(title, page_url(asked, band=band), band is asked.band) for title, band in named]


def _since(found: Analytics, asked: Asked) -> dt.datetime | None:
    """Since when missions count that ended: the marts are of so many days before their build began."""
    return found.built.started_at - dt.timedelta(asked.days) if asked.days else None


def _source(mart: str, asked: Asked, conditions: dict[str, str], order: str) -> Source:
    return Source(
        mart=f"sl.{mart}",
        sql=sql_url(mart, conditions, order),
        csv=file_url(mart, "csv", asked.period),
        parquet=file_url(mart, "parquet", asked.period),
    )


def _panel(name: str, found: Analytics, asked: Asked, since: dt.datetime | None) -> Panel:
    table, order = found.tables[name], asked.sorts[name]
    shown = sheet(name, table.rows, table.count, asked)
    conditions = {"period": asked.period}
    if name == "planets" and asked.band:
        conditions["band"] = asked.band.value
    column = SORTS[name][order.word]
    about = [(line, {shown.one: line.name}) for line in shown.lines]
    return Panel(
        sheet=shown,
        source=_source(shown.mart, asked, conditions, f"{column} {'DESC ' if order.descending else ''}NULLS LAST"),
        heads=[(head, page_url(asked, sorts={**asked.sorts, name: head.sort})) for head in shown.heads],
        lines=[
            (line, missions_url(since, **whose), missions_url(since, **whose, status="success"))
            for line, whose in about
        ],
        whole=page_url(replace(asked, whole=asked.whole | {name})) if shown.more else "",
    )

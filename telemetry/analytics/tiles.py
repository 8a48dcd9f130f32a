"""The fleet's figures with their change against the period before, and a line of their days. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .asked import LONGEST, PERIODS
from .spark import Spark, spark
from .words import MINUS, change, number, scaled, share

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tile:
    """One figure: what it is of, its value and unit, its change or what it is made of, its days; `status` is what the
    missions behind it are filtered by."""

    title: str
    value: str
    unit: str
    note: str
    spark: Spark
    status: str = ""


def tiles(fleet: Row, days: Sequence[Row], period: str) -> list[Tile]:
    """The six figures of a period; `days` are rows of sl.mart_fleet_daily, the newest first."""
    before = _before(period)
    line = _lines(days, PERIODS[period][1])

    def figure(
        title: str, column: str, digits: int, *, percent: bool = False, status: str = "", empty: float | None = None
    ) -> Tile:
        now, then = fleet.get(column), fleet.get(f"prev_{column}")
        moved = _changed(now, then, digits, " points" if percent else "", before)
        said = f"{title} a day{', %' if percent else ''}"
        return Tile(title, number(now, digits), "%" if percent else "", moved, line(column, said, empty), status)

    value = fleet.get("total_value_poko")
    worth, letter = (number(None), "") if value is None else scaled(value)
    return [
        figure("Missions finished", "nb_missions", 0, empty=0),
        figure("Success rate", "success_rate_pct", 1, percent=True, status="success"),
        figure("Average health", "avg_health", 2),
        figure("Time in good condition", "avg_uptime_pct", 1, percent=True),
        Tile(
            "Value",
            worth,
            f"{letter} Poko".strip(),
            _worth(value, fleet.get("prev_total_value_poko"), before),
            line("total_value_poko", "Value a day, Poko", 0),
        ),
        Tile(
            "Ticks kept",
            share(fleet.get("ticks_kept_pct")),
            "%",
            _kept(fleet),
            line("ticks_kept_pct", "Ticks kept a day, %"),
        ),
    ]


def _before(period: str) -> str:
    title, days = PERIODS[period]
    return f" on the {title} before" if days else ""


def _changed(now: float | None, then: float | None, digits: int, unit: str, before: str) -> str:
    if not before:
        return "of all time"
    if now is None or then is None:
        return f"nothing to compare with{before.replace(' on', ' in')}"
    moved = round(now - then, digits)
    return f"{change(moved, digits)}{unit}{before}" if moved else f"unchanged{before}"


def _worth(now: float | None, then: float | None, before: str) -> str:
    if not before or now is None or then is None:
        return _changed(now, then, 0, " Poko", before)
    figure, letter = scaled(abs(now - then))
    sign = "+" if now > then else MINUS
    return f"{sign}{figure} {letter}".rstrip() + f" Poko{before}" if now != then else f"unchanged{before}"


def _kept(fleet: Row) -> str:
    total, expected = fleet.get("total_ticks"), fleet.get("expected_ticks")
    if not expected or total is None:
        return "no mission told how many it has"
    figure, letter = scaled(expected)
    whole = f"{figure} {letter}".rstrip()
    missing = expected - total
    return f"{number(missing)} missing of {whole}" if missing > 0 else f"all of {whole}"


def _lines(days: Sequence[Row], reach: int | None) -> Callable[..., Spark]:
    """Draws a column of the days, from the oldest on; days without a finished mission are gaps, or `empty`."""
    by_day = {dt.date.fromisoformat(row["day"]): row for row in days}
    newest = max(by_day, default=None)
    length = reach or (min((newest - min(by_day)).days + 1, LONGEST) if newest else 0)
    span = [newest - dt.timedelta(days=back) for back in reversed(range(length))] if newest else []

    def line(column: str, said: str, empty: float | None = None) -> Spark:
        return spark([by_day[day].get(column) if day in by_day else empty for day in span], said)

    return line

"""The tables of planets, captains and ships: their heads, cells and intervals. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from .asked import WORDS, Asked, Sort
from .scatter import floor_of
from .words import NONE, number

Row = Mapping[str, Any]
MARGIN: Final = 3.0
HEAT: Final = (0.8, 0.82, 0.84, 0.87)
"""Health at which the next of five steps of heat begins."""
WIDTH: Final = 112.0


@dataclass(frozen=True)
class Head:
    """A column's head: `sort` is what its link asks for, `sorted` how it is sorted now, as aria-sort says it."""

    title: str
    word: str
    numeric: bool
    sort: Sort
    sorted: str


@dataclass(frozen=True)
class Interval:
    """A rate with its whisker, in units of a picture of WIDTH by 12, with its `ticks`."""

    low: float
    at: float
    high: float


@dataclass(frozen=True)
class Line:
    """A row: whose it is, its cells by word, and what its health looks like (1..5; 0 for none)."""

    rank: int
    name: str
    band: str
    cells: Mapping[str, str]
    interval: Interval | None
    heat: int


@dataclass(frozen=True)
class Sheet:
    """A table of the page.

    Attributes:
        name: as in SORTS; `one` is what a row is about, as the filter of the missions calls it.
        spoken: how it is sorted, for those who hear it.
        ticks: where the interval's scale has its ticks; it goes from `floor` to 100 %.
        more: how many rows are not shown.
    """

    name: str
    one: str
    title: str
    mart: str
    spoken: str
    heads: list[Head]
    lines: list[Line]
    floor: int
    ticks: list[float]
    count: int
    more: int


_COLUMNS: Final[Mapping[str, tuple[tuple[str, str, bool], ...]]] = MappingProxyType(
    {
        "planets": (
            ("planet", "Planet", False),
            ("missions", "Missions", True),
            ("success", "Success, %", True),
            ("uptime", "Uptime, %", True),
            ("health", "Health", False),
            ("value", "Value each, Poko", True),
        ),
        "captains": (
            ("captain", "Captain", False),
            ("missions", "Missions", True),
            ("success", "Success, %", True),
            ("health", "Health", False),
            ("value", "Value, Poko", True),
            ("ship", "Favourite ship", False),
        ),
        "ships": (
            ("ship", "Ship", False),
            ("missions", "Missions", True),
            ("success", "Success, %", True),
            ("health", "Health", False),
            ("value", "Value, Poko", True),
            ("repairs", "Repairs a mission", True),
        ),
    }
)
_ABOUT: Final = {
    "planets": ("planet", "Planets", "mart_planet_performance", "planet"),
    "captains": ("captain", "Captains", "mart_captain_performance", "captain"),
    "ships": ("ship", "Ships", "mart_ship_performance", "ship_name"),
}
_CELLS: Final[Mapping[str, Callable[[Row], str]]] = MappingProxyType(
    {
        "missions": lambda row: number(row["nb_missions"]),
        "success": lambda row: number(row["success_rate_pct"], 1),
        "uptime": lambda row: number(row["avg_uptime_pct"], 1),
        "health": lambda row: number(row["avg_health"], 2),
    }
)


def sheet(name: str, rows: Sequence[Row], count: int, asked: Asked) -> Sheet:
    """One table in the order that is asked for."""
    one, title, mart, key = _ABOUT[name]
    floor, order = floor_of(rows), asked.sorts[name]
    return Sheet(
        name=name,
        one=one,
        title=title,
        mart=mart,
        spoken=f"{title}, sorted by {_title(name, order.word)}, {order.spoken}",
        heads=[_head(word, title, numeric, order) for word, title, numeric in _COLUMNS[name]],
        lines=[_line(name, rank, row[key], row, floor) for rank, row in enumerate(rows, 1)],
        floor=floor,
        ticks=[_place(rate, floor) for rate in range(floor, 101, (100 - floor) // 4)],
        count=count,
        more=max(count - len(rows), 0),
    )


def _title(name: str, word: str) -> str:
    titles = {known: title for known, title, _ in _COLUMNS[name]}
    return titles.get(word, word).partition(",")[0].lower()


def _head(word: str, title: str, numeric: bool, order: Sort) -> Head:
    """Once more on the sorted column turns it round; another begins with its best: A, or the highest."""
    mine = order.word == word
    sort = Sort(word, not order.descending) if mine else Sort(word, word not in WORDS)
    return Head(title, word, numeric, sort, ("descending" if order.descending else "ascending") if mine else "")


def _line(name: str, rank: int, who: str, row: Row, floor: int) -> Line:
    cells = {word: cell(row) for word, cell in _CELLS.items() if word != "uptime" or name == "planets"}
    if name == "planets":
        cells["value"] = number(row["avg_value_poko"])
    else:
        cells["value"] = number(row["total_value_poko"])
    if name == "captains":
        cells["ship"] = row["favourite_ship"] or NONE
    if name == "ships":
        cells["repairs"] = number(row["avg_repairs"], 2)
    health = row["avg_health"]
    heat = 0 if health is None else 1 + sum(health >= step for step in HEAT)
    return Line(rank, who, row.get("band") or "", cells, _interval(row, floor), heat)


def _interval(row: Row, floor: int) -> Interval | None:
    if row["success_rate_pct"] is None:
        return None
    low, at, high = (_place(row[c], floor) for c in ("success_low_pct", "success_rate_pct", "success_high_pct"))
    return Interval(low, at, high)


def _place(rate: float, floor: int) -> float:
    return round(MARGIN + max(0.0, (rate - floor) / (100 - floor)) * (WIDTH - 2 * MARGIN), 1)

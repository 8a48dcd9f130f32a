"""What the address of the page asks for: period, band, and how each table is sorted. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ships_client.contracts.world import Band

PERIODS: Final[Mapping[str, tuple[str, int | None]]] = MappingProxyType(
    {"7d": ("7 days", 7), "30d": ("30 days", 30), "90d": ("90 days", 90), "all": ("All", None)}
)
"""Periods of the marts: their title, and how many days they reach back."""
USUAL: Final = "30d"
LONGEST: Final = 400
"""Days that sl.mart_fleet_daily reaches back at most."""
BANDS: Final = tuple(band for band in Band if band is not Band.HOME)

_RATES: Final = {
    "missions": "nb_missions",
    "success": "success_rate_pct",
    "uptime": "avg_uptime_pct",
    "health": "avg_health",
}
SORTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "planets": {"planet": "planet", "distance": "distance_m_km", **_RATES, "value": "avg_value_poko"},
        "captains": {"captain": "captain", **_RATES, "value": "total_value_poko", "ship": "favourite_ship"},
        "ships": {"ship": "ship_name", **_RATES, "value": "total_value_poko", "repairs": "avg_repairs"},
    }
)
"""By table, what it may be sorted by: the word in the address, and the mart's column."""
WORDS: Final = frozenset({"planet", "captain", "ship"})
"""Those that are text: sorted from A first, the others from the highest."""


class AskedAmiss(Exception):
    """The address asks for what there is not; the text says what there is."""


@dataclass(frozen=True)
class Sort:
    """A table's order: by which word of SORTS, and whether the highest comes first."""

    word: str
    descending: bool

    def __str__(self) -> str:
        """As it stands in the address."""
        return f"-{self.word}" if self.descending else self.word

    @property
    def spoken(self) -> str:
        """For those who hear it."""
        if self.word in WORDS:
            return "Z first" if self.descending else "A first"
        return "highest first" if self.descending else "lowest first"


BEST_FIRST: Final = Sort("success", descending=True)


@dataclass(frozen=True)
class Asked:
    """The page that is asked for; `whole` names the tables that show all their rows."""

    period: str = USUAL
    band: Band | None = None
    sorts: Mapping[str, Sort] = field(default_factory=lambda: dict.fromkeys(SORTS, BEST_FIRST))
    whole: frozenset[str] = frozenset()

    @property
    def days(self) -> int | None:
        """Days that the period reaches back; None for all."""
        return PERIODS[self.period][1]


def asked(query: Mapping[str, str]) -> Asked:
    """What a query string asks for.

    Raises:
        AskedAmiss: a period, band or column that there is not.
    """
    period = period_of(query.get("period", ""))
    sorts = {table: _sort(table, query.get(table, "")) for table in SORTS}
    whole = frozenset(query.get("all", "").split(",")) - {""}
    if unknown := whole - SORTS.keys():
        raise AskedAmiss(f"There is no table {min(unknown)!r}; all= takes {', '.join(SORTS)}.")
    return Asked(period, _band(query.get("band", "")), sorts, whole)


def period_of(text: str) -> str:
    """The period that a text names; the usual one for none.

    Raises:
        AskedAmiss: there is no such period.
    """
    if (text or USUAL) not in PERIODS:
        raise AskedAmiss(f"There is no period {text!r}; choose {', '.join(PERIODS)}.")
    return text or USUAL


def _band(text: str) -> Band | None:
    if not text:
        return None
    for band in BANDS:
        if band.value == text:
            return band
    raise AskedAmiss(f"There is no band {text!r}; choose {', '.join(BANDS)}.")


def _sort(table: str, text: str) -> Sort:
    if not text:
        return BEST_FIRST
    word = text.removeprefix("-")
    if word not in SORTS[table]:
        raise AskedAmiss(f"{table} can't be sorted by {word!r}; choose {', '.join(SORTS[table])}.")
    return Sort(word, text.startswith("-"))

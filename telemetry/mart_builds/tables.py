"""What is published: the models of the dbt project that appear in bl and sl, and the key of each. Pure.

A model is added here when others are to read it; the order is that in which they are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Mart:
    """A published table.

    Attributes:
        schema: bl or sl; `name` is that of the model and of the table.
        key: columns that tell its rows apart.
        whole: whether each build makes all of its rows, so that one which is not made is gone; else a build makes
            only the rows that changed, unless it is a full one.
    """

    schema: str
    name: str
    key: tuple[str, ...]
    whole: bool = True

    @property
    def table(self) -> str:
        """Its name for SQL."""
        return f"{self.schema}.{self.name}"


MARTS: Final = (
    Mart("bl", "report_summary", ("manifest_id",), whole=False),
    Mart("bl", "mission_summary", ("mission_id",), whole=False),
    Mart("bl", "cargo_summary", ("mission_id",), whole=False),
    Mart("bl", "manifest_summary", ("mission_id",), whole=False),
    Mart("bl", "planet_summary", ("planet",)),
    Mart("sl", "mart_fleet_kpis", ("period",)),
    Mart("sl", "mart_fleet_daily", ("day",)),
    Mart("sl", "mart_planet_performance", ("period", "planet")),
    Mart("sl", "mart_captain_performance", ("period", "captain")),
    Mart("sl", "mart_ship_performance", ("period", "ship_name")),
)

READ: Final = (
    "params.missions",
    "ll.manifests",
    "ll.ship_state",
    "ll.mission_reports",
    "ll.treasure_reports",
)
"""Tables that the builder may read, beside what is published."""

COMPUTED: Final = "computed_at"
"""Column that may differ in a row that otherwise came out the same."""

"""What Metabase shows: questions over the serving layer, and a dashboard of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

COLLECTION: Final = "Hocotate Freight"
DASHBOARD: Final = "The company"
WIDTH: Final = 24
"""Columns of a dashboard's grid."""


@dataclass(frozen=True)
class Question:
    """A question.

    Attributes:
        name: as people read it; also how it is found again.
        sql: PostgreSQL over bl and sl.
        display: scalar, table, bar, line and so on.
        size: columns and rows on the dashboard.
        settings: Metabase's settings of the picture.
        description: what it says, with units.
    """

    name: str
    sql: str
    display: str
    size: tuple[int, int]
    description: str
    settings: dict[str, Any] = field(default_factory=dict)


def _graph(dimension: str, *measures: str) -> dict[str, Any]:
    return {"graph.dimensions": [dimension], "graph.metrics": list(measures)}


QUESTIONS: Final = (
    Question(
        "Ended missions",
        "SELECT nb_missions FROM sl.mart_fleet_kpis WHERE period = 'all'",
        "scalar",
        (6, 3),
        "Missions that ended, of all time.",
    ),
    Question(
        "Success rate",
        "SELECT success_rate_pct FROM sl.mart_fleet_kpis WHERE period = 'all'",
        "scalar",
        (6, 3),
        "Successes among the ended missions, percent.",
    ),
    Question(
        "Value brought home",
        "SELECT total_value_poko FROM sl.mart_fleet_kpis WHERE period = 'all'",
        "scalar",
        (6, 3),
        "Value of all items, Poko.",
    ),
    Question(
        "Ticks kept",
        "SELECT ticks_kept_pct FROM sl.mart_fleet_kpis WHERE period = 'all'",
        "scalar",
        (6, 3),
        "Ticks in the warehouse of those that ships told to have sent, percent.",
    ),
    Question(
        "Missions by day",
        "SELECT day, nb_success, nb_failure FROM sl.mart_fleet_daily ORDER BY day",
        "bar",
        (12, 6),
        "Missions by the day of their end, UTC.",
        {**_graph("day", "nb_success", "nb_failure"), "stackable.stack_type": "stacked"},
    ),
    Question(
        "Value by day",
        "SELECT day, total_value_poko FROM sl.mart_fleet_daily ORDER BY day",
        "line",
        (12, 6),
        "Value brought home by the day of the mission's end, Poko.",
        _graph("day", "total_value_poko"),
    ),
    Question(
        "Success by planet",
        "SELECT planet, success_rate_pct FROM sl.mart_planet_performance WHERE period = 'all' AND nb_missions > 0"
        " ORDER BY distance_m_km",
        "bar",
        (12, 6),
        "Successes among the missions to a planet, percent, the nearest planet first.",
        _graph("planet", "success_rate_pct"),
    ),
    Question(
        "Planets",
        "SELECT planet, band, distance_m_km, nb_missions, success_rate_pct, success_low_pct, success_high_pct,"
        " avg_health, avg_value_poko, avg_duration_hr FROM sl.mart_planet_performance WHERE period = 'all'"
        " ORDER BY distance_m_km",
        "table",
        (12, 6),
        "Each planet: distance in million km, success in percent with its 95 % interval, health 0 to 1, value in Poko.",
    ),
    Question(
        "Captains",
        "SELECT captain, nb_missions, success_rate_pct, avg_uptime_pct, total_value_poko, favourite_ship"
        " FROM sl.mart_captain_performance WHERE period = 'all' ORDER BY total_value_poko DESC, captain LIMIT 100",
        "table",
        (12, 7),
        "Each captain: success and uptime in percent, value in Poko.",
    ),
    Question(
        "Ships",
        "SELECT ship_name, nb_missions, success_rate_pct, avg_health, nb_repairs, total_value_poko, favourite_planet"
        " FROM sl.mart_ship_performance WHERE period = 'all' ORDER BY nb_missions DESC, ship_name LIMIT 100",
        "table",
        (12, 7),
        "Each ship: success in percent, health 0 to 1, value in Poko.",
    ),
    Question(
        "The last missions",
        "SELECT mission_id, ship_name, captain, target, status, finished_at, mission_duration_hr, total_ticks,"
        " avg_health FROM bl.mission_summary WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 50",
        "table",
        (24, 7),
        "The fifty missions that ended last: duration in hours, health 0 to 1.",
    ),
)


def places() -> list[tuple[int, int]]:
    """Column and row of each question on the dashboard: from left to right, a new row where one is full."""
    found, column, row, height = [], 0, 0, 0
    for question in QUESTIONS:
        width, tall = question.size
        if column + width > WIDTH:
            column, row, height = 0, row + height, 0
        found.append((column, row))
        column, height = column + width, max(height, tall)
    return found

"""Panels of SQL over the marts, and over the reports that they are made of."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from observability.grafana.panels import lines
from observability.grafana.questions import Sql
from observability.grafana.style import BAD, COUNT, GOOD, HOURS, PERCENT, POKO, RATIO, below
from observability.grafana.tables import Column, table

KPIS: Final = """\
SELECT period, nb_running, nb_missions, success_rate_pct, prev_success_rate_pct, avg_health, avg_uptime_pct,
       total_value_poko, ticks_kept_pct
FROM sl.mart_fleet_kpis
ORDER BY array_position(ARRAY['7d', '30d', '90d', 'all'], period)"""
DAILY: Final = """\
SELECT day::timestamp AS time, nb_success AS home, nb_failure AS lost
FROM sl.mart_fleet_daily
WHERE $__timeFilter(day)
ORDER BY 1"""
REPORTS: Final = """\
SELECT $__timeGroupAlias(upload_time, $__interval), count(*) AS reports
FROM bl.report_summary
WHERE $__timeFilter(upload_time)
GROUP BY 1
ORDER BY 1"""
PLANETS: Final = """\
SELECT planet, band, nb_missions, success_rate_pct, success_low_pct, success_high_pct, avg_duration_hr, avg_value_poko
FROM sl.mart_planet_performance
WHERE period = ${period:sqlstring} AND nb_missions > 0
ORDER BY nb_missions DESC, planet"""
SHIPS: Final = """\
SELECT ship_name AS ship_id, nb_missions, success_rate_pct, avg_health, avg_uptime_pct, nb_repairs, total_value_poko
FROM sl.mart_ship_performance
WHERE period = ${period:sqlstring} AND nb_missions > 0
ORDER BY total_value_poko DESC, ship_name
LIMIT 100"""
CAPTAINS: Final = """\
SELECT captain, nb_missions, success_rate_pct, success_low_pct, success_high_pct, total_value_poko, favourite_ship
FROM sl.mart_captain_performance
WHERE period = ${period:sqlstring} AND nb_missions > 0
ORDER BY total_value_poko DESC, captain
LIMIT 100"""

MISSIONS: Final = Column("nb_missions", "Missions", COUNT, width=90)
SUCCESS: Final = Column("success_rate_pct", "Success", PERCENT, below(50, 75), decimals=0, width=90)
LOW: Final = Column("success_low_pct", "at least", PERCENT, decimals=0, width=85)
HIGH: Final = Column("success_high_pct", "at most", PERCENT, decimals=0, width=85)
UPTIME: Final = Column("avg_uptime_pct", "Uptime", PERCENT, decimals=0)
HEALTH: Final = Column("avg_health", "Health", RATIO, below(0.3, 0.8), decimals=0)
VALUE: Final = Column("total_value_poko", "Brought", POKO)


def panels() -> list[Panel]:
    """The fleet first, then days and reports, then planets, captains and ships."""
    return [
        table(
            "The fleet by period",
            "Missions that ended within so many days, success beside the period before; worry when less than all ticks "
            "came.",
            [Sql(KPIS)],
            [
                Column("period", "Period", width=75),
                Column("nb_running", "Under way", COUNT),
                MISSIONS,
                SUCCESS,
                Column("prev_success_rate_pct", "before", PERCENT, decimals=0),
                HEALTH,
                UPTIME,
                VALUE,
                Column("ticks_kept_pct", "Ticks kept", PERCENT, below(99, 100), decimals=1),
            ],
        ),
        lines(
            "Missions ended by day",
            "Ended missions of the last 90 days; worry when the lost ones rise beside those that came home.",
            [Sql(DAILY)],
            unit=COUNT,
            bars=True,
            colors={"home": GOOD, "lost": BAD},
            since="90d",
            width=6,
        ),
        lines(
            "Reports by time of upload",
            "Captains' reports in the marts by when their ships wrote them; a gap is what has yet to be handed in.",
            [Sql(REPORTS)],
            unit=COUNT,
            bars=True,
            width=6,
        ),
        table(
            "Planets",
            "Success in the chosen period with its 95 % interval: a wide one means that there were few missions.",
            [Sql(PLANETS)],
            [
                Column("planet", "Planet"),
                Column("band", "Band", width=80),
                MISSIONS,
                SUCCESS,
                LOW,
                HIGH,
                Column("avg_duration_hr", "Takes", HOURS, decimals=2),
                Column("avg_value_poko", "A mission brings", POKO, decimals=0),
            ],
        ),
        table(
            "Captains",
            "By what they brought in the chosen period; an interval that reaches high excuses a low rate.",
            [Sql(CAPTAINS)],
            [
                Column("captain", "Captain"),
                MISSIONS,
                SUCCESS,
                LOW,
                HIGH,
                VALUE,
                Column("favourite_ship", "Favourite ship"),
            ],
        ),
        table(
            "Ships",
            "By what they brought in the chosen period; many repairs with little uptime ask for the yard.",
            [Sql(SHIPS)],
            [
                Column("ship_id", "Ship", link="/d/hocotate-ship?var-ship=${__data.fields.ship_id:percentencode}"),
                MISSIONS,
                SUCCESS,
                HEALTH,
                UPTIME,
                Column("nb_repairs", "Repairs", COUNT),
                VALUE,
            ],
            width=24,
        ),
    ]

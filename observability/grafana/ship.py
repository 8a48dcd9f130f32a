"""One ship on one of its missions: its readings, its way, and its missions before."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from observability.grafana.boards import Row, board
from observability.grafana.panels import lines, number
from observability.grafana.questions import Metric, Sql
from observability.grafana.style import (
    BAD,
    CELSIUS,
    COUNT,
    DECIBEL,
    GOOD,
    HOURS,
    INFO,
    KILOPASCAL,
    MILLION_KM,
    MOMENT,
    PERCENT,
    POKO,
    RATIO,
    SECONDS,
    TEXT,
    WARN,
    Said,
    above,
    below,
    within,
)
from observability.grafana.tables import MISSION, Column, table
from observability.grafana.variables import MISSION as CHOSEN_MISSION
from observability.grafana.variables import SHIP as CHOSEN_SHIP
from ships_client.contracts.limits import LIMITS

CHOSEN: Final = '{ship_id="$ship", mission_id="$mission"}'
STATE: Final = (
    f"max(ship_repair_flag{CHOSEN}) + 2 * max(ship_mission_success{CHOSEN}) + 4 * max(ship_mission_failure{CHOSEN})"
)
"""As one number: a ship that ends in the middle of a repair counts as ended."""
WORDS: Final = {
    0: Said("under way", GOOD),
    1: Said("repairs itself", WARN),
    2: Said("home", INFO),
    3: Said("home", INFO),
    4: Said("lost", BAD),
    5: Said("lost", BAD),
}
BEFORE: Final = """\
SELECT m.mission_id, m.target, m.status, m.started_at, m.mission_duration_hr, m.avg_health,
       m.uptime_ratio * 100 AS uptime, m.min_fuel_prc, m.nb_repairs, coalesce(c.total_value_poko, 0) AS value_poko
FROM bl.mission_summary m LEFT JOIN bl.cargo_summary c USING (mission_id)
WHERE m.ship_name = ${ship:sqlstring}
ORDER BY m.started_at DESC
LIMIT 20"""


def dashboard() -> Dashboard:
    """One ship."""
    return board(
        "hocotate-ship",
        "Ship",
        "One ship on one mission: readings against the limits at which parts break, fuel for the way home, its record.",
        [Row("", _numbers()), Row("Readings", _readings()), Row("Way", _way()), Row("Record", [_record()])],
        pages=[("Mission", "/missions/$mission/"), ("Radar", "/")],
        variables=[CHOSEN_SHIP, CHOSEN_MISSION],
        refresh="10s",
    )


def _numbers() -> list[Panel]:
    return [
        number(
            "State",
            "What the ship does by its own word; one that repairs itself for long may be lost.",
            Metric(STATE),
            unit=TEXT,
            texts=WORDS,
        ),
        number(
            "Health",
            "Motor, engine and core by 30 % each, fuel by 10 %; below 30 % it may be lost.",
            Metric(f"max(ship_health_ratio{CHOSEN})"),
            unit=RATIO,
            steps=below(0.3, 0.8),
        ),
        number(
            "Fuel",
            "Percent of a full tank; at 5 % the ship is no longer operational.",
            Metric(f"max(ship_fuel_percent{CHOSEN})"),
            unit=PERCENT,
            steps=below(LIMITS["fuel_prc"].low, 2 * LIMITS["fuel_prc"].low),
            decimals=1,
        ),
        number(
            "Fuel beyond the way home",
            "Fuel that is left once it is home with 5 %; below 0 it will not reach it.",
            Metric(f"max(ship:fuel_spare_percent{CHOSEN})"),
            unit=PERCENT,
            steps=below(0, 5),
            decimals=1,
        ),
        number(
            "From Hocotate",
            "Distance from headquarters; it should rise to the target and fall again.",
            Metric(f"max(ship_distance_km{CHOSEN}) / 1e6"),
            unit=MILLION_KM,
            decimals=0,
        ),
        number(
            "Silent for",
            "Since its last message; beyond 5 s it is late, beyond a minute lost to the radar.",
            Metric(f"time() - max(ship_last_report_timestamp_seconds{CHOSEN})"),
            unit=SECONDS,
            steps=above(5, 60),
            decimals=0,
        ),
    ]


def _readings() -> list[Panel]:
    return [
        _reading("Motor", "motor_temp_c", "ship_motor_temp_c", CELSIUS),
        _reading("Engine", "engine_pressure_kpa", "ship_engine_pressure_kpa", KILOPASCAL),
        _reading("Power core", "power_core_temp_c", "ship_power_core_temp_c", CELSIUS),
        lines(
            "Navigation signal",
            "Strength of the signal; it drifts between -100 and -50 dB and breaks nothing.",
            [Metric(f"max(ship_navigation_signal_db{CHOSEN})", "signal")],
            unit=DECIBEL,
            low=-100,
            high=-50,
        ),
    ]


def _reading(part: str, column: str, metric: str, unit: str) -> Panel:
    """A reading between the limits beyond which its part is broken."""
    limits = LIMITS[column]
    high = limits.high if limits.high is not None else limits.best
    return lines(
        part,
        f"Best at {limits.best:g}; below {limits.low:g} and above {high:g}, the dashed lines, the part is broken.",
        [Metric(f"max({metric}{CHOSEN})", part.lower())],
        unit=unit,
        steps=within(limits.low, high),
        low=limits.low,
        high=high,
    )


def _way() -> list[Panel]:
    return [
        lines(
            "Position",
            "Where the ship is from Hocotate on each axis; flat lines on the way are repairs.",
            [Metric(f"max(ship_coord_{axis}{CHOSEN}) / 1e6", axis) for axis in "xyz"],
            unit=MILLION_KM,
            low=None,
        ),
        lines(
            "Fuel and health",
            "Fuel falls by 0.01 points a tick; a sudden fall of health is a malfunction.",
            [
                Metric(f"max(ship_fuel_percent{CHOSEN})", "fuel"),
                Metric(f"100 * max(ship_health_ratio{CHOSEN})", "health"),
            ],
            unit=PERCENT,
            high=100,
        ),
    ]


def _record() -> Panel:
    return table(
        "Missions of this ship in the warehouse",
        "The newest twenty as the last build of the marts found them; a mission without figures has no report yet.",
        [Sql(BEFORE)],
        [
            MISSION,
            Column("target", "Target"),
            Column("status", "Status"),
            Column("started_at", "Begun", MOMENT),
            Column("mission_duration_hr", "Took", HOURS, decimals=2),
            Column("avg_health", "Mean health", RATIO, below(0.3, 0.8), decimals=0),
            Column("uptime", "Uptime", PERCENT, decimals=0),
            Column("min_fuel_prc", "Least fuel", PERCENT, decimals=1),
            Column("nb_repairs", "Repairs", COUNT),
            Column("value_poko", "Brought", POKO),
        ],
        width=24,
    )

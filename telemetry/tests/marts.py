"""Marts with known figures, of the columns that the contracts of their build give them."""

from __future__ import annotations

import datetime as dt
from math import sqrt
from typing import Any

import yaml
from django.db import connection
from django.utils import timezone

from ships_client.contracts import CAPTAINS, HOME, PLANETS, SHIPS
from stack.config import ROOT

MODELS = yaml.safe_load((ROOT / "warehouse" / "models" / "sl" / "sl.yml").read_text())["models"]
COLUMNS = {
    model["name"]: ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])
    for model in MODELS
}
"""By mart its columns, as the contracts of the dbt project have them."""
PERIODS = {"7d": 0.25, "30d": 1.0, "90d": 3.0, "all": 12.0}
"""By period, its missions as a share of those of 30 days."""


def make() -> dt.datetime:
    """Make the marts anew; when they were built."""
    now = timezone.now().replace(microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS sl")
        for name, columns in COLUMNS.items():
            cursor.execute(f"CREATE TABLE IF NOT EXISTS sl.{name} ({columns})")
            cursor.execute(f"TRUNCATE sl.{name}")
    for period, share in PERIODS.items():
        _planets(period, share, now)
        _captains(period, share, now)
        _ships(period, share, now)
        _fleet(period, share, now)
    for back in range(60):
        _day(now.date() - dt.timedelta(days=back), back, now)
    _write()
    build("built", now, missions=1430)
    return now


def drop() -> None:
    """Take them away."""
    with connection.cursor() as cursor:
        for name in COLUMNS:
            cursor.execute(f"DROP TABLE IF EXISTS sl.{name}")
        cursor.execute("TRUNCATE ll.mart_builds")


def build(state: str, at: dt.datetime, *, missions: int = 0, reason: str = "") -> None:
    """A row of the builds."""
    ended = None if state == "running" else at
    row = {"state": state, "reason": reason, "started_at": at, "finished_at": ended, "missions": missions}
    insert("ll.mart_builds", {**row, "seconds": 11.0, "full": False, "ledger_id": 1})


_rows: dict[str, list[dict[str, Any]]] = {}


def insert(table: str, row: dict[str, Any]) -> None:
    """One row."""
    _collect(table, row)
    _write()


def _collect(table: str, row: dict[str, Any]) -> None:
    _rows.setdefault(table, []).append(row)


def _write() -> None:
    """Write the rows that are collected, those of a table together."""
    with connection.cursor() as cursor:
        for table, rows in _rows.items():
            for names in {tuple(row) for row in rows}:
                listed = ", ".join(f'"{name}"' for name in names)
                marks = ", ".join(["%s"] * len(names))
                values = [list(row.values()) for row in rows if tuple(row) == names]
                cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", values)  # noqa: S608 (names of ours)
    _rows.clear()


def rated(missions: int, failures: int) -> dict[str, Any]:
    """Counts, rate and Wilson's interval."""
    n, good = missions, missions - failures
    counts: dict[str, Any] = {"nb_missions": n, "nb_success": good, "nb_failure": failures}
    if not n:
        return {**counts, "success_rate_pct": None, "success_low_pct": None, "success_high_pct": None}
    p, z = good / n, 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = 100 * max(middle - half, 0.0), 100 * min(middle + half, 1.0)
    return {**counts, "success_rate_pct": 100 * p, "success_low_pct": low, "success_high_pct": high}


def _planets(period: str, share: float, now: dt.datetime) -> None:
    for place, planet in enumerate(one for name, one in PLANETS.items() if name != HOME):
        distance = sqrt(planet.x**2 + planet.y**2 + planet.z**2) / 1e6
        missions = round(share * (40 + 7 * place % 60))
        row: dict[str, Any] = {
            "period": period,
            "planet": planet.name,
            "band": planet.band.value,
            "distance_m_km": distance,
        }
        row |= rated(missions, round(missions * distance / 8000))
        row |= {
            "avg_health": 0.9 - distance / 16000,
            "avg_uptime_pct": 97 - distance / 300,
            "avg_value_poko": 2000 + distance,
        }
        row |= {
            "total_value_poko": round(missions * (2000 + distance)),
            "avg_duration_hr": distance / 4000,
            "computed_at": now,
        }
        _collect("sl.mart_planet_performance", row)


def _captains(period: str, share: float, now: dt.datetime) -> None:
    for place, captain in enumerate(CAPTAINS):
        missions = round(share * (40 + 11 * place % 70))
        row = {"period": period, "captain": captain, **rated(missions, place % 9 * missions // 60)}
        row |= {
            "avg_health": 0.78 + place % 7 / 50,
            "avg_uptime_pct": 90 + place % 6,
            "total_value_poko": missions * 2500,
        }
        row |= {"avg_value_poko": 2500.0, "favourite_ship": SHIPS[3 * place % len(SHIPS)], "computed_at": now}
        _collect("sl.mart_captain_performance", row)


def _ships(period: str, share: float, now: dt.datetime) -> None:
    for place, ship in enumerate(SHIPS):
        missions = round(share * (30 + 13 * place % 50))
        row = {"period": period, "ship_name": ship, **rated(missions, place % 8 * missions // 50)}
        row |= {
            "avg_health": 0.79 + place % 6 / 50,
            "avg_uptime_pct": 91 + place % 5,
            "total_value_poko": missions * 2400,
        }
        row |= {"avg_value_poko": 2400.0, "nb_repairs": 2 * missions, "avg_repairs": 1 + place % 9 / 7}
        _collect("sl.mart_ship_performance", {**row, "favourite_planet": "Karut", "computed_at": now})


def _fleet(period: str, share: float, now: dt.datetime) -> None:
    missions, before = round(1313 * share), None if period == "all" else round(1275 * share)
    whole = rated(missions, round(missions * 0.086))
    row = {name: whole[name] for name in ("nb_missions", "nb_success", "nb_failure", "success_rate_pct")}
    row |= {"period": period, "avg_health": 0.84, "avg_uptime_pct": 93.2, "total_value_poko": round(4_120_000 * share)}
    row |= {"avg_value_poko": 3138.0, "total_ticks": 1_309_992, "expected_ticks": 1_310_000, "ticks_kept_pct": 99.99939}
    row |= {
        "avg_duration_hr": 0.2,
        "nb_repairs": 2600,
        "prev_nb_missions": before,
        "nb_running": 37,
        "computed_at": now,
    }
    if before is not None:
        row |= {"prev_success_rate_pct": 90.8, "prev_avg_health": 0.84, "prev_avg_uptime_pct": 93.6}
        row |= {"prev_total_value_poko": round(3_910_000 * share), "prev_ticks_kept_pct": 99.999}
    _collect("sl.mart_fleet_kpis", row)


def _day(day: dt.date, back: int, now: dt.datetime) -> None:
    if back % 13 == 5:
        return  # no mission ended that day
    whole = rated(40 + back * 7 % 11, back % 5)
    row = {name: whole[name] for name in ("nb_missions", "nb_success", "nb_failure", "success_rate_pct")}
    row |= {"day": day, "avg_health": 0.83 + back % 4 / 100, "avg_uptime_pct": 92 + back % 3, "computed_at": now}
    _collect("sl.mart_fleet_daily", {**row, "total_value_poko": 130_000 + back % 6 * 4000, "ticks_kept_pct": 100.0})

"""What the marts tell of single missions. Marts that are not built yet are a normal answer: they tell nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

MISSIONS: Final = "bl.mission_summary"
CARGO: Final = "bl.cargo_summary"
FLEET: Final = "sl.mart_fleet_kpis"


@dataclass(frozen=True, slots=True)
class MissionSummary:
    """A row of bl.mission_summary: health and uptime 0..1, fuel and cargo in percent, radiation in microsievert."""

    avg_health: float | None
    min_fuel_prc: float | None
    max_temp_c: float | None
    avg_radiation_usv: float | None
    avg_cargo_int_prc: float | None
    uptime_ratio: float | None
    nb_repairs: int | None
    total_ticks: int
    expected_ticks: int | None
    computed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class FleetKpis:
    """Of sl.mart_fleet_kpis the last 30 days before it was computed: value in Poko, ticks kept in percent."""

    total_value_poko: int | None
    ticks_kept_pct: float | None
    computed_at: dt.datetime


def built(*names: str) -> frozenset[str]:
    """Those of these tables that are built."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL", [list(names)])
        return frozenset(name for (name,) in cursor.fetchall())


def mission_summary(mission_id: int) -> MissionSummary | None:
    """The mission's summary; None while it is not built, or the marts hold nothing of the mission yet."""
    if not built(MISSIONS):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT avg_health, min_fuel_prc, max_temp_c, avg_radiation_usv, avg_cargo_int_prc, uptime_ratio,"
            " nb_repairs, total_ticks, expected_ticks, computed_at FROM bl.mission_summary WHERE mission_id = %s",
            [mission_id],
        )
        row = cursor.fetchone()
    return None if row is None else MissionSummary(*row)


def health_and_ticks(mission_ids: Sequence[int]) -> dict[int, tuple[float | None, int, int | None]]:
    """Average health 0..1, ticks and expected ticks of these missions; the summary must be built."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mission_id, avg_health, total_ticks, expected_ticks FROM bl.mission_summary"
            " WHERE mission_id = ANY(%s)",
            [list(mission_ids)],
        )
        return {mission_id: (health, ticks, expected) for mission_id, health, ticks, expected in cursor.fetchall()}


def values(mission_ids: Sequence[int]) -> dict[int, int]:
    """Value of these missions' items in Poko; the summary must be built."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mission_id, total_value_poko FROM bl.cargo_summary WHERE mission_id = ANY(%s)", [list(mission_ids)]
        )
        return {mission_id: int(value) for mission_id, value in cursor.fetchall() if value is not None}


def fleet_kpis() -> FleetKpis | None:
    """The fleet's last 30 days; None while the mart is not built."""
    if not built(FLEET):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT total_value_poko, ticks_kept_pct, computed_at FROM sl.mart_fleet_kpis WHERE period = '30d'"
        )
        row = cursor.fetchone()
    return None if row is None else FleetKpis(None if row[0] is None else int(row[0]), row[1], row[2])

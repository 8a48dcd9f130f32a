"""What telemetry tells the registry's pages of missions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.urls import reverse

from missions.told import FleetFacts, Refused, RowFacts, WaybillFacts
from telemetry.marts import mission as marts

from . import selectors

MOST_REFUSED: Final = 1
"""Quarantined reports that a banner tells of; it counts the others."""


class TelemetryTeller:
    """Asks the ledger of reports, and the marts as far as they are built."""

    def rows(self, mission_ids: Sequence[int]) -> Mapping[int, RowFacts]:
        """Health and ticks by the marts, reports by the ledger, value by the marts or else by the ledger's items."""
        there = marts.built(marts.MISSIONS, marts.CARGO)
        brought = selectors.loaded(mission_ids)
        health = marts.health_and_ticks(mission_ids) if marts.MISSIONS in there else {}
        value = marts.values(mission_ids) if marts.CARGO in there else {}
        value |= selectors.values({number: one for number, one in brought.items() if number not in value})
        return {number: _row(health.get(number), brought.get(number), value.get(number)) for number in mission_ids}

    def fleet(self) -> FleetFacts | None:
        """The last 30 days by the marts."""
        kpis = marts.fleet_kpis()
        return None if kpis is None else FleetFacts(kpis.total_value_poko, kpis.ticks_kept_pct, kpis.computed_at)

    def waybill(self, mission_id: int) -> WaybillFacts:
        """Value and reports by the ledger, health and uptime by the marts, and what is quarantined."""
        brought = selectors.loaded([mission_id])
        mine = brought.get(mission_id, selectors.Loaded(0, 0))
        value = selectors.values(brought)
        if mine.items and mission_id not in value and marts.built(marts.CARGO):
            value = marts.values([mission_id])
        summary = marts.mission_summary(mission_id)
        refused, refused_in_all = selectors.quarantined(mission_id, MOST_REFUSED)
        reports_url = reverse("mission_reports", args=[mission_id])
        return WaybillFacts(
            value=value.get(mission_id),
            reports=mine.reports,
            items=mine.items,
            health=summary.avg_health if summary else None,
            uptime=summary.uptime_ratio if summary else None,
            refused=[
                Refused(one.report_no, one.date, one.reason, f"?report={one.date}-{one.report_no:04}")
                for one in refused
            ],
            refused_in_all=refused_in_all,
            reports_url=reports_url,
        )


def _row(
    health: tuple[float | None, int, int | None] | None, brought: selectors.Loaded | None, value: int | None
) -> RowFacts:
    average, ticks, expected = health or (None, None, None)
    return RowFacts(
        health=average, ticks=ticks, expected=expected, reports=brought.reports if brought else None, value=value
    )

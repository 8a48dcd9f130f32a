"""What became of a fleet's missions, in figures."""

from typing import Self

from msgspec import Struct

from ships_client.client.flight import Flight
from ships_client.contracts import MissionStatus


class MissionSummary(Struct, frozen=True):
    """What became of one mission; messages sent, acknowledged and given up, reports and items that stand."""

    mission_id: str
    number: int
    ship: str
    captain: str
    target: str
    status: MissionStatus
    last_seq: int | None
    sent: int
    acknowledged: int
    failed: int
    reports: int
    items: int

    @classmethod
    def of(cls, flight: Flight, status: MissionStatus) -> Self:
        """The summary of a flight."""
        return cls(
            mission_id=flight.mission_id,
            number=flight.plan.number,
            ship=flight.plan.ship,
            captain=flight.plan.captain,
            target=flight.plan.target,
            status=status,
            last_seq=flight.last_seq,
            sent=flight.delivery.sent,
            acknowledged=flight.delivery.acknowledged,
            failed=flight.delivery.failed,
            reports=flight.reports,
            items=flight.items,
        )


class Totals(Struct, frozen=True):
    """The same over all missions of a fleet."""

    missions: int
    success: int
    failure: int
    sent: int
    acknowledged: int
    failed: int
    reports: int
    items: int
    troubles: int


class Summary(Struct, frozen=True):
    """What a fleet did."""

    seed: int
    missions: list[MissionSummary]
    totals: Totals


def summarize(seed: int, missions: list[MissionSummary], troubles: int) -> Summary:
    """Add up the missions."""
    outcomes = [mission.status for mission in missions]
    totals = Totals(
        missions=len(missions),
        success=outcomes.count(MissionStatus.SUCCESS),
        failure=outcomes.count(MissionStatus.FAILURE),
        sent=sum(mission.sent for mission in missions),
        acknowledged=sum(mission.acknowledged for mission in missions),
        failed=sum(mission.failed for mission in missions),
        reports=sum(mission.reports for mission in missions),
        items=sum(mission.items for mission in missions),
        troubles=troubles,
    )
    return Summary(seed, missions, totals)

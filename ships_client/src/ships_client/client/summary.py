"""What became of a fleet's missions, in figures."""

from typing import Self

from msgspec import Struct

from ships_client.client.flight import ActiveFlight
from ships_client.contracts import MissionStatus


class Flight(Struct, frozen=True):
    """What became of one mission: its messages, 0 to `last_seq`, and the reports and items that stand."""

    mission_id: str
    number: int
    ship: str
    captain: str
    target: str
    status: MissionStatus
    last_seq: int
    reports: int
    items: int

    @classmethod
    def of(cls, flight: ActiveFlight, status: MissionStatus) -> Self:
        """The summary of a closed flight."""
        return cls(
            mission_id=str(flight.mission_id),
            number=flight.plan.number,
            ship=flight.plan.ship,
            captain=flight.plan.captain,
            target=flight.plan.target,
            status=status,
            last_seq=-1 if flight.last_seq is None else flight.last_seq,
            reports=flight.reports,
            items=flight.items,
        )


class Tally(Struct):
    """Closed missions, added up."""

    missions: int = 0
    success: int = 0
    failure: int = 0
    messages: int = 0
    reports: int = 0
    items: int = 0

    def join(self, other: "Tally") -> None:
        """Add another tally."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def add(self, mission: Flight) -> None:
        """Count a mission."""
        self.missions += 1
        self.success += mission.status is MissionStatus.SUCCESS
        self.failure += mission.status is MissionStatus.FAILURE
        self.messages += mission.last_seq + 1
        self.reports += mission.reports
        self.items += mission.items


class Summary(Struct, frozen=True, tag="summary", tag_field="line"):
    """What a fleet did.

    Attributes:
        seed: of the fleet.
        totals: over all missions closed by this process.
        missions: the latest 50,000 of them.
        unfinished: missions that are left to --resume.
        refused: messages that will never be delivered.
        troubles: what went wrong and waiting didn't mend.
        interrupted: whether the fleet was stopped from outside.
        timed_out: whether its time was over before it was done.
        recorder: folder of the flight recorder, where something is left to resume.
    """

    seed: int
    totals: Tally
    missions: list[Flight]
    unfinished: int
    refused: int
    troubles: int
    interrupted: bool
    timed_out: bool
    recorder: str | None = None

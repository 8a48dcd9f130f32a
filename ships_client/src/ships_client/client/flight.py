"""A flight under way: its plan, its mission, and how far its messages and reports have got."""

from dataclasses import dataclass

from ships_client.client.plans import FlightPlan
from ships_client.contracts import MissionStatus
from ships_client.transports.headquarters import Mission
from ships_client.transports.kafka import Delivery

SECONDS_PER_MINUTE = 60


@dataclass(slots=True, eq=False)
class Flight:
    """One mission from its launch until headquarters has closed it."""

    plan: FlightPlan
    mission: Mission
    berth: int
    delivery: Delivery
    launch_turn: int = 0
    """The fleet's turn in which its first message, seq 0, was sent; seq is the turns since."""
    last_seq: int | None = None
    outcome: MissionStatus | None = None
    reported_seq: int = -1
    """Last seq that stands in a report that was made."""
    reports_made: int = 0
    reports: int = 0
    """Reports that stand at headquarters."""
    items: int = 0
    """Items in them."""
    landed: bool = False
    """Whether it has been on its planet."""

    @property
    def mission_id(self) -> str:
        """As telemetry and reports carry it."""
        return str(self.mission.mission_id)

    @property
    def report_ticks(self) -> int:
        """Ticks between two reports; a tick is a second of mission time."""
        return self.plan.report_freq_min * SECONDS_PER_MINUTE

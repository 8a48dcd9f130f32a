"""What waits on the ground is bounded, and each flight has its turn."""

from typing import Any, cast

from ships_client.client.events import Narrator
from ships_client.client.flight import ActiveFlight
from ships_client.client.ground import UNDER_WAY, Ground
from ships_client.client.plans import FlightPlan
from ships_client.contracts import MissionStatus
from ships_client.exceptions import HeadquartersAway


class Desk:
    """Takes errands in the place of the network, and ends them when a test says so."""

    def __init__(self) -> None:
        self.open: list[tuple[Any, Any]] = []
        self.most = 0

    def complete(self, flight: ActiveFlight, outcome: Any, last_seq: Any, completed: Any, failed: Any) -> None:
        self.open.append((completed, failed))
        self.most = max(self.most, len(self.open))


class Noted:
    """The recorder and the sender of a fleet that has told everything."""

    synced_turn = 1_000
    refused = 0

    def note(self, *notes: Any) -> None: ...

    def delivered(self, number: int, turn: int) -> bool:
        return True


def test_a_fleet_that_lands_together_keeps_few_errands_and_closes_every_mission() -> None:
    desk, freed = Desk(), []
    told = cast(Any, Noted())
    ground = Ground(cast(Any, desk), Narrator(lambda event: None), told, told, freed.append)
    for number in range(3 * UNDER_WAY):
        plan = FlightPlan(1, number, f"S{number}", "Olimar", "Maxima")
        flight = ActiveFlight(plan, 10**6 + number, "2026-11-28T08:00:00+00:00", number)
        flight.launch_turn, flight.ended_turn, flight.outcome = 0, 10, MissionStatus.SUCCESS
        ground.take(flight)

    ground.work()
    ground.work()
    away, *rest = desk.open
    away[1](HeadquartersAway("Headquarters does not answer."))
    desk.open = []
    for completed, _ in rest:
        completed()
    while len(freed) < 3 * UNDER_WAY - 1:
        ground.work()
        under_way, desk.open = desk.open, []
        assert under_way
        for completed, _ in under_way:
            completed()

    assert desk.most == UNDER_WAY
    assert ground.busy == 1
    assert ground.tally.success == 3 * UNDER_WAY - 1

"""What is done on the ground: reports are handed in, and ended flights have their missions closed."""

from collections.abc import Callable
from typing import Final

from ships_client.client.dispatch import Dispatch
from ships_client.client.events import Kind, Narrator
from ships_client.client.flight import Flight
from ships_client.client.journal import Journal
from ships_client.client.record import Log
from ships_client.client.summary import MissionSummary
from ships_client.contracts import MissionStatus
from ships_client.transports.headquarters import Mission

COMPLETION_PATIENCE_S: Final = 3600.0


class Ground:
    """Takes over flights that have ended until headquarters has closed them; runs on the fleet's thread.

    `freed` gets the berth of each flight whose mission is closed.
    """

    def __init__(
        self, dispatch: Dispatch, narrator: Narrator, freed: Callable[[int], None], journal: Journal | None
    ) -> None:
        self.landing: dict[str, Flight] = {}
        """By mission: ended, not closed yet."""
        self.finished: list[MissionSummary] = []
        self._dispatch = dispatch
        self._narrator = narrator
        self._freed = freed
        self._journal = journal
        self._last_logs: dict[str, Log] = {}

    def begun(self, mission: Mission) -> None:
        """A mission is registered: should this process be killed, its next start must close it."""
        if self._journal:
            self._journal.add(mission)

    def report(self, flight: Flight, log: Log) -> None:
        """Hand in the flight's next report."""
        self._dispatch.report(
            flight,
            log,
            failed=lambda sentence: self._narrator.trouble(sentence, flight),
            stands=lambda number: self._narrator.tell(
                Kind.REPORT, f"Report {number} of {flight.plan.ship} stands: {len(log)} ticks.", flight
            ),
        )

    def ended(self, flight: Flight, log: Log) -> None:
        """A flight has sent its last message; `log` is what its last report is to cover."""
        self.landing[flight.mission_id] = flight
        self._last_logs[flight.mission_id] = log

    def land(self) -> None:
        """For flights whose messages are all acknowledged: hand in the last report, then complete the mission."""
        for mission_id in [key for key in self._last_logs if not self.landing[key].delivery.pending]:
            flight, log = self.landing[mission_id], self._last_logs.pop(mission_id)
            if flight.delivery.failed:
                count, ship = flight.delivery.failed, flight.plan.ship
                self._narrator.trouble(f"Kafka refused {count} messages of {ship}.", flight)
            self.report(flight, log)
            self.complete(flight, COMPLETION_PATIENCE_S)

    def complete(self, flight: Flight, patience_s: float) -> None:
        """Complete the flight's mission as it ended; one that can't be completed stays in the journal."""
        outcome = flight.outcome or MissionStatus.FAILURE

        def failed(sentence: str) -> None:
            self._narrator.trouble(sentence, flight)
            self._close(flight, outcome)

        def completed() -> None:
            if flight.mission_id in self.landing:
                if self._journal:
                    self._journal.remove(flight.mission.mission_id)
                self._narrator.tell(Kind.COMPLETED, f"Mission {flight.mission_id} is {outcome.value}.", flight)
                self._close(flight, outcome)

        self._dispatch.complete(flight, outcome, failed, completed, patience_s)

    def settle_left_behind(self) -> None:
        """Close what an earlier process left running when it was killed."""
        for left in self._journal.missions() if self._journal else []:
            self._narrator.tell(
                Kind.NOTE, f"Mission {left.mission_id} of {left.ship_name} was left behind; closing it."
            )
            self._dispatch.settle(left, self._narrator.trouble, self._settled)

    def give_up(self, flights: list[Flight], patience_s: float) -> None:
        """Close these flights and all that are landing at once, without reports, for there is no time left."""
        self._last_logs.clear()
        self._dispatch = self._dispatch.renewed()
        self.landing.update({flight.mission_id: flight for flight in flights})
        for flight in list(self.landing.values()):
            self.complete(flight, patience_s)

    def leave(self) -> None:
        """Tell of the missions that couldn't be closed, and write the journal for the last time."""
        if self.landing:
            fate = "the next start closes them" if self._journal else "headquarters still has them as RUNNING"
            self._narrator.trouble(f"{len(self.landing)} missions couldn't be closed in time; {fate}.")
        self.save()

    def save(self) -> None:
        """Write the journal, if anything changed."""
        if self._journal:
            self._journal.save()

    def _settled(self, left: Mission) -> None:
        if self._journal:
            self._journal.remove(left.mission_id)

    def _close(self, flight: Flight, outcome: MissionStatus) -> None:
        del self.landing[flight.mission_id]
        self.finished.append(MissionSummary.of(flight, outcome))
        self._freed(flight.berth)

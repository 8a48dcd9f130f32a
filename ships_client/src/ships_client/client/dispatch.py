"""A fleet's dealings with headquarters: each is an errand off the flight's clock that tells its end through `done`."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from uuid import uuid4

from ships_client.client.errands import Errands
from ships_client.client.flight import Flight
from ships_client.client.plans import FlightPlan
from ships_client.client.record import Log
from ships_client.client.reports import hand_in, make_report
from ships_client.contracts import MissionStatus
from ships_client.exceptions import HeadquartersError, ShipsClientError
from ships_client.transports.headquarters import Headquarters, Mission
from ships_client.transports.store import ReportStore

Fact = TypeVar("Fact")
Done = Callable[[Callable[[], None]], None]


class Dispatch:
    """Registers missions, hands in reports and completes missions.

    `done` takes what is to be run next on the fleet's own thread; nothing else of the fleet is touched from here.
    """

    def __init__(self, headquarters: Headquarters, store: ReportStore, done: Done) -> None:
        self._headquarters = headquarters
        self._store = store
        self._errands = Errands(lambda error: done(partial(_raise, error)))
        self._done = done

    def renewed(self) -> "Dispatch":
        """Another with threads of its own, for when these may be stuck in waiting."""
        return Dispatch(self._headquarters, self._store, self._done)

    def register(
        self,
        plan: FlightPlan,
        patience_s: float,
        registered: Callable[[Mission], None],
        failed: Callable[[ShipsClientError], None],
    ) -> None:
        """Register a mission for `plan`."""
        key = str(uuid4())

        def errand() -> None:
            try:
                mission = self._headquarters.register(
                    plan.ship, plan.captain, plan.target, plan.report_freq_min, key=key, patience_s=patience_s
                )
            except ShipsClientError as error:
                self._tell(failed, error)
            else:
                self._tell(registered, mission)

        self._errands.submit(key, errand)

    def report(self, flight: Flight, log: Log, failed: Callable[[str], None], stands: Callable[[int], None]) -> None:
        """Hand in the flight's next report over `log`; `stands` gets its number."""
        report = make_report(flight, log)

        def stored() -> None:
            flight.reports += 1
            flight.items += len(report.items["item"])
            stands(report.number)

        def errand() -> None:
            try:
                hand_in(report, self._headquarters, self._store, datetime.now(UTC))
            except ShipsClientError as error:
                self._tell(failed, f"Report {report.number} of mission {report.mission_id} isn't handed in. {error}")
            else:
                self._done(stored)

        self._errands.submit(flight.mission_id, errand)

    def complete(
        self,
        flight: Flight,
        outcome: MissionStatus,
        failed: Callable[[str], None],
        completed: Callable[[], None],
        patience_s: float,
    ) -> None:
        """Complete the flight's mission, after its reports.

        Headquarters is told the last seq only when all messages up to it have been delivered.
        """
        delivered = flight.delivery.acknowledged == flight.delivery.sent
        last_seq = flight.last_seq if delivered else None

        def errand() -> None:
            try:
                self._headquarters.complete(flight.mission.mission_id, outcome, last_seq, patience_s=patience_s)
            except HeadquartersError as error:
                self._tell(failed, f"Mission {flight.mission_id} isn't completed. {error}")
            else:
                self._done(completed)

        self._errands.submit(flight.mission_id, errand)

    def settle(self, left: Mission, failed: Callable[[str], None], settled: Callable[[Mission], None]) -> None:
        """Complete as FAILURE a mission that an earlier fleet left behind, if it is still that one and still runs."""

        def errand() -> None:
            try:
                now = self._headquarters.mission(left.mission_id)
                same = now is not None and (now.ship_name, now.started_at) == (left.ship_name, left.started_at)
                if same and now is not None and now.status is MissionStatus.RUNNING:
                    self._headquarters.complete(left.mission_id, MissionStatus.FAILURE, None)
            except HeadquartersError as error:
                self._tell(failed, f"Mission {left.mission_id}, left behind, isn't completed. {error}")
            else:
                self._tell(settled, left)

        self._errands.submit(str(left.mission_id), errand)

    def drop_waiting(self) -> None:
        """Forget what hasn't begun."""
        self._errands.drop_waiting()

    def _tell(self, listener: Callable[[Fact], None], fact: Fact) -> None:
        self._done(lambda: listener(fact))


def _raise(error: Exception) -> None:
    raise error

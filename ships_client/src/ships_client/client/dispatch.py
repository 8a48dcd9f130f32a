"""A fleet's dealings with headquarters: each is an errand off the flight's clock that tells its end through `done`."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from ships_client.client.errands import Errands
from ships_client.client.flight import ActiveFlight, DueReport
from ships_client.client.plans import FlightPlan
from ships_client.client.record import log_of
from ships_client.client.reports import hand_in, make_report
from ships_client.contracts import MissionStatus
from ships_client.exceptions import ShipsClientError
from ships_client.recorder import Recorder
from ships_client.transports.headquarters import Headquarters, Mission, Registration
from ships_client.transports.store import ReportStore

Done = Callable[[Callable[[], None]], None]
Failed = Callable[[ShipsClientError], None]

ERRAND_S: Final = 60.0
"""How long one errand asks again while headquarters or the store is away; then it is put off and tried anew."""


class Dispatch:
    """Registers missions, hands in reports and completes missions.

    `done` takes what is to be run next on the fleet's own thread; nothing else of the fleet is touched from here.
    """

    def __init__(self, headquarters: Headquarters, store: ReportStore, recorder: Recorder, done: Done) -> None:
        self._headquarters = headquarters
        self._store = store
        self._recorder = recorder
        self._errands = Errands(lambda error: done(partial(_raise, error)))
        self._done = done

    def register(
        self, plans: list[FlightPlan], patience_s: float, registered: Callable[[list[Mission]], None], failed: Failed
    ) -> None:
        """Register a mission for each of `plans`, all or none."""
        run = self._recorder.standing.header.recorder_id
        # The key is the same when a fleet that was killed asks again, so that no mission is left without a ship.
        # Missions are numbered in the order of their keys, so with these zeros in that of their flights.
        wanted = [
            Registration(plan.ship, plan.captain, plan.target, plan.report_freq_min, f"{run}-{plan.number:019d}")
            for plan in plans
        ]

        def errand() -> None:
            try:
                missions = self._headquarters.register_many(wanted, patience_s=patience_s)
            except ShipsClientError as error:
                self._done(partial(failed, error))
            else:
                self._done(partial(registered, missions))

        self._errands.submit(("register", plans[0].number), errand)

    def report(self, flight: ActiveFlight, due: DueReport, stands: Callable[[int, bool], None], failed: Failed) -> None:
        """Hand in a report; `stands` gets the number of its items, and whether the ship has landed by its end."""
        plan, landed_before = flight.plan, flight.landed

        def errand() -> None:
            try:
                log = log_of(
                    plan,
                    *self._recorder.stretch(
                        plan.number, flight.launch_turn + due.first_seq, flight.launch_turn + due.last_seq
                    ),
                )
                landed = landed_before or log.landed
                report = make_report(flight.mission_id, plan, due.number, log, landed=landed)
                hand_in(report, self._headquarters, self._store, datetime.now(UTC))
            except ShipsClientError as error:
                self._done(partial(failed, error))
            else:
                self._done(partial(stands, len(report.items["item"]), landed))

        self._errands.submit(flight.mission_id, errand)

    def complete(
        self,
        flight: ActiveFlight,
        outcome: MissionStatus,
        last_seq: int | None,
        completed: Callable[[], None],
        failed: Failed,
    ) -> None:
        """Complete the flight's mission; `last_seq` only when all messages up to it have been delivered."""

        def errand() -> None:
            try:
                self._headquarters.complete(flight.mission_id, outcome, last_seq, patience_s=ERRAND_S)
            except ShipsClientError as error:
                self._done(partial(failed, error))
            else:
                self._done(completed)

        self._errands.submit(flight.mission_id, errand)


def _raise(error: Exception) -> None:
    raise error

"""What is done on the ground: reports are handed in, and ended flights have their missions closed."""

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from ships_client.client.dispatch import Dispatch
from ships_client.client.events import Kind, Narrator
from ships_client.client.flight import ActiveFlight, DueReport
from ships_client.client.summary import Flight, Tally
from ships_client.contracts import MissionStatus
from ships_client.exceptions import HeadquartersAway, Refused, ShipsClientError, UploadAway
from ships_client.recorder import Closed, Recorder, Reported

FIRST_PAUSE_S: Final = 5.0
LONGEST_PAUSE_S: Final = 300.0
"""Between two tries of what failed; doubled from try to try."""
TRIES: Final = 3
"""After so many refusals nothing but the next start's --resume will mend it."""
UNDER_WAY: Final = 256
"""Most errands at once, many more than there are threads for: a large fleet that lands together would fill the memory
with errands that only wait."""
_KEPT_SUMMARIES: Final = 50_000
_NOT_FOUND: Final = 404
_CONFLICT: Final = 409


class Telemetry(Protocol):
    """What the ground asks of the sender."""

    @property
    def refused(self) -> int:
        """Messages that will never be delivered."""

    def delivered(self, number: int, turn: int) -> bool:
        """Whether all messages of a flight up to a turn are acknowledged or refused for good."""


class Ground:
    """Takes what flights have for headquarters until it has it; runs on the fleet's thread.

    A flight's errands run one after the other: reports in order, then, once all its messages are acknowledged, the end
    of its mission. What fails is tried again with growing pauses for as long as the fleet runs. `freed` gets the berth
    of each flight whose mission is closed.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        narrator: Narrator,
        recorder: Recorder,
        telemetry: Telemetry,
        freed: Callable[[int], None],
    ) -> None:
        self.finished: deque[Flight] = deque(maxlen=_KEPT_SUMMARIES)
        self.tally = Tally()
        self.reports = 0
        """Handed in so far."""
        self._dispatch = dispatch
        self._narrator = narrator
        self._recorder = recorder
        self._telemetry = telemetry
        self._freed = freed
        self._active: dict[int, ActiveFlight] = {}
        self._under_way = 0

    @property
    def landing(self) -> int:
        """How many flights have ended and aren't closed."""
        return sum(flight.ended_turn is not None for flight in self._active.values())

    @property
    def busy(self) -> int:
        """How many flights have something for headquarters."""
        return len(self._active)

    def take(self, flight: ActiveFlight) -> None:
        """The flight has a report due, or has ended."""
        self._active[flight.plan.number] = flight

    def work(self) -> None:
        """Begin the errands that can be begun, up to UNDER_WAY at once."""
        now = time.monotonic()
        for number, flight in list(self._active.items()):
            if self._under_way >= UNDER_WAY:
                break
            if flight.busy or now < flight.retry_at:
                continue
            if flight.due:
                # What the disk may still lose would be flown again with other timestamps: not for a report.
                if self._recorder.synced_turn >= flight.due[0].turn:
                    self._report(flight, flight.due[0])
            elif flight.ended_turn is None:
                del self._active[number]
            elif self._telemetry.delivered(number, flight.ended_turn):
                self._complete(flight)

    def stuck(self, patience_s: float) -> bool:
        """Whether waiting is of no more use: all that is left was refused, or has been away for so long."""
        now = time.monotonic()
        return bool(self._active) and all(
            flight.failures and (flight.refused >= TRIES or now - flight.failing_since > patience_s)
            for flight in self._active.values()
        )

    def _begin(self, flight: ActiveFlight) -> None:
        flight.busy = True
        self._under_way += 1

    def _report(self, flight: ActiveFlight, due: DueReport) -> None:
        self._begin(flight)
        what = f"Report {due.number} of mission {flight.mission_id}, {flight.plan.ship}, isn't handed in."
        self._dispatch.report(flight, due, partial(self._reported, flight, due), partial(self._failed, flight, what))

    def _reported(self, flight: ActiveFlight, due: DueReport, items: int, landed: bool) -> None:
        self._under_way -= 1
        flight.done()
        flight.due.popleft()
        self.reports += 1
        flight.reports, flight.items, flight.landed = flight.reports + 1, flight.items + items, landed
        self._recorder.note(Reported(flight.plan.number, due.number, due.last_seq, items, landed))
        ticks = due.last_seq - due.first_seq + 1
        self._narrator.tell(Kind.REPORT, f"Report {due.number} of {flight.plan.ship} stands: {ticks} ticks.", flight)

    def _complete(self, flight: ActiveFlight) -> None:
        self._begin(flight)
        outcome = flight.outcome or MissionStatus.FAILURE
        # Headquarters may rely on the last seq only where nothing can be missing before it.
        last_seq = None if self._telemetry.refused else flight.last_seq
        self._dispatch.complete(
            flight,
            outcome,
            last_seq,
            partial(self._close, flight, outcome),
            partial(self._failed, flight, f"Mission {flight.mission_id}, {flight.plan.ship}, isn't completed."),
        )

    def _close(self, flight: ActiveFlight, outcome: MissionStatus) -> None:
        self._under_way -= 1
        self._narrator.tell(Kind.COMPLETED, f"Mission {flight.mission_id} is {outcome.value}.", flight)
        self._drop(flight, outcome)

    def _drop(self, flight: ActiveFlight, outcome: MissionStatus) -> None:
        number = flight.plan.number
        self._recorder.note(Closed(number, outcome))
        self._active.pop(number, None)
        summary = Flight.of(flight, outcome)
        self.finished.append(summary)
        self.tally.add(summary)
        self._freed(flight.berth)

    def _failed(self, flight: ActiveFlight, what: str, error: ShipsClientError) -> None:
        self._under_way -= 1
        away = isinstance(error, HeadquartersAway | UploadAway)
        flight.put_off(min(FIRST_PAUSE_S * 2**flight.failures, LONGEST_PAUSE_S), refused=not away)
        if away:
            return
        if flight.refused == 1:
            self._narrator.trouble(f"{what} {error}", flight)
        status = error.status_code if isinstance(error, Refused) else None
        if status == _NOT_FOUND:
            # Headquarters knows no such mission: no report of it will ever stand.
            flight.due.clear()
        if flight.ended_turn is not None and not flight.due and status in (_NOT_FOUND, _CONFLICT):
            # It has none, or has ended it otherwise: there is nothing left to tell it.
            self._drop(flight, flight.outcome or MissionStatus.FAILURE)

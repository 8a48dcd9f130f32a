"""A flight under way: its plan, its mission, and how far its reports have got."""

import random
import time
from collections import deque
from dataclasses import dataclass, field

from ships_client.client.plans import FlightPlan
from ships_client.contracts import MissionStatus


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report to be made: its number within the mission, the ticks it covers, and the turn of the last of them."""

    number: int
    first_seq: int
    last_seq: int
    turn: int


@dataclass(slots=True, eq=False)
class ActiveFlight:
    """One mission from its launch until headquarters has closed it."""

    plan: FlightPlan
    mission_id: int
    started_at: str
    berth: int
    launch_turn: int = -1
    """The turn in which its seq 0 was recorded; seq is the turns since. -1 before."""
    ended_turn: int | None = None
    outcome: MissionStatus | None = None
    due: deque[DueReport] = field(default_factory=deque)
    """Reports that are not handed in yet, in order."""
    planned_seq: int = -1
    """Last seq that a report covers, those in `due` included."""
    planned_reports: int = 0
    reports: int = 0
    """Reports that stand at headquarters."""
    items: int = 0
    """Items in them."""
    landed: bool = False
    """Whether a report has covered a tick on its planet or after it."""
    busy: bool = False
    """Whether an errand of this flight is under way."""
    failures: int = 0
    """Errands of this flight that failed in a row; `refused` of them for another reason than an outage."""
    refused: int = 0
    failing_since: float = 0.0
    retry_at: float = 0.0
    """Monotonic seconds before which no errand is tried."""

    @property
    def last_seq(self) -> int | None:
        """The seq of its last message, once it has ended."""
        return None if self.ended_turn is None else self.ended_turn - self.launch_turn

    def done(self) -> None:
        """An errand has succeeded."""
        self.busy, self.failures, self.refused = False, 0, 0

    def put_off(self, pause_s: float, *, refused: bool) -> None:
        """An errand has failed: nothing is tried for about `pause_s`, a random half more or less."""
        now = time.monotonic()
        if not self.failures:
            self.failing_since = now
        self.busy, self.failures, self.refused = False, self.failures + 1, self.refused + refused
        self.retry_at = now + pause_s * random.uniform(0.5, 1.5)  # noqa: S311 (jitter, not a secret)

    def plan_report(self, last_seq: int) -> None:
        """The next report covers all ticks after the last one's, up to `last_seq`."""
        if last_seq <= self.planned_seq:
            return
        self.planned_reports += 1
        turn = self.launch_turn + last_seq
        self.due.append(DueReport(self.planned_reports, self.planned_seq + 1, last_seq, turn))
        self.planned_seq = last_seq

    def plan_reports_until(self, seq: int) -> None:
        """Plan all periodic reports that were due up to `seq`, and the last one once the flight has ended."""
        ticks = self.plan.report_ticks
        for last in range((self.planned_seq // ticks + 1) * ticks, seq + 1, ticks):
            if last > 0 and last != self.last_seq:
                self.plan_report(last)
        if self.last_seq is not None:
            self.plan_report(self.last_seq)

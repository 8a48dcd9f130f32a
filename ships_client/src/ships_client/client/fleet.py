"""A fleet in flight: one loop that launches, flies all ships tick by tick, and lands them.

The loop alone touches the fleet's state. Each tick goes into the flight recorder, and whatever leaves the ships comes
from there: telemetry behind the sender's cursor, reports as errands. So an outage of Kafka, headquarters or store only
delays what is meant for them, and a fleet that was killed goes on from the recorder.
"""

import time
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from threading import Event as Flag
from typing import Final, Protocol

from ships_client.client.dispatch import Dispatch
from ships_client.client.events import Kind, Listener, Narrator
from ships_client.client.flight import ActiveFlight
from ships_client.client.ground import Ground
from ships_client.client.hangar import Hangar
from ships_client.client.launchpad import Launchpad, Plans
from ships_client.client.restore import restore
from ships_client.client.sender import Sender
from ships_client.client.status import Status
from ships_client.client.summary import Summary
from ships_client.contracts import MissionStatus
from ships_client.exceptions import HeadquartersError
from ships_client.recorder import Recorder
from ships_client.sim.rules import MALFUNCTION_CHANCE
from ships_client.transports.headquarters import Headquarters
from ships_client.transports.kafka import TelemetryProducer
from ships_client.transports.store import ReportStore

FAREWELL_S: Final = 7.0
"""Most that a fleet takes to leave once it is told to stop; the process then needs a moment to end."""
_HANDOVER_S: Final = 3.0
"""Most that it waits for acknowledgements of what it has sent when it is to be resumed."""
_SLICE_S: Final = 0.05
_BEHIND_S: Final = 1.0
_LOOK_S: Final = 0.5
_GROUND_S: Final = 0.1


class _Line(Protocol):
    @property
    def away(self) -> bool: ...


class Fleet:
    """Flies plans until there are none left or `stop` is set.

    Args:
        plans: the flights; a berth takes its next one when its mission is closed.
        recorder: fresh, or resumed: then the fleet goes on where the recorder ends.
        stop: set it from anywhere to stop the fleet; its ships are left to a later resume.
        give_up: when stopped, rather give all ships up: each sends a last message with phase LOST, and its mission is
            completed as FAILURE within FAREWELL_S; what couldn't be told by then is left to a later resume.
        speed: ticks a second.
        spread_s: the least seconds between two launches.
        duration_s: stop after so many seconds.
        patience_s: how long a landed fleet waits for what it has to hand over, and a registration for headquarters.
        registration_s: the same for the first registration, which tells whether headquarters is there at all.
        failure_rate: chance of a malfunction for each tick in flight, 0 to 1.
        los: ticks of each mission without a signal.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        *,
        plans: Plans,
        recorder: Recorder,
        headquarters: Headquarters,
        store: ReportStore,
        producer: TelemetryProducer,
        stop: Flag,
        give_up: bool = False,
        speed: float = 1.0,
        spread_s: float = 0.0,
        duration_s: float = float("inf"),
        patience_s: float = 3600.0,
        registration_s: float = 30.0,
        failure_rate: float = MALFUNCTION_CHANCE,
        los: range | None = None,
        listener: Listener = lambda event: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._narrator = Narrator(listener)
        self._recorder = recorder
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        dispatch = Dispatch(headquarters, store, recorder, self._inbox.put)
        # A fleet that is resumed with fewer ships flies those home that are beyond its berths now.
        taken = (flight.berth for flight in recorder.standing.flights.values())
        berths = max(plans.berths, 1 + max(taken, default=-1))
        self.hangar = Hangar(berths, recorder.standing.header.seed, recorder, failure_rate)
        mending = partial(self._narrator.tell, Kind.WAITING)
        self._sender = Sender(recorder, producer, los, self._narrator.trouble, mending)
        self._pad = Launchpad(plans, self.hangar, dispatch, self._narrator, spread_s, registration_s, patience_s)
        self._ground = Ground(dispatch, self._narrator, recorder, self._sender, self._pad.free)
        self._stop = stop
        self._give_up = give_up
        self._period_s = 1.0 / speed
        self._duration_s = duration_s
        self._patience_s = patience_s
        self._clock = clock
        self._leaves_at = float("inf")
        self._next_ground = 0.0
        self._lines: dict[str, _Line] = {
            f"Kafka at {producer.bootstrap}": producer,
            f"Headquarters at {headquarters.base}": headquarters,
            "The report store": store,
        }
        self._away: set[str] = set()
        self._warned = False
        self._timed_out = False
        self._moved_at = time.monotonic()
        restore(recorder, self.hangar, self._ground, self._pad)

    def run(self, watch: Callable[[], None] | None = None) -> Summary:
        """Fly until all is done, or the fleet is stopped; what it did. `watch` is called about twice a second.

        Raises:
            HeadquartersError: a mission couldn't be registered; what flies by then is left to a later resume.
            RecorderError: the flight recorder can't take another turn; the same.
        """
        try:
            self._fly(watch or (lambda: None))
        except HeadquartersError:
            self._hand_over()
            raise
        self._hand_over()
        return self._summary()

    def status(self) -> Status:
        """How the fleet does now."""
        return Status(
            phases=self.hangar.phases(),
            sent=self._sender.sent,
            acknowledged=self._sender.acknowledged,
            behind=self._sender.behind,
            home=self._ground.tally.success,
            lost=self._ground.tally.failure,
            landing=self._ground.landing,
            reports=self._ground.reports,
            recorder_bytes=self._recorder.size_bytes,
        )

    def _fly(self, watch: Callable[[], None]) -> None:
        ends_at = time.monotonic() + self._duration_s
        next_turn = next_look = time.monotonic()
        while not self._over():
            if time.monotonic() > ends_at and not self._stop.is_set():
                self._timed_out = True
                self._stop.set()
            if self._stop.is_set() and self._leaves_at == float("inf"):
                self._begin_to_leave()
            self._serve_until(next_turn)
            if not self.hangar.empty and (self._give_up or not self._stop.is_set()):
                self._turn(give_up=self._stop.is_set())
            next_turn += self._period_s
            if time.monotonic() > next_turn + _BEHIND_S:
                next_turn = time.monotonic()
            if time.monotonic() >= next_look:
                watch()
                self._warn_of_the_recorder()
                self._recorder.trim()
                next_look = time.monotonic() + _LOOK_S

    def _over(self) -> bool:
        if self._stop.is_set():
            done = not (self._ground.busy or self._pad.busy) and self.hangar.empty
            return done or not self._give_up or time.monotonic() > self._leaves_at
        if self._pad.busy or not self.hangar.empty:
            return False
        return (
            not self._ground.busy
            or self._ground.stuck(self._patience_s)
            or time.monotonic() - self._moved_at > self._patience_s
        )

    def _begin_to_leave(self) -> None:
        self._leaves_at = time.monotonic() + FAREWELL_S
        if self._give_up:
            self._pad.close()

    def _turn(self, *, give_up: bool = False) -> None:
        """One tick of all ships, later than the last one even if the clock was set back."""
        now_us = max(int(self._clock() * 1e6), self._recorder.last_timestamp_us + 1)
        for flight in self.hangar.turn(now_us, give_up=give_up):
            flight.plan_reports_until(flight.last_seq or 0)
            self._ground.take(flight)
            how = "is given up" if give_up else _how(flight)
            self._narrator.tell(Kind.ENDED, f"{flight.plan.ship} {how} after {flight.last_seq} ticks.", flight)
        for flight in self.hangar.reporting():
            flight.plan_report(self.hangar.seq(flight))
            self._ground.take(flight)

    def _serve_until(self, moment: float) -> None:
        """Launch, send, serve acknowledgements and the inbox until `moment`; return early when told to stop."""
        stopped = self._stop.is_set()
        while True:
            self._pad.launch()
            now = time.monotonic()
            self._sender.send(max(now, min(moment, now + _SLICE_S)))
            self._wait(min(moment, time.monotonic() + _SLICE_S))
            while not self._inbox.empty():
                self._inbox.get_nowait()()
            if time.monotonic() >= self._next_ground:
                self._ground.work()
                self._next_ground = time.monotonic() + _GROUND_S
            self._tell_of_outages()
            if self._pad.error is not None:
                raise self._pad.error
            if time.monotonic() >= moment or self._stop.is_set() != stopped:
                return

    def _wait(self, until: float) -> None:
        """Serve acknowledgements until then, in monotonic seconds."""
        before = self._sender.acknowledged_turn
        self._sender.serve(until)
        if self._sender.acknowledged_turn != before or not self._sender.behind:
            self._moved_at = time.monotonic()
        time.sleep(max(0.0, until - time.monotonic()))

    def _hand_over(self) -> None:
        """Bring out what can be brought out in time, and leave the rest in the recorder."""
        deadline = time.monotonic() + _HANDOVER_S
        while self._sender.behind and time.monotonic() < deadline:
            self._sender.send(time.monotonic() + _SLICE_S)
            self._wait(time.monotonic() + _SLICE_S)
        self._sender.close()
        standing = self._recorder.standing
        # Done for good: nothing in the air, landing or unacknowledged, and nobody left to launch.
        if not (standing.flights or standing.closed or self._pad.busy):
            self._recorder.finish()

    def _tell_of_outages(self) -> None:
        for name, line in self._lines.items():
            if line.away and name not in self._away:
                self._away.add(name)
                self._narrator.tell(Kind.WAITING, f"{name} is away; what is meant for it waits in the flight recorder.")
            elif not line.away and name in self._away:
                self._away.remove(name)
                self._narrator.tell(Kind.NOTE, f"{name} is back.")

    def _warn_of_the_recorder(self) -> None:
        if self._recorder.nearly_full and not self._warned:
            megabytes = self._recorder.size_bytes / 1e6
            self._narrator.tell(
                Kind.WAITING,
                f"The flight recorder holds {megabytes:,.0f} MB and is nearly full; at its limit the flight stops. "
                "Bring back what it waits for, or raise --recorder-limit.",
            )
        self._warned = self._recorder.nearly_full

    def _summary(self) -> Summary:
        left = len(self._recorder.standing.flights)
        return Summary(
            seed=self._recorder.standing.header.seed,
            totals=self._ground.tally,
            missions=list(self._ground.finished),
            unfinished=left,
            refused=self._sender.refused,
            troubles=self._narrator.troubles,
            interrupted=self._stop.is_set() and not self._timed_out,
            timed_out=self._timed_out,
            recorder=str(self._recorder.folder) if left else None,
        )


def _how(flight: ActiveFlight) -> str:
    if flight.outcome is not MissionStatus.SUCCESS:
        return "is lost"
    return "has landed" if flight.plan.one_way else "is back"

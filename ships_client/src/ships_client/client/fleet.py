"""A fleet in flight: one loop that launches, flies all ships tick by tick, and lands them.

The loop alone touches the fleet's state. What waits for headquarters or the store runs as errands, whose ends come back
through an inbox; what waits for Kafka waits in the producer. So an outage of either delays, and nothing is lost.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from queue import SimpleQueue
from threading import Event as Flag
from typing import Final, Protocol

from ships_client.client.dispatch import Dispatch
from ships_client.client.events import Kind, Listener, Narrator
from ships_client.client.flight import Flight
from ships_client.client.ground import Ground
from ships_client.client.hangar import Hangar
from ships_client.client.journal import Journal
from ships_client.client.plans import FlightPlan
from ships_client.client.summary import Summary, summarize
from ships_client.contracts import MissionStatus
from ships_client.exceptions import ShipsClientError
from ships_client.transports.headquarters import Headquarters, Mission
from ships_client.transports.kafka import TelemetryProducer
from ships_client.transports.store import ReportStore

FAREWELL_S: Final = 7.0
"""Most that a fleet takes to leave once it is told to stop; the process then needs a moment to end."""
_FLUSH_S: Final = 3.0
_LATE_REGISTRATION_S: Final = 1.0
_SLICE_S: Final = 0.05
_BEHIND_S: Final = 1.0
_LOOK_S: Final = 0.5


class Plans(Protocol):
    """Where flights come from."""

    def next(self, berth: int) -> FlightPlan | None:
        """The next flight from `berth`, None when there is none left."""


class _Line(Protocol):
    @property
    def away(self) -> bool: ...


class Fleet:
    """Flies plans from a number of berths until there are none left or `stop` is set.

    `speed` is ticks a second; `spread_s` the least seconds between two launches; `patience_s` how long a
    registration waits for headquarters. When stopped, every ship in the air is given up: it sends a last message with
    phase LOST, and its mission is completed as FAILURE, within FAREWELL_S; what headquarters couldn't be told stays
    in the journal.
    """

    def __init__(
        self,
        *,
        berths: int,
        seed: int,
        plans: Plans,
        headquarters: Headquarters,
        store: ReportStore,
        producer: TelemetryProducer,
        stop: Flag,
        speed: float = 1.0,
        spread_s: float = 0.0,
        patience_s: float = 60.0,
        journal: Journal | None = None,
        listener: Listener = lambda event: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.hangar = Hangar(berths, seed)
        self._narrator = Narrator(listener, clock)
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._free = list(range(berths))
        self._dispatch = Dispatch(headquarters, store, self._inbox.put)
        self.ground = Ground(self._dispatch, self._narrator, self._free.append, journal)
        self._seed = seed
        self._plans = plans
        self._producer = producer
        self._stop = stop
        self._period_s = 1.0 / speed
        self._spread_s = spread_s
        self._patience_s = patience_s
        self._clock = clock
        self._last_turn = clock()
        self._next_launch = 0.0
        self._registering = 0
        self._error: ShipsClientError | None = None
        self._lines: dict[str, _Line] = {"Kafka": producer, "Headquarters": headquarters, "The report store": store}
        self._away: set[str] = set()

    def run(self, watch: Callable[[], None] | None = None) -> Summary:
        """Fly until all is done; what the fleet did. `watch` is called about twice a second, to look at the fleet.

        Raises:
            ShipsClientError: a mission couldn't be registered; what flew by then is given up.
        """
        self.ground.settle_left_behind()
        next_turn = next_look = time.monotonic()
        while not self._over():
            self._serve_until(next_turn)
            if not self.hangar.empty:
                self._turn()
            next_turn += self._period_s
            if time.monotonic() > next_turn + _BEHIND_S:
                next_turn = time.monotonic()
            if watch and time.monotonic() >= next_look:
                watch()
                next_look = time.monotonic() + _LOOK_S
        if self._stop.is_set() or self._error is not None:
            self._leave()
        if self._error is not None:
            raise self._error
        return summarize(self._seed, self.ground.finished, self._narrator.troubles)

    def _over(self) -> bool:
        busy = self._free or self._registering or self.ground.landing or not self.hangar.empty
        return self._stop.is_set() or self._error is not None or not busy

    def _turn(self) -> None:
        """One tick of all ships, each with a timestamp later than its last."""
        now = self._last_turn = max(self._clock(), self._last_turn + timedelta(microseconds=1))
        for flight in self.hangar.turn(now, self._producer):
            self.ground.ended(flight, self.hangar.log(flight))
            self._narrator.tell(Kind.ENDED, f"{flight.plan.ship} {_how(flight)} after {flight.last_seq} ticks.", flight)
        for flight, log in self.hangar.due():
            self.ground.report(flight, log)
        self.hangar.forget()

    def _serve_until(self, moment: float) -> None:
        """Launch, serve acknowledgements and the inbox until `moment`; return early when told to stop."""
        left = _SLICE_S
        while left > 0 and not self._over():
            self._launch()
            self._producer.poll(max(0.0, min(moment - time.monotonic(), _SLICE_S)))
            self._read_inbox()
            self.ground.land()
            self.ground.save()
            self._tell_of_outages()
            left = moment - time.monotonic()

    def _launch(self) -> None:
        while self._free and time.monotonic() >= self._next_launch:
            berth = self._free.pop(0)
            plan = self._plans.next(berth)
            if plan is not None:
                self._registering += 1
                self._next_launch = time.monotonic() + self._spread_s
                registered = partial(self._registered, plan, berth)
                self._dispatch.register(plan, self._patience_s, registered, self._not_registered)

    def _registered(self, plan: FlightPlan, berth: int, mission: Mission) -> None:
        self._registering -= 1
        flight = Flight(plan, mission, berth, self._producer.delivery())
        self.ground.begun(mission)
        self.hangar.board(flight)
        what = f"{plan.ship} leaves for {plan.target} under {plan.captain}: mission {mission.mission_id}."
        self._narrator.tell(Kind.LAUNCHED, what, flight)

    def _not_registered(self, error: ShipsClientError) -> None:
        self._registering -= 1
        self._error = self._error or error

    def _read_inbox(self) -> None:
        while not self._inbox.empty():
            self._inbox.get_nowait()()

    def _tell_of_outages(self) -> None:
        for name, line in self._lines.items():
            if line.away and name not in self._away:
                self._away.add(name)
                self._narrator.tell(Kind.WAITING, f"{name} is away; what is meant for it waits until it is back.")
            elif not line.away and name in self._away:
                self._away.remove(name)
                self._narrator.tell(Kind.NOTE, f"{name} is back.")

    def _leave(self) -> None:
        deadline = time.monotonic() + FAREWELL_S
        self._dispatch.drop_waiting()
        self._read_inbox()
        given_up = self.hangar.abandon(max(self._clock(), self._last_turn), self._producer)
        for flight in given_up:
            self._narrator.tell(Kind.ENDED, f"{flight.plan.ship} is given up after {flight.last_seq} ticks.", flight)
        self._producer.flush(_FLUSH_S)
        self.ground.give_up(given_up, deadline - time.monotonic())
        latest = time.monotonic() + _LATE_REGISTRATION_S
        while time.monotonic() < (deadline if self.ground.landing else latest if self._registering else 0.0):
            self._producer.poll(_SLICE_S)
            self._read_inbox()
            if late := self.hangar.ground():
                self.ground.give_up(late, deadline - time.monotonic())
        self.ground.leave()


def _how(flight: Flight) -> str:
    if flight.outcome is not MissionStatus.SUCCESS:
        return "is lost"
    return "has landed" if flight.plan.one_way else "is back"

"""From free berths to ships in the air: plans are drawn, missions registered, flights boarded."""

import time
from collections import deque
from collections.abc import Mapping
from functools import partial
from typing import Final, Protocol

from ships_client.client.dispatch import Dispatch
from ships_client.client.events import Kind, Narrator
from ships_client.client.flight import ActiveFlight
from ships_client.client.hangar import Hangar
from ships_client.client.plans import FlightPlan
from ships_client.exceptions import ShipsClientError
from ships_client.transports.headquarters import Mission

AT_ONCE: Final = 2000
"""Most missions that one request registers."""
_SLACK_S: Final = 0.1
"""Launches that the loop was late for by less are made up for."""


class Plans(Protocol):
    """Where flights come from."""

    berths: int

    def flown(self, laps: Mapping[int, int]) -> None:
        """How many flights each berth has begun already."""

    def next(self, berth: int) -> FlightPlan | None:
        """The next flight from `berth`, None when there is none left."""


class Launchpad:
    """Launches from free berths, `spread_s` apart; all that are due at a moment share one registration."""

    def __init__(
        self,
        plans: Plans,
        hangar: Hangar,
        dispatch: Dispatch,
        narrator: Narrator,
        spread_s: float,
        first_s: float,
        patience_s: float,
    ) -> None:
        self.error: ShipsClientError | None = None
        """Why a registration failed."""
        self._plans = plans
        self._hangar = hangar
        self._dispatch = dispatch
        self._narrator = narrator
        self._spread_s = spread_s
        self._first_s = first_s
        self._patience_s = patience_s
        self._reached = False
        self._free = deque(range(plans.berths))
        self._next_launch = 0.0
        self._registering = 0
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether a launch is still to come."""
        return bool(self._free or self._registering)

    def free(self, berth: int) -> None:
        """A berth is free for its next flight."""
        if not self._closed and berth < self._plans.berths:
            self._free.append(berth)

    def resume(self, taken: set[int], laps: Mapping[int, int]) -> None:
        """Flights are in the air, or landing, from these berths; each berth has begun so many flights."""
        self._plans.flown(laps)
        self._reached = bool(laps)
        self._free = deque(berth for berth in self._free if berth not in taken)

    def close(self) -> None:
        """Register no more missions."""
        self._closed = True
        self._free.clear()

    def launch(self) -> None:
        """Register missions for the flights that are due."""
        now = time.monotonic()
        flights: list[tuple[int, FlightPlan]] = []
        if self._next_launch < now - _SLACK_S:
            self._next_launch = now
        while self._free and self._next_launch <= now and len(flights) < AT_ONCE:
            berth = self._free.popleft()
            plan = self._plans.next(berth)
            if plan is not None:
                flights.append((berth, plan))
                self._next_launch += self._spread_s
        if flights:
            self._registering += len(flights)
            registered = partial(self._registered, flights)
            plans = [plan for _, plan in flights]
            patience_s = self._patience_s if self._reached else self._first_s
            self._dispatch.register(plans, patience_s, registered, partial(self._failed, len(flights)))

    def _registered(self, flights: list[tuple[int, FlightPlan]], missions: list[Mission]) -> None:
        self._registering -= len(flights)
        self._reached = True
        for (berth, plan), mission in zip(flights, missions, strict=True):
            flight = ActiveFlight(plan, mission.mission_id, mission.started_at, berth)
            self._hangar.board(flight)
            what = f"{plan.ship} leaves for {plan.target} under {plan.captain}: mission {mission.mission_id}."
            self._narrator.tell(Kind.LAUNCHED, what, flight)

    def _failed(self, count: int, error: ShipsClientError) -> None:
        self._registering -= count
        self.error = self.error or error

"""Berths of a fleet and the flights at them: stepping all at once, and what each turn makes of it."""

from datetime import datetime

import numpy as np

from ships_client.client.flight import Flight
from ships_client.client.messages import compose
from ships_client.client.record import Log, Record
from ships_client.contracts import PLANETS, MissionStatus
from ships_client.sim import Frame, abandon, docked, draw, launch, observe, step
from ships_client.sim.instruments import OUTCOMES
from ships_client.sim.rules import NONE
from ships_client.transports.kafka import TelemetryProducer


class Hangar:
    """The flights in the air, at most one a berth, and their record."""

    def __init__(self, berths: int, seed: int) -> None:
        self.aloft: dict[int, Flight] = {}
        """By berth."""
        self.frame: Frame | None = None
        """The instruments at the last turn."""
        self._seed = seed
        self._state = docked(berths)
        self._numbers = np.zeros(berths, dtype=np.uint64)
        self._record = Record()
        self._boarding: list[Flight] = []

    def board(self, flight: Flight) -> None:
        """Let `flight` take off at the next turn."""
        self._boarding.append(flight)

    @property
    def flights(self) -> list[Flight]:
        """The flights in the air."""
        return list(self.aloft.values())

    @property
    def empty(self) -> bool:
        """Whether nothing flies or is about to."""
        return not self.aloft and not self._boarding

    def turn(self, now: datetime, producer: TelemetryProducer) -> list[Flight]:
        """Fly one tick, start what boards, send a message for each ship; the flights that have ended with it."""
        self._state = step(self._state, draw(self._seed, self._numbers, self._state.tick + 1))
        return self._speak(now, producer)

    def abandon(self, now: datetime, producer: TelemetryProducer) -> list[Flight]:
        """Give up all ships: each in the air says so in a last message; all have ended."""
        grounded = self.ground()
        lost = np.zeros(len(self._state), dtype=np.bool_)
        lost[list(self.aloft)] = True
        self._state = abandon(self._state, lost)
        return grounded + self._speak(now, producer)

    def ground(self) -> list[Flight]:
        """Keep on the ground what was to take off at the next turn."""
        grounded, self._boarding = self._boarding, []
        for flight in grounded:
            flight.outcome = MissionStatus.FAILURE
        return grounded

    def due(self) -> list[tuple[Flight, Log]]:
        """The flights whose next periodic report is due at this turn, with what it covers."""
        return [
            (flight, self.log(flight))
            for flight in self.aloft.values()
            if (seq := self._seq(flight)) > 0 and seq % flight.report_ticks == 0
        ]

    def log(self, flight: Flight) -> Log:
        """The flight since its last report, up to now or its end; the next begins after it."""
        last = self._seq(flight) if flight.last_seq is None else flight.last_seq
        first_turn = flight.launch_turn + flight.reported_seq + 1
        log = self._record.log(flight.berth, flight.plan.target, first_turn, flight.launch_turn + last)
        flight.reported_seq = last
        return log

    def forget(self) -> None:
        """Drop the part of the record that every ship has reported."""
        needed = (flight.launch_turn + flight.reported_seq + 1 for flight in self.aloft.values())
        self._record.forget_before(min(needed, default=self._record.turns))

    def _seq(self, flight: Flight) -> int:
        return self._record.turns - 1 - flight.launch_turn

    def _speak(self, now: datetime, producer: TelemetryProducer) -> list[Flight]:
        for flight in self._boarding:
            ship = launch([PLANETS[flight.plan.target]], keys=0, one_way=flight.plan.one_way)
            self._state = self._state.put(flight.berth, ship)
            self._numbers[flight.berth] = flight.plan.number
            flight.launch_turn = self._record.turns
            self.aloft[flight.berth] = flight
        self._boarding.clear()
        frame = self.frame = observe(self._state)
        self._record.append(now, frame)
        for flight, message in compose(frame, list(self.aloft.values()), now):
            producer.send(message, flight.delivery)
        ended = [flight for flight in self.aloft.values() if frame.outcome[flight.berth] != NONE]
        for flight in ended:
            flight.outcome = OUTCOMES[frame.outcome[flight.berth]]
            flight.last_seq = int(frame.seq[flight.berth])
            del self.aloft[flight.berth]
        return ended

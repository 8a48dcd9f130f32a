"""Who speaks in a turn: what messages need to know of a flight beside its state."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ships_client.client.messages import callsign
from ships_client.contracts import InvalidMessage
from ships_client.recorder import OpenFlight, Standing
from ships_client.sim.state import Flags, Ints


@dataclass(frozen=True, slots=True)
class Speakers:
    """Flights as columns, (n)."""

    rows: Ints
    """Their places among the flights of the turn."""
    numbers: Ints
    """Flight numbers."""
    keys: NDArray[np.object_]
    """Keys of their messages, bytes."""
    callsigns: NDArray[np.bytes_]
    one_way: Flags
    launch_turns: Ints

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, which: slice | Ints | Flags) -> Self:
        """The same for some of them."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))


class Directory:
    """Finds the flights of a turn in the standing; most are those of the turn before, so what is known is kept.

    A flight must have been noted as boarded before its first turn is asked for. One that is closed and acknowledged
    stands nowhere any more: it has nothing left to say.
    """

    def __init__(self, standing: Standing) -> None:
        self.unnamed: dict[int, InvalidMessage] = {}
        """Flights of the turn whose names the contract doesn't allow, by number: they can't speak."""
        self._standing = standing
        self._flights: Ints = np.zeros(0, dtype=np.int64)
        self._known: dict[int, tuple[OpenFlight, bytes]] = {}
        self._speakers = self._columns()

    def turn(self, flights: Ints) -> Speakers:
        """Who of the flights of a turn, by ascending numbers, speaks."""
        if not np.array_equal(flights, self._flights):
            known, self._known, self.unnamed = self._known, {}, {}
            for number in flights.tolist():
                flight = self._standing.flights.get(number) or self._standing.closed.get(number)
                if number in known:
                    self._known[number] = known[number]
                elif flight is not None:
                    self._add(flight)
            self._flights = flights
            self._speakers = self._columns()
        return self._speakers

    def _add(self, flight: OpenFlight) -> None:
        try:
            self._known[flight.number] = flight, callsign(str(flight.mission_id), flight.ship)
        except InvalidMessage as error:
            self.unnamed[flight.number] = error

    def _columns(self) -> Speakers:
        flights = [flight for flight, _ in self._known.values()]
        numbers = np.array(list(self._known), dtype=np.int64)
        return Speakers(
            rows=np.searchsorted(self._flights, numbers),
            numbers=numbers,
            keys=np.array([flight.ship.encode() for flight in flights], dtype=np.object_),
            callsigns=np.array([names for _, names in self._known.values()], dtype=np.bytes_),
            one_way=np.array([flight.one_way for flight in flights], dtype=np.bool_),
            launch_turns=np.array([flight.launch_turn for flight in flights], dtype=np.int64),
        )

"""Who speaks in a turn: what messages need to know of a flight beside its state."""

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ships_client.client.messages import callsign
from ships_client.contracts import InvalidMessage
from ships_client.recorder import OpenFlight, Standing
from ships_client.sim import Frame
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

    def joined(self, others: "Speakers") -> "Speakers":
        """These and others, by ascending numbers."""
        if not len(others):
            return self
        both = Speakers(*(np.concatenate([getattr(x, f.name) for x in (self, others)]) for f in fields(self)))
        return some(both, np.argsort(both.numbers, kind="stable"))


Columns = TypeVar("Columns", Speakers, Frame)


def some(columns: Columns, which: slice | Ints | Flags) -> Columns:
    """The same columns for some of the rows."""
    return type(columns)(*(getattr(columns, field.name)[which] for field in fields(columns)))


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
        self._speakers = _speakers([])

    def turn(self, flights: Ints) -> Speakers:
        """Who of the flights of a turn, by ascending numbers, speaks."""
        if not np.array_equal(flights, self._flights):
            staying = some(self._speakers, _within(self._speakers.numbers, flights))
            added = flights[~_within(flights, self._flights)].tolist()
            self.unnamed = {n: error for n, error in self.unnamed.items() if _within(np.array([n]), flights)[0]}
            speakers = staying.joined(_speakers(self._named(added)))
            self._speakers = replace(speakers, rows=np.searchsorted(flights, speakers.numbers))
            self._flights = flights
        return self._speakers

    def _named(self, numbers: list[int]) -> list[tuple[OpenFlight, bytes]]:
        """Flights that have something to say, and what they call themselves."""
        named = []
        for number in numbers:
            flight = self._standing.flights.get(number) or self._standing.closed.get(number)
            try:
                if flight is not None:
                    named.append((flight, callsign(str(flight.mission_id), flight.ship)))
            except InvalidMessage as error:
                self.unnamed[number] = error
        return named


def _within(numbers: Ints, ascending: Ints) -> Flags:
    """Which of `numbers` are among others."""
    if not len(ascending):
        return np.zeros(len(numbers), dtype=np.bool_)
    found: Flags = ascending.take(np.searchsorted(ascending, numbers), mode="clip") == numbers
    return found


def _speakers(named: list[tuple[OpenFlight, bytes]]) -> Speakers:
    flights = [flight for flight, _ in named]
    return Speakers(
        rows=np.zeros(len(flights), dtype=np.int64),
        numbers=np.array([flight.number for flight in flights], dtype=np.int64),
        keys=np.array([flight.ship.encode() for flight in flights], dtype=np.object_),
        callsigns=np.array([names for _, names in named], dtype=np.bytes_),
        one_way=np.array([flight.one_way for flight in flights], dtype=np.bool_),
        launch_turns=np.array([flight.launch_turn for flight in flights], dtype=np.int64),
    )

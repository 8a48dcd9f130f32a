"""Where a fleet stands, as its notes add up: pure state, no clock and no file."""

from collections.abc import Sequence
from typing import Self

from msgspec import Struct, field, structs

from ships_client.contracts.telemetry import MissionStatus
from ships_client.recorder.notes import Acknowledged, Boarded, Closed, Ended, Header, Note, Reported


class OpenFlight(Struct, array_like=True, gc=False):
    """A flight that isn't closed: the fields of Boarded, and how far it has got."""

    number: int
    berth: int
    mission_id: int
    ship: str
    captain: str
    target: str
    report_freq_min: int
    one_way: bool
    started_at: str
    launch_turn: int
    """The turn of seq 0; seq is the turns since."""
    ended_turn: int | None = None
    outcome: MissionStatus | None = None
    last_seq: int | None = None
    reports: int = 0
    """Reports that stand, which is also the number of the last one."""
    reported_seq: int = -1
    """Last seq in them."""
    items: int = 0
    """Items in them."""
    landed: bool = False
    """Whether it had been on its planet by the last report."""

    @classmethod
    def of(cls, note: Boarded) -> Self:
        """The flight as it boards."""
        return cls(**structs.asdict(note))

    @property
    def needed_turn(self) -> int | None:
        """First turn that its next report is made of; None when all is reported."""
        if self.last_seq is not None and self.reported_seq >= self.last_seq:
            return None
        return self.launch_turn + self.reported_seq + 1


class Tally(Struct):
    """Missions that boarded, those closed by outcome, and reports and items that stand, since the log was made."""

    missions: int = 0
    success: int = 0
    failure: int = 0
    reports: int = 0
    items: int = 0


class Standing(Struct):
    """All that is known beside the turns; `apply` alone changes it."""

    header: Header
    flights: dict[int, OpenFlight] = field(default_factory=dict)
    """By flight number: not closed yet."""
    closed: dict[int, OpenFlight] = field(default_factory=dict)
    """By flight number: closed, but with messages that aren't acknowledged yet."""
    acknowledged_turn: int = -1
    flown: dict[int, int] = field(default_factory=dict)
    """Flights begun, by berth."""
    totals: Tally = field(default_factory=Tally)

    def check(self, notes: Sequence[Note]) -> None:
        """Raise KeyError when `apply` couldn't take one: all but Boarded and Acknowledged are about an open flight."""
        boarding = {note.number for note in notes if isinstance(note, Boarded)}
        for note in notes:
            if (
                isinstance(note, Ended | Reported | Closed)
                and note.number not in self.flights
                and note.number not in boarding
            ):
                raise KeyError(f"flight {note.number} isn't open")

    def apply(self, note: Note) -> None:
        """Take a note in; raises KeyError when its flight isn't open."""
        match note:
            case Boarded():
                self.flights[note.number] = OpenFlight.of(note)
                self.flown[note.berth] = self.flown.get(note.berth, 0) + 1
                self.totals.missions += 1
            case Ended():
                flight = self.flights[note.number]
                flight.outcome, flight.last_seq, flight.ended_turn = note.outcome, note.last_seq, note.turn
            case Reported():
                flight = self.flights[note.number]
                flight.reports, flight.reported_seq, flight.landed = note.report_no, note.last_seq, note.landed
                flight.items += note.items
                self.totals.reports += 1
                self.totals.items += note.items
            case Closed():
                self._close(note)
            case Acknowledged():
                self.acknowledged_turn = max(self.acknowledged_turn, note.turn)
                for number in [n for n, flight in self.closed.items() if not self._unacknowledged(flight)]:
                    del self.closed[number]

    def first_unreported_turn(self) -> int | None:
        """First turn that a report still needs; None when no flight needs any."""
        turns = (flight.needed_turn for flight in self.flights.values())
        return min((turn for turn in turns if turn is not None), default=None)

    def _close(self, note: Closed) -> None:
        flight = self.flights.pop(note.number)
        flight.outcome = note.outcome
        if note.outcome is MissionStatus.SUCCESS:
            self.totals.success += 1
        else:
            self.totals.failure += 1
        if self._unacknowledged(flight):
            self.closed[note.number] = flight

    def _unacknowledged(self, flight: OpenFlight) -> bool:
        return flight.ended_turn is not None and flight.ended_turn > self.acknowledged_turn

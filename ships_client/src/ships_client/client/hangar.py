"""The ships in the air: all are stepped at once, and each turn is put into the flight recorder."""

import numpy as np
from numpy.typing import NDArray

from ships_client.client.flight import ActiveFlight
from ships_client.contracts import MissionStatus
from ships_client.contracts.world import PLANETS
from ships_client.recorder import Boarded, Ended, Recorder
from ships_client.sim import (
    FleetState,
    abandon,
    docked,
    flight_draws,
    flight_keys,
    from_rows,
    launch,
    places,
    step,
    to_rows,
)
from ships_client.sim.rules import LOST, PHASES


class Hangar:
    """Berths and the flights at them, at most one a berth; berths are counted from 0 here.

    Args:
        berths: how many there are.
        seed: of the fleet.
        recorder: where each turn goes.
        failure_rate: chance of a malfunction for each tick in flight, 0 to 1.
    """

    def __init__(self, berths: int, seed: int, recorder: Recorder, failure_rate: float) -> None:
        self.aloft: dict[int, ActiveFlight] = {}
        """By berth."""
        self._seed = seed
        self._recorder = recorder
        self._failure_rate = failure_rate
        self._state = docked(berths)
        self._numbers = np.zeros(berths, dtype=np.int64)
        self._report_ticks = np.ones(berths, dtype=np.int64)
        self._order = np.zeros(0, dtype=np.int64)
        self._boarding: list[ActiveFlight] = []

    @property
    def empty(self) -> bool:
        """Whether there is nobody to fly."""
        return not self.aloft and not self._boarding

    def board(self, flight: ActiveFlight) -> None:
        """The flight takes off at the next turn."""
        self._boarding.append(flight)

    def restore(self, flights: list[ActiveFlight], rows: NDArray[np.void]) -> None:
        """Put flights where the recorder has them, one row each."""
        if not flights:
            return
        self._place(flights, from_rows(rows, *self._plans(flights)))
        # A kill may have come between the record of the turn and the note that it was some ships' last.
        ended = [flight for flight in flights if self._state.ended[flight.berth]]
        for flight in ended:
            self._end(flight, self._recorder.last_turn)
        self._sort()

    def turn(self, timestamp_us: int, *, give_up: bool = False) -> list[ActiveFlight]:
        """One tick of all ships, into the recorder; the flights that ended with it. With `give_up` they all do.

        Raises:
            RecorderError: the turn couldn't be recorded.
        """
        if give_up:
            aloft = np.zeros(len(self._state), dtype=np.bool_)
            aloft[self._order] = True
            self._state = abandon(self._state, aloft)
        else:
            draws = flight_draws(self._state.key, self._state.tick)
            self._state = step(self._state, draws, self._failure_rate)
        self._take_off()
        rows = to_rows(self._state, self._order)
        turn = self._recorder.append(timestamp_us, self._numbers[self._order], rows)
        ended = [self.aloft[int(berth)] for berth in self._order[self._state.ended[self._order]]]
        for flight in ended:
            self._end(flight, turn)
        if ended:
            self._sort()
        return ended

    def reporting(self) -> list[ActiveFlight]:
        """The flights whose next periodic report is due at this turn."""
        ticks = self._state.tick[self._order]
        due = (ticks % self._report_ticks[self._order] == 0) & (ticks > 0)
        return [self.aloft[int(berth)] for berth in self._order[due]]

    def seq(self, flight: ActiveFlight) -> int:
        """The flight's newest tick."""
        return int(self._state.tick[flight.berth])

    def look(self) -> tuple[FleetState, list[ActiveFlight]]:
        """The state of the ships aloft, and their flights in the same order."""
        return self._state.take(self._order), [self.aloft[int(berth)] for berth in self._order]

    def phases(self) -> dict[str, int]:
        """How many ships are in which phase."""
        counts = np.bincount(self._state.phase[self._order], minlength=len(PHASES)).tolist()
        return {phase.value: count for phase, count in zip(PHASES, counts, strict=True) if count}

    def _take_off(self) -> None:
        if not self._boarding:
            return
        flights, self._boarding = self._boarding, []
        targets, one_way, keys = self._plans(flights)
        # Those that were noted before a kill, and had no turn yet, take off in the turn that was noted.
        unnoted = [flight for flight in flights if flight.launch_turn < 0]
        for flight in unnoted:
            flight.launch_turn = self._recorder.last_turn + 1
        self._recorder.note(*map(_boarded, unnoted))
        self._place(flights, launch(targets, one_way, keys))

    def _place(self, flights: list[ActiveFlight], ships: FleetState) -> None:
        berths = np.array([flight.berth for flight in flights], dtype=np.int64)
        self._state = self._state.put(berths, ships)
        self._numbers[berths] = [flight.plan.number for flight in flights]
        self._report_ticks[berths] = [flight.plan.report_ticks for flight in flights]
        self.aloft.update({flight.berth: flight for flight in flights})
        self._sort()

    def _sort(self) -> None:
        berths = np.fromiter(self.aloft, dtype=np.int64, count=len(self.aloft))
        self._order = berths[np.argsort(self._numbers[berths])]

    def _end(self, flight: ActiveFlight, turn: int) -> None:
        lost = self._state.phase[flight.berth] == LOST
        flight.outcome = MissionStatus.FAILURE if lost else MissionStatus.SUCCESS
        flight.ended_turn = turn
        del self.aloft[flight.berth]
        self._recorder.note(Ended(flight.plan.number, flight.outcome, turn - flight.launch_turn, turn))

    def _plans(self, flights: list[ActiveFlight]) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.uint64]]:
        targets = places([PLANETS[flight.plan.target] for flight in flights])
        one_way = np.array([flight.plan.one_way for flight in flights], dtype=np.bool_)
        numbers = np.array([flight.plan.number for flight in flights], dtype=np.uint64)
        return targets, one_way, flight_keys(self._seed, numbers)


def _boarded(flight: ActiveFlight) -> Boarded:
    plan = flight.plan
    return Boarded(
        number=plan.number,
        berth=flight.berth,
        mission_id=flight.mission_id,
        ship=plan.ship,
        captain=plan.captain,
        target=plan.target,
        report_freq_min=plan.report_freq_min,
        one_way=plan.one_way,
        started_at=flight.started_at,
        launch_turn=flight.launch_turn,
    )

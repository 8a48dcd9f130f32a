"""Rows put in order as flights: each message once, nothing after an end, repairs counted. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from radar.records import OUTCOMES, STATUSES
from radar.replay.rows import NO_SEQ, Rows
from radar.tracks import Mission
from ships_client.contracts import MissionStatus, ShipStatus

REPAIR: Final = STATUSES.index(ShipStatus.REPAIR)
_PACE_SETTLED_MS: Final = 2_000


@dataclass(frozen=True)
class Flights:
    """Rows by mission and time. `starts` holds each mission's first row and, at its end, the number of rows; `repair`
    the messages of a row's repair so far; `when` from when on a row holds (ms), which for a mission that headquarters
    ended is its end."""

    rows: Rows
    starts: NDArray[np.int64]
    repair: NDArray[np.int64]
    when: NDArray[np.int64]

    @property
    def missions(self) -> list[int]:
        """Their numbers, in order."""
        found: list[int] = self.rows.mission[self.starts[:-1]].tolist()
        return found

    def outcome(self, number: int) -> MissionStatus | None:
        """How the flight at a place ended, as far as its rows tell."""
        return OUTCOMES[self.rows.outcome[self.starts[number + 1] - 1]]

    def pace(self, number: int) -> float:
        """Its ticks a second; 1 where too little is known."""
        first, last = self.starts[number], self.starts[number + 1] - 1
        ticks = int(self.rows.seq[last] - self.rows.seq[first])
        ms = int(self.rows.at[last] - self.rows.at[first])
        known = self.rows.seq[first] != NO_SEQ and ms >= _PACE_SETTLED_MS and ticks > 0
        return round(ticks * 1000 / ms, 2) if known else 1.0


def flights(rows: Rows, known: Mapping[int, Mission], end: int) -> Flights:
    """The flights of known missions up to `end` (ms); those that headquarters
    ended by then, unheard, have a last row more that tells the end."""
    rows = rows.take(np.isin(rows.mission, np.fromiter(known, np.int64, len(known))))
    rows = rows.take(np.lexsort((rows.seq, rows.at, rows.mission)))
    again = _same_as_before(rows.mission) & _same_as_before(rows.seq) & _same_as_before(rows.at)
    rows = rows.take(~again)
    rows = rows.take(~_after_end(rows))
    repair = _repair(rows)
    given_up = _given_up(rows, known, end)
    ends = [known[int(mission)] for mission in rows.mission[given_up]]
    places = np.r_[np.arange(len(rows)), given_up]
    when = np.r_[rows.at, [max(mission.ended or 0, at) for mission, at in zip(ends, rows.at[given_up], strict=True)]]
    outcome = np.r_[rows.outcome, [OUTCOMES.index(mission.status) for mission in ends]].astype(np.uint8)
    order = np.argsort(rows.mission[places], kind="stable")
    rows = replace(rows.take(places[order]), outcome=outcome[order])
    return Flights(rows, _starts(rows.mission), repair[places[order]], when[order].astype(np.int64))


def _same_as_before(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.r_[False, values[1:] == values[:-1]] if len(values) else np.empty(0, np.bool_)


def _starts(mission: NDArray[np.int64]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = np.r_[np.flatnonzero(~_same_as_before(mission)), len(mission)].astype(np.int64)
    return found


def _after_end(rows: Rows) -> NDArray[np.bool_]:
    """Rows of a mission after the one that told its outcome."""
    ends = (rows.outcome > 0).astype(np.int64)
    before = np.cumsum(ends) - ends
    starts = _starts(rows.mission)
    counts = np.diff(starts)
    after: NDArray[np.bool_] = before > np.repeat(before[starts[:-1]], counts)
    return after


def _given_up(rows: Rows, known: Mapping[int, Mission], end: int) -> NDArray[np.int64]:
    """The last row of each mission that headquarters ended by `end`, and that did not say so itself."""
    found = []
    for last in (_starts(rows.mission)[1:] - 1).tolist():
        ended = known[int(rows.mission[last])].ended
        if ended is not None and ended <= end and not rows.outcome[last]:
            found.append(last)
    return np.array(found, np.int64)


def _repair(rows: Rows) -> NDArray[np.int64]:
    """Of each row, how many messages of its repair there were up to it; 0 where the ship does not repair."""
    places = np.arange(len(rows))
    breaks = np.where(rows.status != REPAIR, places, -1)
    first = _starts(rows.mission)[:-1]
    breaks[first] = np.where(rows.status[first] == REPAIR, first - 1, first)
    return places - np.maximum.accumulate(breaks) if len(rows) else places

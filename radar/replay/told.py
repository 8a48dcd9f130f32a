"""The events of flights, in the words in which the radar tells them live. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np

from radar import events
from radar.records import FAULTS, OUTCOMES, PHASES, STATUSES
from radar.replay.flights import REPAIR, Flights
from radar.replay.rows import NO_SEQ
from radar.tracks import Mission
from radar.wire import Event
from ships_client.contracts import Component, MissionStatus, Phase, ShipStatus

MOST: Final = 1_000
"""Events of one window; of more the newest are told."""


class Message(NamedTuple):
    """What of a row makes an event. It has one reading, that of the broken part, whichever is asked for."""

    ship_id: str
    mission_id: str
    seq: int | None
    status: ShipStatus
    phase: Phase | None
    malfunctioned_component: Component | None
    mission_status: MissionStatus | None
    reading: float

    @property
    def motor_temp_c(self) -> float:
        """°C."""
        return self.reading

    @property
    def engine_pressure_kpa(self) -> float:
        """kPa."""
        return self.reading

    @property
    def power_core_temp_c(self) -> float:
        """°C."""
        return self.reading

    @property
    def navigation_signal_db(self) -> float:
        """dB."""
        return self.reading


def told(flown: Flights, known: Mapping[int, Mission], begin: int, end: int) -> list[Event]:
    """What happened after `begin` and up to `end` (ms), oldest first. Its number grows with time, and is the same in
    whichever window an event is told."""
    found = sorted(_all(flown, known, begin, end), key=lambda one: (one.at, one.mission or 0, one.kind))[-MOST:]
    return [
        Event(
            id=one.at * 1000 + place % 1000, at=one.at, kind=one.kind, text=one.text, ship=one.ship, mission=one.mission
        )
        for place, one in _numbered(found)
    ]


def _numbered(found: list[events.Told]) -> Iterator[tuple[int, events.Told]]:
    place, before = 0, None
    for one in found:
        place = place + 1 if one.at == before else 0
        before = one.at
        yield place, one


def _all(flown: Flights, known: Mapping[int, Mission], begin: int, end: int) -> Iterator[events.Told]:
    rows = flown.rows
    first = np.zeros(len(rows), np.bool_)
    first[flown.starts[:-1]] = True
    changed = np.zeros(len(rows), np.bool_)
    for column in (rows.status, rows.phase, rows.outcome):
        changed[1:] |= column[1:] != column[:-1]
    worth = (changed | first | (rows.outcome > 0)) & (flown.when > begin) & (flown.when <= end)
    for place in np.flatnonzero(worth).tolist():
        mission = known[int(rows.mission[place])]
        at = int(flown.when[place])
        if at != rows.at[place]:
            yield events.ended_by_registry(mission.ship, mission.mission_id, mission.status, at=at)
            continue
        before = None if first[place] else place - 1
        yield from events.between(
            None if before is None else _message(flown, before, mission),
            _message(flown, place, mission),
            at=at,
            target=mission.target,
            repair_s=0.0 if before is None else _repaired_s(flown, before),
        )


def _repaired_s(flown: Flights, place: int) -> float:
    """How long the repair lasted whose last message stands at a place; each counts as one tick."""
    count = int(flown.repair[place])
    if flown.rows.status[place] != REPAIR or count < 2:
        return float(count)
    ms = int(flown.rows.at[place] - flown.rows.at[place - count + 1])
    return ms / 1000 * count / (count - 1)


def _message(flown: Flights, place: int, mission: Mission) -> Message:
    rows = flown.rows
    seq = int(rows.seq[place])
    return Message(
        ship_id=mission.ship,
        mission_id=str(mission.mission_id),
        seq=None if seq == NO_SEQ else seq,
        status=STATUSES[rows.status[place]],
        phase=PHASES[rows.phase[place]],
        malfunctioned_component=FAULTS[rows.fault[place]],
        mission_status=OUTCOMES[rows.outcome[place]],
        reading=float(rows.reading[place]),
    )

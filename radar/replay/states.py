"""From flights to what the page is told: each moment's changed ships, and who has left the radar by it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from radar.records import SIZE
from radar.replay.asked import Window
from radar.replay.columns import Columns, pack_columns
from radar.replay.flights import Flights
from radar.tracks import FORGET_SILENT_MS, KEEP_MS, Mission
from radar.wire import Facts

NEVER: Final = 2**31


class Moment(NamedTuple):
    """Records of ships that changed since the moment before (of all, at the first), and slots of those that left."""

    records: bytes
    gone: list[int]


def moments(flown: Flights, known: Mapping[int, Mission], window: Window, count: int) -> list[Moment]:
    """The first `count` moments of a window. A ship's slot is the place of its flight.

    Of each ship a moment has the newest message at or before it; between two moments ships may have said more.
    """
    rows, numbers = flown.rows, np.repeat(np.arange(len(flown.missions)), np.diff(flown.starts))
    at = np.maximum(0, -(-(flown.when - window.begin) // window.step))
    leaves = _leaves(flown, known, window, at)
    last = np.r_[(numbers[1:] != numbers[:-1]) | (at[1:] != at[:-1]), np.ones(min(1, len(rows)), np.bool_)]
    chosen = np.flatnonzero(last & (at < count) & (at < leaves[numbers]))
    chosen = chosen[np.argsort(at[chosen], kind="stable")]
    packed = pack_columns(_columns(flown, numbers, chosen))
    cuts = np.searchsorted(at[chosen], np.arange(count + 1)) * SIZE
    shown = np.full(len(flown.missions), NEVER)
    np.minimum.at(shown, numbers[chosen], at[chosen])
    gone: list[list[int]] = [[] for _ in range(count)]
    for slot in np.flatnonzero((leaves < count) & (shown < leaves)).tolist():
        gone[int(leaves[slot])].append(slot)
    return [Moment(packed[cuts[number] : cuts[number + 1]], gone[number]) for number in range(count)]


def facts(flown: Flights, known: Mapping[int, Mission]) -> list[Facts]:
    """The names of all flights, by slot; `ended` where they ended within the window or before."""
    found = []
    for slot, number in enumerate(flown.missions):
        mission = known[number]
        ended = _ended(flown, slot)
        told = (mission.ship, number, mission.captain, mission.target)
        found.append(Facts(slot, *told, flown.pace(slot), ended))
    return found


def _columns(flown: Flights, slots: NDArray[np.int64], places: NDArray[np.int64]) -> Columns:
    rows = flown.rows.take(places)
    return Columns(
        slot=slots[places],
        status=rows.status,
        phase=rows.phase,
        condition=rows.condition,
        fault=rows.fault,
        repair=flown.repair[places],
        outcome=rows.outcome,
        place=rows.place,
        seen=rows.at,
        health=rows.health,
        fuel=rows.fuel,
    )


def _ended(flown: Flights, slot: int) -> int | None:
    last = flown.starts[slot + 1] - 1
    return int(flown.when[last]) if flown.rows.outcome[last] else None


def _leaves(flown: Flights, known: Mapping[int, Mission], window: Window, at: NDArray[np.int64]) -> NDArray[np.int64]:
    """By slot the moment from which on a ship is not shown: long ended, long silent, or on its next mission."""
    found = np.full(len(flown.missions), NEVER)
    flying: dict[str, int] = {}
    for slot, number in enumerate(flown.missions):
        last = flown.starts[slot + 1] - 1
        outcome, ended = flown.outcome(slot), _ended(flown, slot)
        silent = int(flown.rows.at[last]) + FORGET_SILENT_MS
        until = silent if outcome is None or ended is None else ended + KEEP_MS[outcome]
        found[slot] = max(0, (until - window.begin) // window.step + 1)
        ship = known[number].ship
        before = flying.get(ship)
        if before is not None:
            found[before] = min(found[before], at[flown.starts[slot]])
        flying[ship] = slot
    return found


def steps_until(window: Window, until: int) -> int:
    """How many moments of the window the record reaches."""
    return int(np.clip((until - window.begin) // window.step + 1, 0, window.count + 1))


def named(missions: Sequence[Mission]) -> dict[int, Mission]:
    """Missions by number."""
    return {mission.mission_id: mission for mission in missions}

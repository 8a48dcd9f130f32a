"""The radar's state as a web process has it: a snapshot and the frames that follow it without a gap. Pure."""

from collections import deque
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Raw

from radar.changes import Changes
from radar.wire import Event, Frame, encode_ships

KEEP_EVENTS: Final = 100


class Fit(StrEnum):
    """How a frame fits what is known."""

    APPLIED = "applied"
    OLD = "old"
    GAP = "gap"


class Update(NamedTuple):
    """What a browser needs: everything when `full`, else what changed. `ships` is encoded, as browsers get it."""

    full: bool
    ships: Raw
    gone: list[str]
    events: list[Event]


class Replica:
    """State after the newest frame, with a version of its own that never goes back, whoever the radar is."""

    def __init__(self) -> None:
        self.ships: Changes[str, Raw] = Changes()
        self.last: Frame | None = None
        self._events: deque[tuple[int, Event]] = deque(maxlen=KEEP_EVENTS)
        self._full_since = 0
        self._updates: dict[int, Update] = {}

    @property
    def version(self) -> int:
        """Number of the newest state; 0 before the first snapshot."""
        return self.ships.version

    def accept(self, frame: Frame) -> Fit:
        """Take a frame over, if it is a snapshot or the next one; otherwise nothing changes."""
        last = self.last
        if frame.full:
            if last is not None and last.epoch == frame.epoch and frame.n < last.n:
                return Fit.OLD
            self._replace(frame)
            return Fit.APPLIED
        if last is None or frame.epoch != last.epoch or frame.n > last.n + 1:
            return Fit.GAP
        if frame.n <= last.n:
            return Fit.OLD
        for ship, state in frame.ships.items():
            self.ships.put(ship, state)
        for ship in frame.gone:
            self.ships.drop(ship)
        self._close(frame, self._known_event_id())
        return Fit.APPLIED

    def since(self, version: int) -> Update:
        """What changed after `version`; made once for all browsers that are equally far."""
        update = self._updates.get(version)
        if update is None:
            update = self._updates[version] = self._update(version)
        return update

    def _update(self, version: int) -> Update:
        delta = None if version < self._full_since else self.ships.since(version)
        if delta is None:
            everything = encode_ships(self.ships.values)
            return Update(True, everything, [], [event for _version, event in self._events])
        events = [event for told, event in self._events if told > version]
        return Update(False, encode_ships(delta.put), delta.gone, events)

    def _replace(self, frame: Frame) -> None:
        for ship in self.ships.values.keys() - frame.ships.keys():
            self.ships.drop(ship)
        for ship, state in frame.ships.items():
            self.ships.put(ship, state)
        self._events.clear()
        self._full_since = self.version + 1
        self._close(frame, after=0)

    def _close(self, frame: Frame, after: int) -> None:
        self._updates.clear()
        version = self.ships.close()
        self._events.extend((version, event) for event in frame.events if event.id > after)
        self.last = frame

    def _known_event_id(self) -> int:
        return self._events[-1][1].id if self._events else 0

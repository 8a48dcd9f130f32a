"""The radar's state as a web process has it: a snapshot and the frames that follow it without a gap. Pure."""

from collections import deque
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Raw

from radar.changes import Changes
from radar.records import split
from radar.wire import Event, Facts, Frame, encode_facts

KEEP_EVENTS: Final = 100


class Fit(StrEnum):
    """How a frame fits what is known."""

    APPLIED = "applied"
    OLD = "old"
    GAP = "gap"


class Update(NamedTuple):
    """What a browser needs: everything when `full`, else what changed. `facts` is encoded, as browsers get it."""

    full: bool
    facts: Raw
    records: bytes
    gone: list[int]
    events: list[Event]


class Replica:
    """State after the newest frame, with a version of its own that never goes back, whoever the radar is."""

    def __init__(self) -> None:
        self.facts: Changes[int, Facts] = Changes()
        self.records: Changes[int, bytes] = Changes()
        self.readings: Changes[str, Raw] = Changes()
        self.last: Frame | None = None
        self._events: deque[tuple[int, Event]] = deque(maxlen=KEEP_EVENTS)
        self._full_since = 0
        self._updates: dict[int, Update] = {}

    @property
    def version(self) -> int:
        """Number of the newest state; 0 before the first snapshot."""
        return self.records.version

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
        self._drop(frame.gone)
        self._put(frame)
        self._close(frame, self._known_event_id())
        return Fit.APPLIED

    def since(self, version: int) -> Update:
        """What changed after `version`; made once for all browsers that are equally far."""
        update = self._updates.get(version)
        if update is None:
            update = self._updates[version] = self._update(version)
        return update

    def read_since(self, version: int, ships: Iterable[str]) -> list[Raw]:
        """The readings of these ships that came after `version`."""
        found = ((ship, self.readings.changed_at(ship)) for ship in ships)
        return [self.readings.values[ship] for ship, at in found if at is not None and at > version]

    def keep_readings(self, ships: Mapping[str, object]) -> None:
        """Forget the readings of all other ships."""
        for ship in self.readings.values.keys() - ships.keys():
            self.readings.drop(ship)

    def _update(self, version: int) -> Update:
        records = None if version < self._full_since else self.records.since(version)
        facts = None if records is None else self.facts.since(version)
        if records is None or facts is None:
            everything = encode_facts(self.facts.values.values())
            events = [event for _version, event in self._events]
            return Update(True, everything, b"".join(self.records.values.values()), [], events)
        events = [event for told, event in self._events if told > version]
        named = encode_facts(facts.put.values())
        return Update(False, named, b"".join(records.put.values()), records.gone, events)

    def _put(self, frame: Frame) -> None:
        for facts in frame.facts:
            self.facts.put(facts.slot, facts)
        for slot, record in split(frame.records):
            self.records.put(slot, record)
        for ship, readings in frame.readings.items():
            self.readings.put(ship, readings)

    def _drop(self, slots: Iterable[int]) -> None:
        for slot in slots:
            self.facts.drop(slot)
            self.records.drop(slot)

    def _replace(self, frame: Frame) -> None:
        self._drop(list(self.records.values))
        self._put(frame)
        self._events.clear()
        self._full_since = self.version + 1
        self._close(frame, after=0)

    def _close(self, frame: Frame, after: int) -> None:
        self._updates.clear()
        version = self.records.close()
        self.facts.close()
        self.readings.close()
        self._events.extend((version, event) for event in frame.events if event.id > after)
        self.last = frame

    def _known_event_id(self) -> int:
        return self._events[-1][1].id if self._events else 0

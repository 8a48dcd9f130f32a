"""Messages on their way to the fleet: counted, and held while the registry hasn't said whose they are. Pure."""

from collections import deque
from collections.abc import Iterable
from typing import Final, NamedTuple

from radar.tracks import Fleet, Mission, Verdict
from radar.wire import Counts
from ships_client.contracts import Telemetry

HELD: Final = 200
"""Messages of one mission that wait for the registry's answer; the oldest give way and count as old."""
ABSENT_MS: Final = 5_000
"""How long the registry's "no such mission" is taken as true."""


class Reading(NamedTuple):
    """A valid message and when the broker took it (ms)."""

    message: Telemetry
    arrived: int


class Intake:
    """Feeds a fleet. Every message ends in exactly one count: shown, old, unknown, invalid, or waiting."""

    def __init__(self, fleet: Fleet) -> None:
        self.counts = Counts()
        self._fleet = fleet
        self._held: dict[int, deque[Reading]] = {}
        self._absent: dict[int, int] = {}

    @property
    def wanted(self) -> set[int]:
        """Missions that the registry should be asked about."""
        return set(self._held)

    def refuse(self, messages: int) -> None:
        """Count messages that break the contract."""
        self.counts.messages += messages
        self.counts.invalid += messages

    def take(self, readings: Iterable[Reading], now: int) -> None:
        """Apply the messages of known missions and hold those of missions not asked about yet."""
        for reading in readings:
            self.counts.messages += 1
            mission = int(reading.message.mission_id)
            if mission in self._fleet.known:
                self._count(self._fleet.apply(reading.message, reading.arrived))
            elif self._absent.get(mission, 0) > now:
                self.counts.unknown += 1
            else:
                self._hold(mission, reading)

    def answer(self, asked: set[int], found: Iterable[Mission], now: int) -> None:
        """Take the registry's answer to `asked`: apply what was held of missions found, count the rest."""
        self._fleet.learn(found)
        self._absent = {mission: until for mission, until in self._absent.items() if until > now}
        for mission in asked & self.wanted:
            held = self._held.pop(mission)
            self.counts.waiting -= len(held)
            if mission in self._fleet.known:
                for reading in held:
                    self._count(self._fleet.apply(reading.message, reading.arrived))
            else:
                self._absent[mission] = now + ABSENT_MS
                self.counts.unknown += len(held)

    def _hold(self, mission: int, reading: Reading) -> None:
        held = self._held.setdefault(mission, deque(maxlen=HELD))
        if len(held) == HELD:
            self.counts.old += 1
        else:
            self.counts.waiting += 1
        held.append(reading)

    def _count(self, verdict: Verdict) -> None:
        if verdict is Verdict.OLD:
            self.counts.old += 1
        elif verdict is Verdict.UNKNOWN:
            self.counts.unknown += 1

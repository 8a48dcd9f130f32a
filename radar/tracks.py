"""The radar's state: one track a ship, moved on by messages and by time. Pure; times are ms since 1970 (UTC)."""

from collections import deque
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from radar import events
from radar.changes import Changes
from radar.history import ShipHistory
from radar.honesty import Link, link
from ships_client.contracts import MissionStatus, ShipStatus, Telemetry

KEEP_MS: Final[Mapping[MissionStatus, int]] = {
    MissionStatus.SUCCESS: 60_000,
    MissionStatus.FAILURE: 600_000,
}
"""How long an ended mission stays on the map; a failure stays longer, so that somebody sees it."""
FORGET_SILENT_MS: Final = 3_600_000
"""A running mission without a message for so long leaves the map and is counted as silent."""
KEEP_EVENTS: Final = 100
PACE_WINDOW_MS: Final = 30_000
PACE_SETTLED_MS: Final = 2_000


class Mission(Struct, frozen=True):
    """What the registry says of a mission; `ended` is when it ended, None while it runs."""

    mission_id: int
    ship: str
    captain: str
    target: str
    status: MissionStatus = MissionStatus.RUNNING
    ended: int | None = None


class Pace(NamedTuple):
    """Ticks a second, measured from a mark (`seq`, its time) that is renewed every PACE_WINDOW_MS."""

    ticks_per_s: float
    mark_seq: int | None
    mark_at: int


class Track(Struct, frozen=True):
    """A ship's newest message and what follows from the ones before it.

    `seen` is when the ship was there: its own time, but never later than the broker's.
    """

    mission: Mission
    last: Telemetry
    at: int
    seen: int
    pace: Pace
    repair_ticks: int = 0
    outcome: MissionStatus | None = None
    ended: int | None = None


class Verdict(StrEnum):
    """What became of a message."""

    APPLIED = "applied"
    OLD = "old"
    UNKNOWN = "unknown"


class Fleet:
    """All ships that are shown, the events of late, and who is known to fly.

    One that works off the past first (`settled` False) keeps its events back until `settle`: partitions are read one
    after the other, so they don't come in the order in which they happened.
    """

    def __init__(self, *, settled: bool = True) -> None:
        self.tracks: Changes[str, Track] = Changes()
        self.known: dict[int, Mission] = {}
        self.events: deque[tuple[int, events.Told]] = deque(maxlen=KEEP_EVENTS)
        self.told = 0
        self._kept_back: list[events.Told] | None = None if settled else []
        self.newest: int | None = None
        self._histories: dict[str, ShipHistory] = {}
        self._links: dict[str, Link] = {}
        self._silent_since: dict[str, int] = {}

    def learn(self, missions: Iterable[Mission]) -> None:
        """Take over what the registry says, and end the tracks of missions that it has ended."""
        for mission in missions:
            self.known[mission.mission_id] = mission
            track = self.tracks.values.get(mission.ship)
            if track is None or track.mission.mission_id != mission.mission_id or track.outcome is not None:
                continue
            if mission.ended is not None:
                ended = replace(track, mission=mission, outcome=mission.status, ended=mission.ended)
                self.tracks.put(mission.ship, ended)
                self._tell(events.ended_by_registry(mission.ship, mission.mission_id, mission.status, at=mission.ended))

    def apply(self, message: Telemetry, arrived: int) -> Verdict:
        """Move a ship on by one message; never back: an older, repeated or ended one changes nothing."""
        mission = self.known.get(int(message.mission_id))
        if mission is None or mission.ship != message.ship_id:
            return Verdict.UNKNOWN
        at = int(message.timestamp.timestamp() * 1000)
        track = self.tracks.values.get(mission.ship)
        same = track if track is not None and track.mission.mission_id == mission.mission_id else None
        if not _goes_on(track, same, mission, message, arrived):
            return Verdict.OLD
        seen = min(at, arrived)
        # What headquarters has ended stays as it ended, whatever the ship says afterwards.
        outcome = (same.outcome if same else None) or message.mission_status
        moved = Track(
            mission=mission,
            last=message,
            at=at,
            seen=seen,
            pace=_pace(same, message, at),
            repair_ticks=_repair_ticks(same, message),
            outcome=outcome,
            ended=(same.ended if same else None) or (seen if outcome else None),
        )
        self.tracks.put(mission.ship, moved)
        if same is None:
            self._histories[mission.ship] = ShipHistory()
        self._histories[mission.ship].add(message, at)
        self.newest = max(seen, self.newest or seen)
        if not (same and same.outcome):
            repaired = _repaired_s(same, message)
            before = same.last if same else None
            for told in events.between(before, message, at=at, target=mission.target, repair_s=repaired):
                self._tell(told)
        return Verdict.APPLIED

    def tick(self, now: int) -> None:
        """Let time pass: note who fell late, silent or came back, and forget what ended long ago."""
        late, lost, back = [], [], []
        for ship, track in list(self.tracks.values.items()):
            if _forgotten(track, now):
                self._forget(ship)
                continue
            before = self._links.get(ship)
            current = link(age_ms=now - track.seen, ended=track.outcome is not None)
            self._links[ship] = current
            if current is Link.LATE:
                self._silent_since.setdefault(ship, track.seen)
            if before is current or before is None:
                continue
            mission = track.mission.mission_id
            if current is Link.LATE and before is Link.LIVE:
                late.append((ship, mission))
            elif current is Link.LOST:
                lost.append((ship, mission, track.last.distance_from_hocotate_km))
            elif current is Link.LIVE and before is not Link.ENDED:
                silent_s = (now - self._silent_since.pop(ship, now)) / 1000
                back.append((ship, mission, silent_s))
        for told in (
            *events.fell_late(late, at=now),
            *events.fell_silent(lost, at=now),
            *events.came_back(back, at=now),
        ):
            self._tell(told)
        self._forget_missions(now)

    def settle(self) -> None:
        """The past is worked off: tell its events, in the order in which they happened. Later calls change nothing."""
        kept_back, self._kept_back = self._kept_back or [], None
        for told in sorted(kept_back, key=lambda told: told.at):
            self._tell(told)

    def history(self, ship: str) -> list[list[float]]:
        """Rows of the ship's last minutes (see radar.history); empty when it isn't known."""
        found = self._histories.get(ship)
        return found.rows() if found else []

    def links(self) -> dict[Link, int]:
        """Number of ships by link, as of the last tick."""
        counts = dict.fromkeys(Link, 0)
        for state in self._links.values():
            counts[state] += 1
        return counts

    def _tell(self, told: events.Told) -> None:
        if self._kept_back is not None:
            self._kept_back.append(told)
            return
        self.told += 1
        self.events.append((self.told, told))

    def _forget(self, ship: str) -> None:
        self.tracks.drop(ship)
        self._histories.pop(ship, None)
        self._links.pop(ship, None)
        self._silent_since.pop(ship, None)

    def _forget_missions(self, now: int) -> None:
        flying = {track.mission.mission_id for track in self.tracks.values.values()}
        for mission in [m for m in self.known.values() if m.ended is not None and m.mission_id not in flying]:
            if now - (mission.ended or 0) > max(KEEP_MS.values()):
                del self.known[mission.mission_id]


def _goes_on(track: Track | None, same: Track | None, mission: Mission, message: Telemetry, arrived: int) -> bool:
    if same is None:
        stays_ms = KEEP_MS.get(mission.status, 0)
        forgotten = mission.ended is not None and arrived - mission.ended > stays_ms
        return not forgotten and (track is None or track.mission.mission_id < mission.mission_id)
    if same.last.mission_status is not None or (same.outcome and message.mission_status is None):
        return False
    if message.seq is not None and same.last.seq is not None:
        return message.seq > same.last.seq
    return message.timestamp > same.last.timestamp


def _repair_ticks(same: Track | None, message: Telemetry) -> int:
    if message.status is not ShipStatus.REPAIR:
        return 0
    return (same.repair_ticks if same else 0) + 1


def _repaired_s(same: Track | None, message: Telemetry) -> float:
    if same is None:
        return 0.0
    return same.repair_ticks / same.pace.ticks_per_s


def _pace(same: Track | None, message: Telemetry, at: int) -> Pace:
    if same is None or same.pace.mark_seq is None or message.seq is None:
        return Pace(1.0, message.seq, at)
    pace = same.pace
    ticks, ms = message.seq - same.pace.mark_seq, at - pace.mark_at
    measured = ticks * 1000 / ms if ms >= PACE_SETTLED_MS else pace.ticks_per_s
    if ms > PACE_WINDOW_MS:
        return Pace(measured, message.seq, at)
    return pace._replace(ticks_per_s=measured)


def _forgotten(track: Track, now: int) -> bool:
    if track.outcome is not None:
        return now - (track.ended or track.seen) > KEEP_MS[track.outcome]
    return now - track.seen > FORGET_SILENT_MS

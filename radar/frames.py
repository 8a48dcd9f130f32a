"""From the fleet's state to frames: deltas as things change, and snapshots for who starts or missed one. Pure."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from msgspec import Raw

from radar.records import pack
from radar.slots import Slots
from radar.tracks import Fleet, Track
from radar.wire import Counts, Event, Frame, Readings, Source, encode


class Interest(NamedTuple):
    """Ships whose readings are asked for, and those of them for whom the newest is wanted whether it changed or not."""

    ships: frozenset[str]
    anew: frozenset[str]


NOBODY: Final = Interest(frozenset(), frozenset())


class FrameMaker:
    """Numbers the frames of one radar process; `epoch` tells its frames from those of another."""

    def __init__(self, fleet: Fleet, epoch: str) -> None:
        self.epoch = epoch
        self._fleet = fleet
        self._slots = Slots()
        self._told = 0
        self.seen: list[int] = []
        """When each ship under way that the last delta shows was there, ms since 1970."""

    @property
    def changed(self) -> bool:
        """Whether the next frame has anything to say."""
        return self._fleet.tracks.pending or self._fleet.told > self._told

    def delta(self, now: int, source: Source, counts: Counts, interest: Interest = NOBODY) -> Frame:
        """The next frame: what changed since the last one, or nothing (a heartbeat)."""
        tracks = self._fleet.tracks
        before = tracks.version
        frame_no = tracks.close()
        delta = tracks.since(before)
        if delta is None:
            raise AssertionError("One frame's removals outgrew what Changes remembers; raise KEEP_GONE.")
        gone = [slot for ship in delta.gone if (slot := self._slots.release(ship)) is not None]
        put = [(self._slots.of(ship), track) for ship, track in delta.put.items()]
        self.seen = [track.seen for _slot, track in put if track.outcome is None]
        facts = [news for slot, track in put if (news := self._slots.news(slot, track)) is not None]
        events = self._events(after=self._told)
        self._told = self._fleet.told
        read = (interest.ships & delta.put.keys()) | interest.anew
        return Frame(
            epoch=self.epoch,
            n=frame_no,
            made=now,
            full=False,
            newest=self._fleet.newest,
            source=source,
            counts=counts,
            facts=facts,
            records=b"".join(pack(slot, track) for slot, track in put),
            gone=gone,
            events=events,
            readings=self._readings(read),
        )

    def snapshot(self, now: int, source: Source, counts: Counts, interest: Interest = NOBODY) -> Frame:
        """Everything, as of the frame before the next one. What is pending comes once more with that."""
        tracks = self._fleet.tracks
        every = [(self._slots.of(ship), track) for ship, track in tracks.values.items()]
        return Frame(
            epoch=self.epoch,
            n=tracks.version,
            made=now,
            full=True,
            newest=self._fleet.newest,
            source=source,
            counts=counts,
            facts=[self._slots.facts(slot, track) for slot, track in every],
            records=b"".join(pack(slot, track) for slot, track in every),
            gone=[],
            events=self._events(after=0),
            readings=self._readings(interest.ships),
        )

    def _readings(self, ships: Iterable[str]) -> dict[str, Raw]:
        tracks = self._fleet.tracks.values
        return {ship: Raw(encode(readings(tracks[ship]))) for ship in ships if ship in tracks}

    def _events(self, after: int) -> list[Event]:
        return [
            Event(id=number, at=told.at, kind=told.kind, text=told.text, ship=told.ship, mission=told.mission)
            for number, told in self._fleet.events
            if number > after
        ]


def readings(track: Track) -> Readings:
    """A track's newest message as a panel shows it; numbers are rounded to what a page can show."""
    last = track.last
    parts = last.health_scores
    return Readings(
        ship=track.mission.ship,
        mission=track.mission.mission_id,
        at=track.at,
        seq=last.seq,
        x=round(last.coord_x),
        y=round(last.coord_y),
        z=round(last.coord_z),
        dist=round(last.distance_from_hocotate_km),
        fuel=round(last.fuel_prc, 2),
        motor=round(last.motor_temp_c, 2),
        engine=round(last.engine_pressure_kpa, 2),
        core=round(last.power_core_temp_c, 2),
        signal=round(last.navigation_signal_db, 2),
        health=(round(parts.motor, 3), round(parts.engine, 3), round(parts.core, 3), round(parts.fuel, 3)),
    )

"""From the fleet's state to frames: deltas as things change, and snapshots for who starts or missed one. Pure."""

from msgspec import Raw

from radar.tracks import Fleet, Track
from radar.wire import Counts, Event, Frame, ShipState, Source, encode


class FrameMaker:
    """Numbers the frames of one radar process; `epoch` tells its frames from those of another."""

    def __init__(self, fleet: Fleet, epoch: str) -> None:
        self.epoch = epoch
        self._fleet = fleet
        self._told = 0

    @property
    def changed(self) -> bool:
        """Whether the next frame has anything to say."""
        return self._fleet.tracks.pending or self._fleet.told > self._told

    def delta(self, now: int, source: Source, counts: Counts) -> Frame:
        """The next frame: what changed since the last one, or nothing (a heartbeat)."""
        tracks = self._fleet.tracks
        before = tracks.version
        frame_no = tracks.close()
        delta = tracks.since(before)
        if delta is None:
            raise AssertionError("One frame's removals outgrew what Changes remembers; raise KEEP_GONE.")
        events = self._events(after=self._told)
        self._told = self._fleet.told
        ships = {ship: _raw(track) for ship, track in delta.put.items()}
        return Frame(
            epoch=self.epoch,
            n=frame_no,
            made=now,
            full=False,
            newest=self._fleet.newest,
            source=source,
            counts=counts,
            ships=ships,
            gone=delta.gone,
            events=events,
        )

    def snapshot(self, now: int, source: Source, counts: Counts) -> Frame:
        """Everything, as of the frame before the next one. What is pending comes once more with that."""
        tracks = self._fleet.tracks
        return Frame(
            epoch=self.epoch,
            n=tracks.version,
            made=now,
            full=True,
            newest=self._fleet.newest,
            source=source,
            counts=counts,
            ships={ship: _raw(track) for ship, track in tracks.values.items()},
            gone=[],
            events=self._events(after=0),
        )

    def _events(self, after: int) -> list[Event]:
        return [
            Event(id=number, at=told.at, kind=told.kind, text=told.text, ship=told.ship, mission=told.mission)
            for number, told in self._fleet.events
            if number > after
        ]


def ship_state(track: Track) -> ShipState:
    """A track as browsers get it; numbers are rounded to what a page can show."""
    last, mission = track.last, track.mission
    parts = last.health_scores
    return ShipState(
        ship=mission.ship,
        mission=mission.mission_id,
        captain=mission.captain,
        target=mission.target,
        at=track.at,
        seen=track.seen,
        x=round(last.coord_x),
        y=round(last.coord_y),
        z=round(last.coord_z),
        dist=round(last.distance_from_hocotate_km),
        fuel=round(last.fuel_prc, 2),
        motor=round(last.motor_temp_c, 2),
        engine=round(last.engine_pressure_kpa, 2),
        core=round(last.power_core_temp_c, 2),
        signal=round(last.navigation_signal_db, 2),
        status=last.status.value,
        total=round(last.normalized_health_total, 3),
        cond=last.ship_condition.value,
        health=(round(parts.motor, 3), round(parts.engine, 3), round(parts.core, 3), round(parts.fuel, 3)),
        pace=round(track.pace.ticks_per_s, 2),
        seq=last.seq,
        phase=last.phase.value if last.phase else None,
        fault=last.malfunctioned_component.value if last.malfunctioned_component else None,
        repair=track.repair_ticks,
        outcome=track.outcome.value if track.outcome else None,
        ended=track.ended,
    )


def _raw(track: Track) -> Raw:
    return Raw(encode(ship_state(track)))

"""The ships' gauges: the newest readings, one series a ship and mission, made when Prometheus asks.

Nothing is kept for them, so there is nothing to forget: a ship that leaves the radar has no series any more. They are
written as text here, because the library's way costs 10 µs a sample, and a thousand ships have 14,000 samples.
"""

import heapq
from collections.abc import Callable, Collection, Iterator
from typing import Final, NamedTuple

from hocotate_site.exposition import escaped
from radar.honesty import Link, link
from radar.tracks import Fleet, Track
from ships_client.contracts import MissionStatus, ShipStatus


class Gauge(NamedTuple):
    """A metric's name, what it tells, and its value for a ship."""

    name: str
    text: str
    value: Callable[[Track], float]


GAUGES: Final = (
    Gauge("ship_fuel_percent", "Fuel, in %.", lambda track: track.last.fuel_prc),
    Gauge("ship_coord_x", "Position, in km from Hocotate.", lambda track: track.last.coord_x),
    Gauge("ship_coord_y", "Position, in km from Hocotate.", lambda track: track.last.coord_y),
    Gauge("ship_coord_z", "Position, in km from Hocotate.", lambda track: track.last.coord_z),
    Gauge("ship_motor_temp_c", "Motor temperature, in °C.", lambda track: track.last.motor_temp_c),
    Gauge("ship_engine_pressure_kpa", "Engine pressure, in kPa.", lambda track: track.last.engine_pressure_kpa),
    Gauge("ship_power_core_temp_c", "Power core temperature, in °C.", lambda track: track.last.power_core_temp_c),
    Gauge("ship_navigation_signal_db", "Navigation signal, in dB.", lambda track: track.last.navigation_signal_db),
    Gauge("ship_distance_km", "Distance from Hocotate, in km.", lambda track: track.last.distance_from_hocotate_km),
    Gauge("ship_health_ratio", "Health as a whole, 0 to 1.", lambda track: track.last.normalized_health_total),
    Gauge("ship_last_report_timestamp_seconds", "When it was last heard, unix time.", lambda track: track.seen / 1000),
    Gauge("ship_repair_flag", "1 while the ship repairs itself.", lambda track: track.last.status is ShipStatus.REPAIR),
    Gauge("ship_mission_success", "1 once the mission ended well.", lambda track: _ended(track, MissionStatus.SUCCESS)),
    Gauge("ship_mission_failure", "1 once the mission failed.", lambda track: _ended(track, MissionStatus.FAILURE)),
)
LEFT_OUT: Final = "ship_gauges_left_out"


class ShipGauges:
    """Reads the fleet of the radar of this process.

    Args:
        fleet: whose ships are told.
        most: so many ships have gauges; those that need attention first, then those whose mission began first.
        now: the time, ms since 1970.
    """

    def __init__(self, fleet: Fleet, most: int, now: Callable[[], int]) -> None:
        self._fleet = fleet
        self._most = most
        self._now = now

    def text(self) -> Iterator[str]:
        """Lines of every gauge, in the format of both Prometheus and OpenMetrics."""
        # A copy: Prometheus is served by a thread of its own, while ships come and go.
        every = list(self._fleet.tracks.values.values())
        tracks = self._chosen(every)
        labels = [f'{{ship_id="{escaped(t.mission.ship)}",mission_id="{t.mission.mission_id}"}}' for t in tracks]
        for name, text, value in GAUGES:
            yield f"# HELP {name} {text}\n# TYPE {name} gauge\n"
            for named, track in zip(labels, tracks, strict=True):
                yield f"{name}{named} {float(value(track))}\n"
        yield f"# HELP {LEFT_OUT} Ships without gauges, since there are more than METRICS_SHIPS.\n"
        yield f"# TYPE {LEFT_OUT} gauge\n{LEFT_OUT} {len(every) - len(tracks)}\n"

    def _chosen(self, tracks: Collection[Track]) -> Collection[Track]:
        if len(tracks) <= self._most:
            return tracks
        now = self._now()
        return heapq.nsmallest(self._most, tracks, key=lambda track: (_is_well(track, now), track.mission.mission_id))


def _is_well(track: Track, now: int) -> bool:
    if track.outcome is not None:
        return track.outcome is MissionStatus.SUCCESS
    heard = link(age_ms=now - track.seen, ended=False)
    return heard is Link.LIVE and track.last.status is not ShipStatus.REPAIR


def _ended(track: Track, outcome: MissionStatus) -> bool:
    return track.outcome is outcome

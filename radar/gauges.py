"""The ships' gauges: the newest readings, one series a ship and mission, made when Prometheus asks.

Nothing is kept for them, so there is nothing to forget: a ship that leaves the radar has no series any more.
"""

from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from radar.tracks import Fleet, Track
from ships_client.contracts import MissionStatus, ShipStatus

LABELS: Final = ("ship_id", "mission_id")
GAUGES: Final[tuple[tuple[str, str, Callable[[Track], float]], ...]] = (
    ("ship_fuel_percent", "Fuel, in %.", lambda track: track.last.fuel_prc),
    ("ship_coord_x", "Position, in km from Hocotate.", lambda track: track.last.coord_x),
    ("ship_coord_y", "Position, in km from Hocotate.", lambda track: track.last.coord_y),
    ("ship_coord_z", "Position, in km from Hocotate.", lambda track: track.last.coord_z),
    ("ship_motor_temp_c", "Motor temperature, in °C.", lambda track: track.last.motor_temp_c),
    ("ship_engine_pressure_kpa", "Engine pressure, in kPa.", lambda track: track.last.engine_pressure_kpa),
    ("ship_power_core_temp_c", "Power core temperature, in °C.", lambda track: track.last.power_core_temp_c),
    ("ship_navigation_signal_db", "Navigation signal, in dB.", lambda track: track.last.navigation_signal_db),
    ("ship_distance_km", "Distance from Hocotate, in km.", lambda track: track.last.distance_from_hocotate_km),
    ("ship_repair_flag", "1 while the ship repairs itself.", lambda track: track.last.status is ShipStatus.REPAIR),
    ("ship_mission_success", "1 once the mission ended well.", lambda track: track.outcome is MissionStatus.SUCCESS),
    ("ship_mission_failure", "1 once the mission failed.", lambda track: track.outcome is MissionStatus.FAILURE),
)


class ShipGauges(Collector):
    """Reads the fleet of the radar of this process."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def collect(self) -> Iterator[Metric]:
        """Every gauge, with a sample for each ship that the radar shows."""
        # A copy: Prometheus is served by a thread of its own, while ships come and go.
        tracks = list(self._fleet.tracks.values.values())
        labels = [(track.mission.ship, str(track.mission.mission_id)) for track in tracks]
        for name, text, value in GAUGES:
            family = GaugeMetricFamily(name, text, labels=LABELS)
            for named, track in zip(labels, tracks, strict=True):
                family.add_metric(named, float(value(track)))
            yield family

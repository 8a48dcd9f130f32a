"""The ships' gauges: newest readings for Prometheus, one series a ship and mission."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import Gauge

from hocotate_site import metrics
from radar.tracks import Track
from ships_client.contracts import MissionStatus, ShipStatus

_GAUGES: Final[tuple[Gauge, ...]] = (
    metrics.SHIP_FUEL,
    metrics.SHIP_X,
    metrics.SHIP_Y,
    metrics.SHIP_Z,
    metrics.SHIP_MOTOR,
    metrics.SHIP_ENGINE,
    metrics.SHIP_CORE,
    metrics.SHIP_SIGNAL,
    metrics.SHIP_DISTANCE,
    metrics.SHIP_REPAIR,
    metrics.SHIP_SUCCESS,
    metrics.SHIP_FAILURE,
)


def _values(track: Track) -> tuple[float, ...]:
    last = track.last
    return (
        last.fuel_prc,
        last.coord_x,
        last.coord_y,
        last.coord_z,
        last.motor_temp_c,
        last.engine_pressure_kpa,
        last.power_core_temp_c,
        last.navigation_signal_db,
        last.distance_from_hocotate_km,
        last.status is ShipStatus.REPAIR,
        track.outcome is MissionStatus.SUCCESS,
        track.outcome is MissionStatus.FAILURE,
    )


class ShipGauges:
    """Keeps the gauges in step with the tracks; series of forgotten ships and past missions end."""

    def __init__(self) -> None:
        self._series: dict[str, tuple[int, list[Gauge]]] = {}

    def show(self, tracks: Iterable[Track]) -> None:
        """Set the gauges of these ships."""
        for track in tracks:
            ship, mission = track.mission.ship, track.mission.mission_id
            shown, series = self._series.get(ship, (None, []))
            if shown != mission:
                self.end([ship])
                series = [gauge.labels(ship, str(mission)) for gauge in _GAUGES]
                self._series[ship] = mission, series
            for gauge, value in zip(series, _values(track), strict=True):
                gauge.set(value)

    def end(self, ships: Iterable[str]) -> None:
        """Remove the series of these ships."""
        for ship in ships:
            mission, _series = self._series.pop(ship, (None, []))
            if mission is not None:
                for gauge in _GAUGES:
                    gauge.remove(ship, str(mission))

"""Metrics of the radar that are asked of its state when Prometheus comes, beside those of hocotate_site.metrics."""

import collections
import time
from collections.abc import Iterator

from prometheus_client import Counter, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from radar.intake import Intake
from radar.tracks import Fleet

MERGED = Counter("radar_merged_frames_total", "Frames that slow browsers got as part of a newer one.")


class StateCollector(Collector):
    """Reads the fleet and the intake of the radar of this process."""

    def __init__(self, fleet: Fleet, intake: Intake) -> None:
        self._fleet = fleet
        self._intake = intake

    def collect(self) -> Iterator[Metric]:
        """The age of the newest message (absent before the first), and what became of messages."""
        if self._fleet.newest is not None:
            age = time.time() - self._fleet.newest / 1000
            yield GaugeMetricFamily(
                "radar_newest_event_age_seconds", "Age of the newest message on the radar, in s.", age
            )
        counts = self._intake.counts
        yield CounterMetricFamily("radar_unknown", "Messages of missions that nobody registered.", counts.unknown)
        yield CounterMetricFamily("radar_old", "Messages that were repeated or overtaken by newer ones.", counts.old)
        yield GaugeMetricFamily("radar_waiting", "Messages that wait for the registry's answer.", counts.waiting)
        yield GaugeMetricFamily("radar_silent", "Running missions that the radar can't show.", counts.silent)
        yield self._missions()

    def _missions(self) -> Metric:
        family = GaugeMetricFamily(
            "fleet_missions", "Missions on the radar, by status and phase.", labels=["status", "phase"]
        )
        tracks = list(self._fleet.tracks.values.values())
        totals = collections.Counter((track.outcome or track.mission.status, track.last.phase) for track in tracks)
        for (status, phase), count in totals.items():
            family.add_metric([status.value, phase.value if phase else "UNKNOWN"], count)
        return family

"""How old what a frame shows is when it is sent: the delay from a ship's clock to all browsers, as a histogram."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

BOUNDS_S: Final = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 120.0)
"""Upper ends of the buckets. Above 5 s no ship counts as live; what comes then was kept back on its way."""


class Latency(Collector):
    """Counts delays. The library's own histogram takes several times as long for each, and ships are many."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS_S) + 1)
        self._sum = 0.0

    def sent(self, seen: Iterable[int], now: int) -> None:
        """A frame was sent that shows ships as they were at these moments (ms)."""
        for moment in seen:
            delay = max(0, now - moment) / 1000
            self._counts[bisect_left(BOUNDS_S, delay)] += 1
            self._sum += delay

    def collect(self) -> Iterator[Metric]:
        """radar_latency_seconds."""
        bounds = (*(str(bound) for bound in BOUNDS_S), "+Inf")
        family = HistogramMetricFamily(
            "radar_latency_seconds", "From a ship's clock to the frame that shows it, in s, of each ship in each frame."
        )
        family.add_metric([], list(zip(bounds, accumulate(self._counts), strict=True)), self._sum)
        yield family

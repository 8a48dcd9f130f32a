"""How much of the disk is free on which the platform keeps its data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import REGISTRY, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector


class DiskCollector(Collector):
    """Asks the file system of a folder when Prometheus comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Free and all bytes; nothing while the folder can't be asked."""
        try:
            usage = shutil.disk_usage(self._folder)
        except OSError:
            return
        yield GaugeMetricFamily("platform_disk_free_bytes", "Free bytes of the platform's disk.", usage.free)
        yield GaugeMetricFamily("platform_disk_size_bytes", "All bytes of the platform's disk.", usage.total)


def watch_disk(folder: Path) -> None:
    """Have this process tell of it; one process of a platform does."""
    REGISTRY.register(DiskCollector(folder))

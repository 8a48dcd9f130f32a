"""The parts of the platform as the page lists them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Part:
    """One part: its title, under which heading it stands, and what its lag counts."""

    title: str
    group: str
    waits: str = ""


PARTS: Final[Mapping[str, Part]] = MappingProxyType(
    {
        "kafka": Part("Kafka", "Telemetry"),
        "registry": Part("Schema registry", "Telemetry"),
        "radar": Part("Radar stream", "Telemetry"),
        "tracker": Part("Tracker", "Telemetry", "messages"),
        "spark": Part("Spark streaming", "Telemetry", "messages"),
        "store": Part("Object store", "Storage"),
        "postgresql": Part("PostgreSQL", "Storage"),
        "valkey": Part("Valkey", "Storage"),
        "lake": Part("Lake", "Storage"),
        "web": Part("Web", "Headquarters"),
        "worker": Part("Celery worker", "Headquarters", "jobs"),
        "beat": Part("Scheduler", "Headquarters"),
        "ingest": Part("Reports ingest", "Headquarters", "reports"),
        "marts": Part("Marts", "Headquarters"),
        "prometheus": Part("Prometheus", "Watching"),
        "grafana": Part("Grafana", "Watching"),
    }
)
"""By short name, in the order of the page; the ships themselves are `ships`, which is no part."""
SHIPS: Final = "ships"

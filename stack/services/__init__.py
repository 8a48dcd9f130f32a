"""The services of a platform, in the order in which they start."""

from __future__ import annotations

from stack.services import apps, exporters, kafka, lake, postgres, registry, seaweedfs, valkey, watching
from stack.services.base import Service

SERVICES: dict[str, Service] = {
    service.name: service
    for service in (
        postgres.SERVICE,
        valkey.SERVICE,
        seaweedfs.SERVICE,
        kafka.SERVICE,
        registry.SERVICE,
        apps.WEB,
        apps.WORKER,
        apps.BEAT,
        apps.TRACKER,
        apps.RADAR,
        lake.SERVICE,
        apps.FLEET,
        exporters.POSTGRES,
        exporters.VALKEY,
        watching.PUSHGATEWAY,
        watching.ALERTMANAGER,
        watching.PROMETHEUS,
    )
}

EXPORTERS = ("postgres-exporter", "valkey-exporter")
"""Those that tell Prometheus of servers which do not speak to it themselves."""

WATCHING = ("prometheus", "alertmanager", "pushgateway", *EXPORTERS)
"""Those that watch the platform; it works without them."""

CORE = tuple(name for name in SERVICES if name not in WATCHING)
"""All others."""

BACKING = ("postgres", "valkey", "seaweedfs", "kafka", "registry")
"""Servers that keep state; everything else can be started from these."""


def closure(names: tuple[str, ...]) -> list[Service]:
    """The named services and all that they need, in start order."""
    wanted: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            pending.extend(SERVICES[name].needs)
    return [service for name, service in SERVICES.items() if name in wanted]

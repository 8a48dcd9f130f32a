"""Every port of the native platform, and the setting that moves it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Port:
    """One TCP port on loopback.

    Attributes:
        setting: name of the setting in `.env` that moves it.
        number: its default, before STACK_PORT_OFFSET is added.
        service: the service that listens on it.
        use: what it serves, in words.
        spare: whether the service works without it: it then tells Prometheus nothing.
    """

    setting: str
    number: int
    service: str
    use: str
    spare: bool = False


PORTS: dict[str, Port] = {
    port.setting: port
    for port in (
        Port("WEB_PORT", 8000, "web", "pages, API and WebSocket"),
        Port("KAFKA_PORT", 9092, "kafka", "Kafka clients"),
        Port("KAFKA_CONTROLLER_PORT", 9094, "kafka", "Kafka's own controller"),
        Port("KAFKA_METRICS_PORT", 9406, "kafka", "metrics of Kafka", spare=True),
        Port("S3_PORT", 9000, "seaweedfs", "object store, S3"),
        Port("S3_GRPC_PORT", 19001, "seaweedfs", "object store, S3 internals"),
        Port("WEED_MASTER_PORT", 9333, "seaweedfs", "object store, master"),
        Port("WEED_MASTER_GRPC_PORT", 19333, "seaweedfs", "object store, master internals"),
        Port("WEED_VOLUME_PORT", 9340, "seaweedfs", "object store, volumes"),
        Port("WEED_VOLUME_GRPC_PORT", 19340, "seaweedfs", "object store, volume internals"),
        Port("WEED_FILER_PORT", 8888, "seaweedfs", "object store, filer"),
        Port("WEED_FILER_GRPC_PORT", 18888, "seaweedfs", "object store, filer internals"),
        Port("WEED_ADMIN_PORT", 23646, "seaweedfs", "object store, maintenance"),
        Port("WEED_ADMIN_GRPC_PORT", 33646, "seaweedfs", "object store, maintenance internals"),
        Port("WEED_METRICS_PORT", 9327, "seaweedfs", "object store, metrics", spare=True),
        Port("REGISTRY_PORT", 8081, "registry", "schema registry"),
        Port("REGISTRY_MANAGEMENT_PORT", 8083, "registry", "schema registry, health and metrics"),
        Port("POSTGRES_PORT", 55432, "postgres", "PostgreSQL"),
        Port("VALKEY_PORT", 56379, "valkey", "Valkey"),
        Port("FLEET_METRICS_PORT", 8002, "radar", "metrics of the fleet and the radar"),
        Port("LAKE_METRICS_PORT", 8003, "lake", "metrics of the lake writer"),
        Port("TRACKER_METRICS_PORT", 8004, "tracker", "metrics of the tracker"),
        Port("WORKER_METRICS_PORT", 8005, "worker", "metrics of the worker", spare=True),
        Port("POSTGRES_EXPORTER_PORT", 9187, "postgres-exporter", "metrics of PostgreSQL"),
        Port("VALKEY_EXPORTER_PORT", 9121, "valkey-exporter", "metrics of Valkey"),
        Port("PROMETHEUS_PORT", 9090, "prometheus", "Prometheus"),
        Port("PUSHGATEWAY_PORT", 9091, "pushgateway", "Pushgateway"),
        Port("ALERTMANAGER_PORT", 9093, "alertmanager", "Alertmanager"),
        Port("SPARK_UI_PORT", 4040, "lake", "Spark's own pages"),
    )
}
"""All ports, by setting. Numbers of the design: web 8000, Kafka 9092, S3 9000, registry 8081, and so on."""

HIGHEST_OFFSET = 9000
"""With a larger offset PostgreSQL's 55432 and Valkey's 56379 would leave the range of ports."""

"""The settings that the programs read, worked out of ports and secrets and handed over in one file."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dotenv import dotenv_values

from stack.config import LOOPBACK, Platform
from stack.ports import PORTS
from stack.secrets import write_private

SHIP_SETTINGS = ("KAFKA_BOOTSTRAP", "MISSIONS_API", "HOCOTATE_TOKEN")
"""All that a ship is told: no database, no storage key."""

LAKE_SETTINGS = (
    "KAFKA_BOOTSTRAP",
    "S3_ENDPOINT_URL",
    "S3_REGION",
    "S3_LAKE_ACCESS_KEY",
    "S3_LAKE_SECRET_KEY",
    "LAKE_CATALOG_URL",
    "LAKE_WAREHOUSE",
    "LAKE_CHECKPOINTS",
    "LAKE_METRICS_PORT",
    "LAKE_TOPIC",
    "LAKE_TRIGGER_SECONDS",
    "LAKE_MAX_OFFSETS_PER_TRIGGER",
    "LAKE_STALL_SECONDS",
    "LAKE_ACCEPT_DATA_LOSS",
    "LAKE_HEAP_MB",
    "LAKE_DERIVE_SECONDS",
    "LAKE_MINUTE_SECONDS",
    "LAKE_COMPACT_FILES",
    "LAKE_RETENTION_DAYS",
    "SPARK_MASTER",
    "SPARK_LOCAL_IP",
    "SPARK_UI_PORT",
    "SPARK_JARS",
    "SPARK_LOCAL_DIR",
    "JAVA_HOME",
    "LOG_FORMAT",
    "LOG_LEVEL",
)
"""What the lake writer needs; it can't reach the registry of missions or the reports."""

HANDED_THROUGH = (
    *("DJANGO_", "RADAR_", "LAKE_", "SPARK_", "FLEET_", "INGEST_", "WAREHOUSE_", "SECURE_"),
    *("RATE_", "SIGN_IN_", "AUDIT_", "METRICS_", "PROMETHEUS_", "GRAFANA_", "ALERTS_", "LOG_"),
)
"""Settings of `.env` with these beginnings reach the programs as they are."""


def resolve(
    platform: Platform,
    secrets: Mapping[str, str],
    java_home: str,
    spark_jars: str,
    watching: Collection[str] = (),
) -> dict[str, str]:
    """All settings of one platform, by name; see `.env.example` for their meaning.

    `watching` are the services that watch it: programs are told of those only, or of what the settings name instead.
    """
    port = platform.port
    postgres = f"{LOOPBACK}:{port('POSTGRES_PORT')}"
    site_url = f"http://{LOOPBACK}:{port('WEB_PORT')}"
    through = {name: value for name, value in platform.settings.items() if name.startswith(HANDED_THROUGH) and value}
    # A test run names its own settings module; the platform that it starts is none of its tests.
    through.pop("DJANGO_SETTINGS_MODULE", None)
    return {
        "DJANGO_ALLOWED_HOSTS": f"localhost,{LOOPBACK}",
        "DJANGO_DEBUG": "0",
        "SPARK_MASTER": "local[2]",
        # On loopback only: whoever can reach it runs the demo.
        "RADAR_PUBLIC": "1",
        **through,
        "DJANGO_SECRET_KEY": secrets["DJANGO_SECRET_KEY"],
        "SITE_URL": site_url,
        "WEB_PORT": str(port("WEB_PORT")),
        "MISSIONS_API": f"{site_url}/register_mission",
        "HOCOTATE_TOKEN": secrets["HOCOTATE_TOKEN"],
        "ALERTS_TOKEN": secrets["ALERTS_TOKEN"],
        "ADMIN_USER": platform.settings.get("ADMIN_USER", "admin"),
        "ADMIN_PASSWORD": secrets["ADMIN_PASSWORD"],
        "DATABASE_URL": f"postgresql://site:{secrets['SITE_DB_PASSWORD']}@{postgres}/hocotate",
        "MARTS_DB_USER": "marts",
        "MARTS_DB_PASSWORD": secrets["MARTS_DB_PASSWORD"],
        "LAKE_CATALOG_URL": f"postgresql://lake:{secrets['LAKE_DB_PASSWORD']}@{postgres}/lake",
        "LAKE_CATALOG_READER_URL": f"postgresql://lake_reader:{secrets['LAKE_READER_DB_PASSWORD']}@{postgres}/lake",
        "WAREHOUSE_READER_URL": (
            f"postgresql://warehouse_reader:{secrets['WAREHOUSE_READER_DB_PASSWORD']}@{postgres}/hocotate"
        ),
        "VALKEY_URL": f"redis://:{secrets['VALKEY_PASSWORD']}@{LOOPBACK}:{port('VALKEY_PORT')}/0",
        "KAFKA_BOOTSTRAP": f"{LOOPBACK}:{port('KAFKA_PORT')}",
        "REGISTRY_URL": f"http://{LOOPBACK}:{port('REGISTRY_PORT')}/apis/ccompat/v7",
        "S3_ENDPOINT_URL": f"http://{LOOPBACK}:{port('S3_PORT')}",
        "S3_REGION": "us-east-1",
        **{name: value for name, value in secrets.items() if name.startswith(("S3_SITE", "S3_LAKE", "S3_READER"))},
        "LAKE_WAREHOUSE": "s3://telemetry-lake/wh",
        "LAKE_CHECKPOINTS": f"file:{platform.data('checkpoints')}",
        "FLEET_METRICS_PORT": str(port("FLEET_METRICS_PORT")),
        "LAKE_METRICS_PORT": str(port("LAKE_METRICS_PORT")),
        "TRACKER_METRICS_PORT": str(port("TRACKER_METRICS_PORT")),
        "WORKER_METRICS_PORT": str(port("WORKER_METRICS_PORT")),
        "POSTGRES_EXPORTER": _exporter(platform, "postgres-exporter", watching),
        "VALKEY_EXPORTER": _exporter(platform, "valkey-exporter", watching),
        "PROMETHEUS_URL": _watcher(platform, "prometheus", watching),
        "PUSHGATEWAY_URL": _watcher(platform, "pushgateway", watching),
        "SPARK_UI_PORT": str(port("SPARK_UI_PORT")),
        "SPARK_JARS": spark_jars,
        "SPARK_LOCAL_DIR": str(platform.data("spark")),
        "JAVA_HOME": java_home,
        "STACK_DIR": str(platform.home),
    }


def _watcher(platform: Platform, service: str, watching: Collection[str]) -> str:
    """The address that a setting names, else that of our own service when it is among those; else empty."""
    name = service.upper()
    own = f"http://{LOOPBACK}:{platform.port(f'{name}_PORT')}" if service in watching else ""
    return platform.settings.get(f"{name}_URL", "") or own


def _exporter(platform: Platform, service: str, watching: Collection[str]) -> str:
    """host:port of an exporter where it is among the services that watch; else empty, and nobody asks it."""
    setting = f"{service.upper().replace('-', '_')}_PORT"
    return f"{LOOPBACK}:{platform.port(setting)}" if service in watching else ""


def save(platform: Platform, settings: Mapping[str, str]) -> None:
    """Hand the settings over to every program of the platform."""
    write_private(platform.env_file, settings, "Settings of this platform, written anew at each start.")
    ports = {name: platform.settings[name] for name in ("STACK_PORT_OFFSET", *PORTS) if platform.settings.get(name)}
    write_private(platform.ports_file, ports, "What this platform was told about its ports when it was started.")


def load(platform: Platform) -> dict[str, str]:
    """The settings of the last start; empty when there was none."""
    if not platform.env_file.exists():
        return {}
    return {name: value for name, value in dotenv_values(platform.env_file).items() if value is not None}

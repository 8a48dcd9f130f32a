"""What the lake application is told, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from spark.errors import SettingInvalid

OLDEST_MESSAGE_DAYS = 30
"""The contract takes no older message, so that a day which is dropped gets no further row."""

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
"""How a broker may be spoken to; natively it is on loopback and asks for no credential."""

SMALLEST_HEAP_MB = 480
"""Spark refuses to start with less."""


@dataclass(frozen=True)
class LakeSettings:
    """Where the application reads, where it writes, and how fast.

    Attributes:
        catalog_uri: JDBC address of the database that holds the catalog.
        checkpoints: URL of the folder that holds one checkpoint a query.
        jars: folder of the jars that Spark needs beside its own.
        trigger_seconds: pause between the begins of two micro-batches.
        max_offsets: most messages of one micro-batch.
        stall_seconds: a query without any progress for so long ends the application.
        accept_data_loss: go on where the broker has deleted messages that were never read.
        heap_mb: heap of Spark's JVM.
        derive_seconds, minute_seconds: pauses between two steps of track, and of ship_minute.
        compact_files: a table with so many files more than after its last compaction is compacted, and one that
            remembers as many snapshots forgets those that nobody needs.
        retention_days: whole days older than this are dropped; 0 keeps all.
        metrics_address: where Prometheus is answered.
        kafka_protocol, kafka_user, kafka_password, kafka_ca_file: how the broker is spoken to, and as whom.
    """

    kafka_bootstrap: str
    topic: str
    s3_endpoint: str
    s3_region: str
    s3_access_key: str
    s3_secret_key: str = field(repr=False)
    catalog_uri: str
    catalog_user: str
    catalog_password: str = field(repr=False)
    warehouse: str
    checkpoints: str
    jars: Path
    local_dir: str
    master: str = "local[2]"
    ui_port: int = 4040
    metrics_port: int = 8003
    trigger_seconds: int = 5
    max_offsets: int = 200_000
    stall_seconds: int = 120
    accept_data_loss: bool = False
    heap_mb: int = 480
    derive_seconds: int = 15
    minute_seconds: int = 60
    compact_files: int = 120
    retention_days: int = 0
    metrics_address: str = "127.0.0.1"
    kafka_protocol: str = "PLAINTEXT"
    kafka_user: str = ""
    kafka_password: str = field(default="", repr=False)
    kafka_ca_file: str = ""

    @property
    def local(self) -> bool:
        """Whether Spark's executor is its driver."""
        return self.master.startswith("local")


def lake_settings(environment: Mapping[str, str]) -> LakeSettings:
    """Read the settings.

    Raises:
        SettingInvalid: one is missing or wrong; the text names it.
    """
    uri, user, password = _jdbc(_text(environment, "LAKE_CATALOG_URL"))
    jars = Path(_text(environment, "SPARK_JARS"))
    if not any(jars.glob("iceberg-spark-runtime-*.jar")):
        raise SettingInvalid(f"SPARK_JARS is {str(jars)!r}, and no Iceberg jar lies there. `make run` fetches them.")
    return LakeSettings(
        kafka_bootstrap=_text(environment, "KAFKA_BOOTSTRAP"),
        topic=_text(environment, "LAKE_TOPIC", "telemetry.raw"),
        s3_endpoint=_text(environment, "S3_ENDPOINT_URL"),
        s3_region=_text(environment, "S3_REGION", "us-east-1"),
        s3_access_key=_text(environment, "S3_LAKE_ACCESS_KEY"),
        s3_secret_key=_text(environment, "S3_LAKE_SECRET_KEY"),
        catalog_uri=uri,
        catalog_user=user,
        catalog_password=password,
        warehouse=_text(environment, "LAKE_WAREHOUSE"),
        checkpoints=_text(environment, "LAKE_CHECKPOINTS").rstrip("/"),
        jars=jars,
        local_dir=_text(environment, "SPARK_LOCAL_DIR", "/tmp"),  # noqa: S108 - Spark's own default
        master=_text(environment, "SPARK_MASTER", "local[2]"),
        ui_port=_number(environment, "SPARK_UI_PORT", 4040),
        metrics_port=_number(environment, "LAKE_METRICS_PORT", 8003),
        trigger_seconds=_number(environment, "LAKE_TRIGGER_SECONDS", 5),
        max_offsets=_number(environment, "LAKE_MAX_OFFSETS_PER_TRIGGER", 200_000),
        stall_seconds=_number(environment, "LAKE_STALL_SECONDS", 120),
        accept_data_loss=_text(environment, "LAKE_ACCEPT_DATA_LOSS", "0") == "1",
        heap_mb=_number(environment, "LAKE_HEAP_MB", 480, lowest=SMALLEST_HEAP_MB),
        derive_seconds=_number(environment, "LAKE_DERIVE_SECONDS", 15),
        minute_seconds=_number(environment, "LAKE_MINUTE_SECONDS", 60),
        compact_files=_number(environment, "LAKE_COMPACT_FILES", 120, lowest=4),
        retention_days=_retention(environment),
        metrics_address=_text(environment, "METRICS_ADDRESS", "127.0.0.1"),
        **_kafka_credentials(environment),
    )


def _text(environment: Mapping[str, str], name: str, default: str = "") -> str:
    value = environment.get(name, "").strip() or default
    if not value:
        raise SettingInvalid(f"{name} is not set. `make run` writes it into platform.env under STACK_DIR.")
    return value


def _number(environment: Mapping[str, str], name: str, default: int, lowest: int = 1) -> int:
    value = _text(environment, name, str(default))
    if not value.isdigit() or int(value) < lowest:
        raise SettingInvalid(f"{name} is {value!r}; it must be a whole number from {lowest}.")
    return int(value)


def _retention(environment: Mapping[str, str]) -> int:
    days = _number(environment, "LAKE_RETENTION_DAYS", 0, lowest=0)
    if 0 < days <= OLDEST_MESSAGE_DAYS:
        raise SettingInvalid(
            f"LAKE_RETENTION_DAYS is {days}; it must be above {OLDEST_MESSAGE_DAYS}, since messages so old are still"
            " taken, or 0 to keep all."
        )
    return days


def _kafka_credentials(environment: Mapping[str, str]) -> dict[str, str]:
    protocol = _text(environment, "KAFKA_SECURITY_PROTOCOL", "PLAINTEXT")
    if protocol not in PROTOCOLS:
        raise SettingInvalid(f"KAFKA_SECURITY_PROTOCOL is {protocol!r}; it must be one of {', '.join(PROTOCOLS)}.")
    credentials = {"kafka_protocol": protocol, "kafka_ca_file": environment.get("KAFKA_CA_FILE", "").strip()}
    if protocol.startswith("SASL_"):
        credentials["kafka_user"] = _text(environment, "KAFKA_USER")
        credentials["kafka_password"] = _text(environment, "KAFKA_PASSWORD")
    return credentials


def _jdbc(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    if parts.scheme != "postgresql" or not (parts.hostname and parts.username and parts.path.strip("/")):
        raise SettingInvalid("LAKE_CATALOG_URL must look like postgresql://user:password@host:port/database.")
    where = f"{parts.hostname}:{parts.port or 5432}{parts.path}"
    return f"jdbc:postgresql://{where}", unquote(parts.username), unquote(parts.password or "")

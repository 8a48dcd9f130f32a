"""How the broker is spoken to, in the words of each of its two client libraries."""

from __future__ import annotations

from spark.settings import LakeSettings

MECHANISM = "SCRAM-SHA-512"


def java_credentials(settings: LakeSettings) -> dict[str, str]:
    """Settings of Kafka's Java client; the password stands in one that Spark's redaction covers."""
    options = {"security.protocol": settings.kafka_protocol}
    if settings.kafka_protocol.startswith("SASL_"):
        user, password = _quoted(settings.kafka_user), _quoted(settings.kafka_password)
        options["sasl.mechanism"] = MECHANISM
        options["sasl.jaas.config"] = (
            f"org.apache.kafka.common.security.scram.ScramLoginModule required username={user} password={password};"
        )
    if settings.kafka_protocol.endswith("SSL") and settings.kafka_ca_file:
        options["ssl.truststore.type"] = "PEM"
        options["ssl.truststore.location"] = settings.kafka_ca_file
    return options


def librdkafka(settings: LakeSettings) -> dict[str, str | int | float | bool]:
    """Settings of librdkafka, address included."""
    config: dict[str, str | int | float | bool] = {
        "bootstrap.servers": settings.kafka_bootstrap,
        "security.protocol": settings.kafka_protocol,
    }
    if settings.kafka_protocol.startswith("SASL_"):
        config["sasl.mechanism"] = MECHANISM
        config["sasl.username"] = settings.kafka_user
        config["sasl.password"] = settings.kafka_password
    if settings.kafka_protocol.endswith("SSL") and settings.kafka_ca_file:
        config["ssl.ca.location"] = settings.kafka_ca_file
    return config


def _quoted(text: str) -> str:
    """A word of a JAAS configuration."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

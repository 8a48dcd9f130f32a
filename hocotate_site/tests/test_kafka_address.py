"""How the broker is spoken to, as the settings say."""

from pytest_django import Settings

from hocotate_site import kafka


def test_a_broker_on_loopback_is_told_no_credential(settings: Settings) -> None:
    settings.KAFKA_BOOTSTRAP, settings.KAFKA_SECURITY_PROTOCOL = "127.0.0.1:9092", "PLAINTEXT"

    assert kafka.address() == {"bootstrap.servers": "127.0.0.1:9092", "security.protocol": "PLAINTEXT"}


def test_a_broker_elsewhere_is_told_who_asks_and_trusted_by_the_authority(settings: Settings) -> None:
    settings.KAFKA_BOOTSTRAP, settings.KAFKA_SECURITY_PROTOCOL = "kafka:9094", "SASL_SSL"
    settings.KAFKA_USER, settings.KAFKA_PASSWORD, settings.KAFKA_CA_FILE = "site", "a secret", "/tls/ca.crt"

    assert kafka.address() == {
        "bootstrap.servers": "kafka:9094",
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "site",
        "sasl.password": "a secret",
        "ssl.ca.location": "/tls/ca.crt",
    }

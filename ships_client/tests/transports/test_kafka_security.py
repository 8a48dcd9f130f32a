from pathlib import Path

import pytest
from confluent_kafka import KafkaError

from ships_client.exceptions import BrokerAway, BrokerRefused, ConfigurationError
from ships_client.transports import TelemetryProducer
from ships_client.transports.kafka_security import KafkaSecurity

NOWHERE = "127.0.0.1:1"
PAIR = KafkaSecurity("SASL_PLAINTEXT", "moth", "a secret")


def test_without_settings_a_ship_speaks_in_the_clear_and_shows_no_credential() -> None:
    assert KafkaSecurity.from_environment({}).config() == {"security.protocol": "PLAINTEXT"}


def test_a_pair_is_sent_by_scram(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.touch()
    environment = {
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_USER": "moth",
        "KAFKA_PASSWORD": "a secret",
        "KAFKA_CA_FILE": str(authority),
    }
    assert KafkaSecurity.from_environment(environment).config() == {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "moth",
        "sasl.password": "a secret",
        "ssl.ca.location": str(authority),
    }


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (("SASL",), "KAFKA_SECURITY_PROTOCOL"),
        (("SASL_SSL", "moth"), "KAFKA_PASSWORD"),
        (("PLAINTEXT", "moth", "a secret"), "KAFKA_SECURITY_PROTOCOL"),
        (("SSL", "", "", "/no/such/file"), "KAFKA_CA_FILE"),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(settings: tuple[str, ...], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        KafkaSecurity(*settings)


def test_the_password_is_never_shown() -> None:
    assert "a secret" not in repr(PAIR)


def test_a_refused_pair_is_told_in_one_sentence_that_names_the_user_and_the_settings() -> None:
    producer = TelemetryProducer(NOWHERE, security=PAIR)
    producer._on_error(KafkaError(KafkaError._AUTHENTICATION, "SASL authentication failed"))
    with pytest.raises(BrokerRefused, match=r"refused user 'moth'.*KAFKA_USER and KAFKA_PASSWORD") as told:
        producer.check(0.1)
    assert "a secret" not in str(told.value)
    assert producer.away


def test_an_untrusted_certificate_is_told_with_the_file_that_should_have_vouched_for_it() -> None:
    producer = TelemetryProducer(NOWHERE, security=PAIR)
    producer._on_error(KafkaError(KafkaError._SSL, "certificate verify failed"))
    with pytest.raises(BrokerRefused, match=r"certificate verify failed.*KAFKA_CA_FILE"):
        producer.check(0.1)


def test_a_broker_that_is_only_away_is_not_called_a_refusal() -> None:
    with pytest.raises(BrokerAway, match="KAFKA_SECURITY_PROTOCOL"):
        TelemetryProducer(NOWHERE, security=PAIR).check(0.1)

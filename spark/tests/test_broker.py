from dataclasses import replace
from pathlib import Path

import pytest

from spark.broker import java_credentials, librdkafka
from spark.errors import SettingInvalid
from spark.settings import LakeSettings, lake_settings

PASSWORD = 'a"\\b'
ENVIRONMENT = {
    "KAFKA_BOOTSTRAP": "kafka:9092",
    "S3_ENDPOINT_URL": "http://door:8333",
    "S3_LAKE_ACCESS_KEY": "key",
    "S3_LAKE_SECRET_KEY": "secret",
    "LAKE_CATALOG_URL": "postgresql://lake:secret@postgres:5432/lake",
    "LAKE_WAREHOUSE": "s3://telemetry-lake/wh",
    "LAKE_CHECKPOINTS": "file:/data/checkpoints",
}


@pytest.fixture
def settings(tmp_path: Path) -> LakeSettings:
    (tmp_path / "iceberg-spark-runtime-x.jar").touch()
    pair = {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_USER": "lake", "KAFKA_PASSWORD": PASSWORD}
    return lake_settings({**ENVIRONMENT, **pair, "SPARK_JARS": str(tmp_path)})


def test_both_libraries_get_the_same_pair(settings: LakeSettings) -> None:
    java, native = java_credentials(settings), librdkafka(settings)
    assert java["security.protocol"] == native["security.protocol"] == "SASL_SSL"
    assert java["sasl.mechanism"] == native["sasl.mechanism"] == "SCRAM-SHA-512"
    assert 'username="lake"' in java["sasl.jaas.config"]
    assert native["sasl.username"] == "lake"
    assert native["sasl.password"] == PASSWORD


def test_quotes_and_backslashes_cannot_leave_the_password(settings: LakeSettings) -> None:
    assert java_credentials(settings)["sasl.jaas.config"].endswith(r'password="a\"\\b";')


def test_a_broker_on_loopback_is_told_no_credential(settings: LakeSettings) -> None:
    plain = replace(settings, kafka_protocol="PLAINTEXT")
    assert java_credentials(plain) == {"security.protocol": "PLAINTEXT"}
    assert librdkafka(plain) == {"bootstrap.servers": "kafka:9092", "security.protocol": "PLAINTEXT"}


def test_an_authority_of_our_own_vouches_for_the_broker(settings: LakeSettings) -> None:
    trusting = replace(settings, kafka_ca_file="/tls/ca.crt")
    assert java_credentials(trusting)["ssl.truststore.location"] == "/tls/ca.crt"
    assert librdkafka(trusting)["ssl.ca.location"] == "/tls/ca.crt"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"KAFKA_SECURITY_PROTOCOL": "SASL"}, "KAFKA_SECURITY_PROTOCOL"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_USER": "lake"}, "KAFKA_PASSWORD"),
    ],
)
def test_settings_that_cannot_work_are_named(tmp_path: Path, wrong: dict[str, str], named: str) -> None:
    (tmp_path / "iceberg-spark-runtime-x.jar").touch()
    with pytest.raises(SettingInvalid, match=named):
        lake_settings({**ENVIRONMENT, **wrong, "SPARK_JARS": str(tmp_path)})

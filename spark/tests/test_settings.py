"""Settings are read once, and a wrong one is named."""

from __future__ import annotations

from collections import UserDict
from pathlib import Path

import pytest

from spark.errors import SettingInvalid
from spark.settings import lake_settings
from stack.environment import LAKE_SETTINGS


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "iceberg-spark-runtime-4.1_2.13-1.12.0.jar").touch()
    return {
        "KAFKA_BOOTSTRAP": "127.0.0.1:9092",
        "S3_ENDPOINT_URL": "http://127.0.0.1:9000",
        "S3_LAKE_ACCESS_KEY": "lake",
        "S3_LAKE_SECRET_KEY": "hidden-key",
        "LAKE_CATALOG_URL": "postgresql://lake:p%40ss@db:5433/lake",
        "LAKE_WAREHOUSE": "s3://telemetry-lake/wh",
        "LAKE_CHECKPOINTS": "file:/data/checkpoints/",
        "SPARK_JARS": str(tmp_path),
    }


def test_the_catalog_url_becomes_a_jdbc_address_and_an_identity(environment: dict[str, str]) -> None:
    settings = lake_settings(environment)

    assert settings.catalog_uri == "jdbc:postgresql://db:5433/lake"
    assert (settings.catalog_user, settings.catalog_password) == ("lake", "p@ss")
    assert settings.checkpoints == "file:/data/checkpoints"


def test_the_secrets_are_not_shown(environment: dict[str, str]) -> None:
    shown = repr(lake_settings(environment))

    assert "p@ss" not in shown
    assert "hidden-key" not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAFKA_BOOTSTRAP", ""),
        ("LAKE_TRIGGER_SECONDS", "soon"),
        ("LAKE_HEAP_MB", "400"),
        ("LAKE_RETENTION_DAYS", "7"),
        ("LAKE_COMPACT_FILES", "1"),
        ("LAKE_CATALOG_URL", "mysql://x"),
        ("SPARK_JARS", "/nowhere"),
    ],
)
def test_a_setting_that_is_wrong_is_named(environment: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingInvalid, match=name):
        lake_settings(environment | {name: value})


ELSEWHERE = {"METRICS_ADDRESS", "KAFKA_SECURITY_PROTOCOL", "KAFKA_USER", "KAFKA_PASSWORD", "KAFKA_CA_FILE"}
"""For servers on other hosts, as in containers, which set them; natively all is on loopback."""


def test_every_setting_reaches_the_application(environment: dict[str, str]) -> None:
    asked: set[str] = set()

    class Listening(UserDict[str, str]):
        def __getitem__(self, name: str) -> str:
            asked.add(name)
            return super().__getitem__(name)

        def __contains__(self, name: object) -> bool:
            asked.add(str(name))
            return super().__contains__(name)

    lake_settings(Listening(environment))

    assert {"LAKE_HEAP_MB", "S3_LAKE_SECRET_KEY"} <= asked
    assert asked - ELSEWHERE <= set(LAKE_SETTINGS)

"""Settings of `.env` on their way to the programs."""

from pathlib import Path

from stack.config import Platform
from stack.environment import resolve
from stack.ports import PORTS
from stack.secrets import load_or_create
from stack.settings_names import known_settings

ELSEWHERE = {"SITE_INNER_URL", "S3_PUBLIC_URL", "TRACKER_METRICS_HOST"}
ELSEWHERE |= {"KAFKA_SECURITY_PROTOCOL", "KAFKA_USER", "KAFKA_CA_FILE"}
"""For parts on several hosts, which `make run` has not."""
OWN = {"STACK_DIR", "STACK_PORT_OFFSET", "STACK_CACHE", "JAVA_HOME", "FLEET_SHIPS", "FLEET_SPEED", "WATCHING", *PORTS}
"""What the stack itself works with; programs are told what follows from it."""


def test_every_setting_of_the_example_reaches_the_programs(tmp_path: Path) -> None:
    asked = {name: f"{name} as set" for name in known_settings() - OWN - ELSEWHERE}
    platform = Platform(tmp_path, 0, asked)

    told = resolve(platform, load_or_create(platform), "/java", "/jars")

    assert len(asked) > 30
    assert {name: told.get(name) for name in asked} == asked


def test_the_example_names_what_is_known() -> None:
    assert {"WEB_PORT", "WEED_MASTER_PORT", "RADAR_PUBLIC", "LAKE_QUERY_MB", "STACK_DIR"} <= known_settings()
    assert "AUDIT" not in known_settings()

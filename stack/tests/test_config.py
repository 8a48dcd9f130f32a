"""Where a platform lives and which ports it takes."""

import os
import subprocess
from pathlib import Path

import pytest

from stack.config import ROOT, SOCKET, Platform
from stack.environment import save
from stack.errors import StackError
from stack.ports import HIGHEST_OFFSET, PORTS
from stack.services import SERVICES, closure


def a_platform(home: Path, offset: int = 0, **settings: str) -> Platform:
    return Platform(home=home, offset=offset, settings=settings)


def test_the_offset_moves_every_port(tmp_path: Path) -> None:
    plain, moved = a_platform(tmp_path), a_platform(tmp_path, 300)
    assert all(moved.port(name) == plain.port(name) + 300 for name in PORTS)


def test_no_two_services_share_a_port_even_beside_platforms_a_hundred_apart() -> None:
    taken = [port.number + offset for port in PORTS.values() for offset in range(0, 900, 100)]
    assert len(taken) == len(set(taken))


def test_the_highest_offset_keeps_every_port_in_range() -> None:
    assert max(port.number for port in PORTS.values()) + HIGHEST_OFFSET <= 65535


def test_a_setting_moves_one_port(tmp_path: Path) -> None:
    assert a_platform(tmp_path, 100, KAFKA_PORT="19092").port("KAFKA_PORT") == 19192


@pytest.mark.parametrize("value", ["abc", "-1", "70000", "9092.5"])
def test_a_bad_port_is_named_with_its_value(tmp_path: Path, value: str) -> None:
    with pytest.raises(StackError, match=rf"KAFKA_PORT is '{value}'"):
        a_platform(tmp_path, KAFKA_PORT=value).port("KAFKA_PORT")


def test_a_bad_offset_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACK_PORT_OFFSET", "lots")
    with pytest.raises(StackError, match="STACK_PORT_OFFSET is 'lots'"):
        Platform.from_environment()


def test_a_folder_too_deep_for_a_socket_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="Set STACK_DIR to a shorter path"):
        _ = a_platform(tmp_path / ("x" * 120)).socket


def test_a_service_brings_all_that_it_needs_in_start_order() -> None:
    names = [service.name for service in closure(("fleet",))]
    assert names.index("postgres") < names.index("web") < names.index("fleet")
    assert set(names) == {"postgres", "valkey", "seaweedfs", "kafka", "web", "radar", "fleet"}


def test_every_port_belongs_to_a_service() -> None:
    assert {port.service for port in PORTS.values()} <= set(SERVICES)


def test_a_running_platform_is_asked_at_the_ports_it_was_started_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STACK_DIR", str(tmp_path))
    for name in ("STACK_PORT_OFFSET", "WEB_PORT"):
        monkeypatch.delenv(name, raising=False)
    began = Platform(tmp_path, 500, {"STACK_PORT_OFFSET": "500", "WEB_PORT": "8010"})
    save(began, {})
    assert Platform.from_environment().offset == 0
    (tmp_path / SOCKET).touch()
    assert Platform.from_environment().offset == 500
    assert Platform.from_environment().port("WEB_PORT") == 8510
    monkeypatch.setenv("STACK_PORT_OFFSET", "600")
    assert Platform.from_environment().offset == 600


def test_make_leaves_the_settings_to_the_environment_and_the_file() -> None:
    said = subprocess.run(
        ["make", "-s", "--eval", "said:\n\t@env", "said"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "STACK_" not in said

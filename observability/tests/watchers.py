"""Prometheus, Pushgateway and Alertmanager as the platform starts them, for a test."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from stack.config import Platform
from stack.ports import PORTS as ALL_PORTS
from stack.services import SERVICES, WATCHING
from stack.services.base import Context
from stack.services.templates import OPTIONAL, address
from stack.testing import RunningPlatform

PORTS = tuple(port.setting for port in ALL_PORTS.values() if port.service in WATCHING)

WAITS = {"prometheus": "15s", "alertmanager": "10s"}
"""How often Prometheus looks, and how long Alertmanager gathers alerts before it tells of them."""


@contextmanager
def started(context: Context, names: Sequence[str], *, every: str) -> Iterator[None]:
    """They run until the end of the block; Prometheus and Alertmanager look that often, so that no test waits."""
    context.platform.home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as running:
        for name in names:
            SERVICES[name].prepare(context)
            if name in WAITS:
                config = context.platform.data(name) / f"{name}.yml"
                config.write_text(config.read_text().replace(WAITS[name], every))
            command = SERVICES[name].command(context)
            # What fires before Prometheus knows of Alertmanager it tells again only after this, by default a minute.
            more = ["--rules.alert.resend-delay=1s"] if name == "prometheus" else []
            log = running.enter_context(open(context.platform.home / f"{name}.log", "w"))
            process = subprocess.Popen(
                [*command.argv, *more], env={**os.environ, **command.env}, cwd=command.cwd, stdout=log, stderr=log
            )
            running.callback(process.wait, 20)
            running.callback(process.terminate)
        yield


def beside(platform: RunningPlatform, home: Path) -> Context:
    """What watches a running platform from a folder and ports of its own."""
    watched = platform.context.platform
    ports = {name: str(int(port) - watched.offset) for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True)}
    here = Platform(home, watched.offset, {**watched.settings, **ports})
    exporters = {name: address(Context(here, {}, {}), f"{name}_PORT") for name in OPTIONAL}
    return Context(here, platform.context.secrets, {**platform.context.settings, **exporters})


def free_ports(count: int) -> list[str]:
    """Ports that nothing listens on."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [str(probe.getsockname()[1]) for probe in probes]


def eventually(what: str, found: Callable[[], Any], seconds: float = 30) -> Any:
    """Wait for a question to be answered with something."""
    end = time.monotonic() + seconds
    while True:
        try:
            answer = found()
        except (httpx.HTTPError, KeyError):
            answer = None
        if answer:
            return answer
        assert time.monotonic() < end, f"It did not come to it that {what}."
        time.sleep(0.2)

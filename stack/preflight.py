"""Before anything starts: are the ports free, is there disk and memory enough?"""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterable

import psutil

from stack.config import LOOPBACK, Platform
from stack.errors import PortTaken
from stack.free import is_free
from stack.ports import PORTS
from stack.services.base import Service

DISK_GIB = 4.0
"""Environment 2 GB, jars 0.7 GB, and room for data."""
PATIENCE_S = 20.0
MEMORY_GIB = 3.5
"""The whole platform with 20 ships is resident in under 3 GB."""


def check_ports(platform: Platform, services: Iterable[Service], own_pids: set[int]) -> None:
    """Refuse to start when a port that a service can't do without is held by a process that isn't ours.

    Raises:
        PortTaken: names the port, who holds it and the setting that moves it.
    """
    names = {service.name for service in services}
    for port in PORTS.values():
        if port.service not in names or port.spare:
            continue
        number = platform.port(port.setting)
        if is_free(number) or _freed_soon(number):
            continue
        holder = _holder(number)
        if holder is not None and holder.pid in own_pids:
            continue
        who = f"{holder.name()} (pid {holder.pid})" if holder else "another process"
        raise PortTaken(
            f"Port {number} ({port.use}) is held by {who}.",
            f"Stop it, or set {port.setting} in .env to another port, or move all ports with STACK_PORT_OFFSET=300.",
        )


def _freed_soon(number: int) -> bool:
    """Wait for a port that nobody listens on: some outgoing connection was given its number for a while."""
    deadline = time.monotonic() + PATIENCE_S
    while not _listened_on(number) and time.monotonic() < deadline:
        if is_free(number):
            return True
        time.sleep(0.5)
    return False


def _listened_on(number: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, number)) == 0


def _holder(number: int) -> psutil.Process | None:
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return None
    held = [c for c in connections if c.laddr and c.laddr.port == number and c.pid]
    held.sort(key=lambda connection: connection.status != psutil.CONN_LISTEN)
    try:
        return psutil.Process(held[0].pid) if held else None
    except psutil.NoSuchProcess:
        return None


def warnings(platform: Platform) -> list[str]:
    """Sentences about too little disk or memory; the start goes on."""
    found = []
    there = next(path for path in (platform.home, *platform.home.parents) if path.exists())
    free = shutil.disk_usage(there).free / 2**30
    if free < DISK_GIB:
        found.append(f"Only {free:.1f} GiB of disk are free at {platform.home}; {DISK_GIB:.0f} GiB are advised.")
    memory = psutil.virtual_memory().available / 2**30
    if memory < MEMORY_GIB:
        found.append(f"Only {memory:.1f} GiB of memory are free; the platform takes about 3 GiB.")
    return found

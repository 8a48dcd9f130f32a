"""Which of the services that watch the platform are started, and which are asked how they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stack import preflight
from stack.config import Platform
from stack.errors import PortTaken
from stack.services import SERVICES, WATCHING
from stack.services.base import Service
from stack.services.programs import PROGRAMS, program


def choose(platform: Platform, services: Iterable[Service], own_pids: set[int]) -> tuple[list[Service], list[str]]:
    """Those of the services that can be started here, and sentences about the watching ones that can't.

    With WATCHING=0 none of these is started, and nothing is said of them.
    """
    services = list(services)
    chosen = [service for service in services if service.name not in WATCHING]
    watching = [service for service in services if service.name in WATCHING]
    if not watching or not platform.number("WATCHING", 1, 0, 1):
        return chosen, []
    sentences = []
    if missing := [service for service in watching if program(service.name) is None]:
        packages = " ".join(PROGRAMS[service.name][0] for service in missing)
        sentences.append(
            f"{' and '.join(service.title for service in missing)} not found, so that not all is watched. "
            f"On Debian: apt-get install --no-install-recommends {packages} (or WATCHING=0)"
        )
    for service in watching:
        if service in missing:
            continue
        try:
            preflight.check_ports(platform, [service], own_pids)
        except PortTaken as error:
            sentences.append(f"{service.title} is left out: {error.what} {error.remedy}")
        else:
            chosen.append(service)
    return chosen, sentences


def asked(states: Mapping[str, Mapping[str, Any]]) -> list[Service]:
    """The services to ask, by what supervisord knows: a watching one only where it was started."""
    return [
        service
        for name, service in SERVICES.items()
        if name not in WATCHING or states.get(name, {}).get("statename", "STOPPED") != "STOPPED"
    ]

"""Programs of the machine's packages: the platform works without them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from stack.errors import StackError
from stack.services.base import Command, Context

PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "prometheus": ("prometheus",),
    "pushgateway": ("prometheus-pushgateway", "pushgateway"),
    "alertmanager": ("prometheus-alertmanager", "alertmanager"),
    "postgres-exporter": ("prometheus-postgres-exporter", "postgres_exporter"),
    "valkey-exporter": ("prometheus-redis-exporter", "redis_exporter"),
}
"""What each is called: by Debian, where the package has the same name, then by its makers."""
ONE_CORE = {"GOMAXPROCS": "1"}
"""They watch; the cores are for those who are watched."""


def program(name: str) -> str | None:
    """Where the service's program is on this machine; None when it is not."""
    return next((found for called in PROGRAMS[name] if (found := shutil.which(called))), None)


def running(context: Context, name: str, *options: str, env: Mapping[str, str] | None = None) -> Command:
    """Run it with these options in a folder of its own.

    Raises:
        StackError: it is not on this machine.
    """
    found = program(name)
    if found is None:
        raise StackError(f"{name} is not on this machine.", f"On Debian: apt-get install {PROGRAMS[name][0]}")
    return Command([found, *options], {**ONE_CORE, **(env or {})}, cwd=str(context.platform.data(name)))

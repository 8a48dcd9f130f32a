"""`stack exec NAME`: become a service, with just the settings that it may know."""

from __future__ import annotations

import os

from stack import environment
from stack.config import Platform
from stack.errors import StackError
from stack.secrets import load_or_create
from stack.services import SERVICES
from stack.services.base import Context, inherited


def context(platform: Platform) -> Context:
    """The context of a platform that was prepared before.

    Raises:
        StackError: it was never started.
    """
    settings = environment.load(platform)
    if not settings:
        raise StackError(f"No platform was prepared in {platform.home}.", "Run `make run` first.")
    return Context(platform, load_or_create(platform), settings)


def become(platform: Platform, name: str) -> None:
    """Replace this process by the service's program; its pid stays."""
    service = SERVICES[name]
    here = context(platform)
    command = service.command(here)
    if service.reads is None:
        known = dict(here.settings)
        for secret in ("S3_LAKE_ACCESS_KEY", "S3_LAKE_SECRET_KEY"):  # only the lake writer may write the lake
            known.pop(secret, None)
    else:
        known = {setting: here.settings[setting] for setting in service.reads if setting in here.settings}
    os.umask(0o077)
    os.chdir(command.cwd)
    # Logs of all parts have one clock.
    part = {"LOG_PART": name, "TZ": "UTC"}
    os.execvpe(command.argv[0], command.argv, {**inherited(), **known, **part, **command.env})

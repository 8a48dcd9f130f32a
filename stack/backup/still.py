"""Does a platform stand still? Only then its servers' files belong together."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from stack.config import Platform
from stack.errors import StackError
from stack.supervisor import Supervisor


def refuse_running(platform: Platform) -> None:
    """Refuse while any process works on the platform's data.

    Raises:
        StackError: it runs, or a server of it outlived its supervisor; names who.
    """
    if Supervisor(platform).pid() is not None:
        raise StackError(
            f"The platform in {platform.home} runs, and its data belongs together only while it stands still.",
            "Stop it first: make stop",
        )
    if found := holders(platform.home / "data"):
        who = ", ".join(f"{name} (pid {pid})" for pid, name in found[:3])
        raise StackError(f"{platform.home / 'data'} is still in use by {who}.", "End that, and try again.")


def holders(folder: Path) -> list[tuple[int, str]]:
    """Pid and name of each process that has a file under the folder open, or was started with a path in it."""
    begins = str(folder.resolve())
    found = []
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            paths = [*(file.path for file in process.open_files()), *_paths(process.cmdline())]
            if any(path == begins or path.startswith(f"{begins}/") for path in paths):
                found.append((process.pid, process.name()))
        except (psutil.Error, OSError):
            continue  # gone meanwhile, or another user's, who could not open these files
    return found


def _paths(arguments: list[str]) -> list[str]:
    """The paths among the arguments, also as `-name=path`."""
    return [argument.rpartition("=")[2] for argument in arguments]

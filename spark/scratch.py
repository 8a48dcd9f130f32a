"""A folder for Spark's temporary files that a kill leaves behind and the next start clears."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psutil


def own_folder(local_dir: Path) -> Path:
    """A folder of this process under `local_dir`; those of processes that are gone are removed."""
    local_dir.mkdir(parents=True, exist_ok=True)
    for folder in local_dir.glob("lake-*"):
        pid = int(folder.name.removeprefix("lake-"))
        # In a container every start has the same pid.
        if pid == os.getpid() or not psutil.pid_exists(pid):
            shutil.rmtree(folder, ignore_errors=True)
    own = local_dir / f"lake-{os.getpid()}"
    own.mkdir(exist_ok=True)
    return own

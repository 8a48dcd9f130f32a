"""Taking a backup: all of a platform that stands still, whole or not at all."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from stack.backup.disk import amount
from stack.backup.files import copy_out
from stack.backup.manifest import DATA, Manifest
from stack.backup.marks import marks
from stack.backup.still import refuse_running
from stack.backup.unfinished import refuse_unfinished
from stack.config import Platform
from stack.errors import StackError
from stack.progress import Progress
from stack.start import alone

PATIENCE_S = 5


def take(platform: Platform, to: Path, progress: Progress) -> Manifest:
    """Copy a platform's data and secrets into a new folder, with a sum over each file.

    It is built beside its place and moved there when all of it is on the disk; a platform can't start meanwhile.

    Raises:
        StackError: the platform runs or has no data, the folder holds something, or there is no room for it.
    """
    to = to.absolute()
    _refuse_place(platform, to)
    if not (platform.home / DATA).is_dir() or not platform.secrets_file.exists():
        raise StackError(
            f"{platform.home} holds no platform, so that there is nothing to back up.",
            "STACK_DIR names its folder; `make run` makes one.",
        )
    began = datetime.now(UTC)
    with alone(platform, PATIENCE_S):
        refuse_unfinished(platform)
        refuse_running(platform)
        made_by = marks(platform.home / DATA)
        building = to.with_name(f".{to.name}.partial")
        shutil.rmtree(building, ignore_errors=True)  # of one that was killed
        building.mkdir(parents=True, mode=0o700)
        try:
            with progress.step("Copying") as step:
                folders, files = copy_out(platform.home, building, step)
                manifest = Manifest(began.isoformat(timespec="seconds"), made_by, folders, files)
                manifest.write(building)
                step.detail = f"{len(files):,} files, {amount(manifest.bytes)}"
            with progress.step("Waiting until the disk has it"):
                os.sync()
            os.rename(building, to)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    return manifest


def _refuse_place(platform: Platform, to: Path) -> None:
    if (platform.home / DATA).resolve() in (to.resolve(), *to.resolve().parents):
        raise StackError(f"{to} is within the data that is to be copied.", "Name a folder elsewhere.")
    if os.path.ismount(to):
        raise StackError(f"{to} is a disk's own folder.", f"Name a folder on it, such as {to / 'backup'}.")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise StackError(f"{to} is there already, and a backup overwrites nothing.", "Name another folder.")

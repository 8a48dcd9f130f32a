"""Restoring a backup: verified before anything is written, built beside its place, and moved there by renames."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from stack.backup.disk import amount, need_room
from stack.backup.files import copy_in, verify
from stack.backup.manifest import DATA, SECRETS, Manifest
from stack.backup.marks import ours, refuse_other
from stack.backup.still import refuse_running
from stack.backup.take import PATIENCE_S
from stack.backup.unfinished import MARK
from stack.config import Platform
from stack.errors import StackError
from stack.progress import Progress
from stack.services.kafka import RESTORED
from stack.start import alone

BUILDING = "restore.partial"
REPLACED = "replaced-"
STALE = ("platform.env", "ports.env")
"""What the platform that was there before told its programs; written anew at each start."""


def check(source: Path, progress: Progress) -> Manifest:
    """Hold a backup against its sums and this release's versions; writes nothing.

    Raises:
        StackError: it is not whole, or of versions that this release can't read.
    """
    manifest = Manifest.read(source)
    refuse_other(manifest.marks, ours())
    with progress.step("Verifying") as step:
        verify(source, manifest, step)
        step.detail = f"{len(manifest.files):,} files, {amount(manifest.bytes)}, all as they were written"
    return manifest


def restore(platform: Platform, source: Path, progress: Progress, *, replace: bool = False) -> Path | None:
    """Put a backup's data and secrets into a platform's folder.

    Args:
        platform: may have another folder and other ports than the one that was backed up.
        source: the backup.
        progress: told of each step.
        replace: whether data and secrets that are there are put aside first.

    Returns:
        Where those that were there are now; None when there were none.

    Raises:
        StackError: the backup is not whole or of other versions, the platform runs or holds data, there is no room.
    """
    source = source.absolute()
    manifest = check(source, progress)
    home = platform.home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(platform, PATIENCE_S):
        refuse_running(platform)
        _refuse_inhabited(platform, replace)
        building = home / BUILDING
        shutil.rmtree(building, ignore_errors=True)  # of one that was killed
        need_room(home, manifest.bytes)
        try:
            building.mkdir(mode=0o700)
            with progress.step("Copying") as step:
                copy_in(source, manifest, building, step)
                if (building / DATA / "kafka").is_dir():
                    (building / DATA / "kafka" / RESTORED).touch(mode=0o600)
                step.detail = amount(manifest.bytes)
            with progress.step("Waiting until the disk has it"):
                os.sync()
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        return _move_in(home, source)


def _move_in(home: Path, source: Path) -> Path | None:
    """Put what was there aside and the new in its place; the mark says that these renames are not all done."""
    building = home / BUILDING
    aside = _aside(home, source)
    for name in (DATA, SECRETS):
        if (home / name).exists():
            if (aside / name).exists():
                # A restore that was cut off had put the former one aside already; this is its own.
                remove(home / name)
            else:
                aside.mkdir(mode=0o700, exist_ok=True)
                os.rename(home / name, aside / name)
        os.rename(building / name, home / name)
    for name in STALE:
        (home / name).unlink(missing_ok=True)
    building.rmdir()
    os.sync()
    (home / MARK).unlink()
    return aside if aside.exists() else None


def _aside(home: Path, source: Path) -> Path:
    """Set the mark; where to put what is there. One that was cut off is gone on with, so that both parts meet there."""
    mark = home / MARK
    begun = mark.read_text().splitlines()[1:] if mark.exists() else []
    name = begun[0] if begun else f"{REPLACED}{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    mark.write_text(f"{source}\n{name}\n")
    os.sync()
    return home / name


def remove(path: Path) -> None:
    """Delete a file, or a folder with all that it holds."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _refuse_inhabited(platform: Platform, replace: bool) -> None:
    data = platform.home / DATA
    if os.path.ismount(data):
        raise StackError(
            f"{data} is a disk's own folder, which can't be put aside.",
            "Unmount it, restore, and move the data onto the disk.",
        )
    held = data.is_dir() and any(data.iterdir())
    if (held or platform.secrets_file.exists()) and not replace:
        raise StackError(
            f"{platform.home} holds a platform already.",
            "Name another STACK_DIR, or say REPLACE=1 (--replace): what is there is then put aside, not deleted.",
        )

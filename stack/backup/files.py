"""The files of a backup: found, copied with a sum over what was read, and held against the manifest."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from stack.backup.disk import far, need_room
from stack.backup.manifest import DATA, SECRETS, Kept, Manifest
from stack.errors import StackError
from stack.progress import Step

LEFT_OUT: Final = ("data/spark", "data/postgres.building")
"""Scratch of a running Spark, and what a killed initdb left: nothing is lost with them."""
STALE: Final = "data/postgres/postmaster.pid"
"""Left by a PostgreSQL that was killed. Where some other process has that number by then, it would not start."""
PIECE: Final = 4 * 2**20


def find(home: Path) -> tuple[dict[str, int], dict[str, os.stat_result]]:
    """Rights of all folders and what is known of all files under a platform's data, by path; its secrets too.

    Links are followed, so that data on another disk is copied with the rest. Sockets and pipes are nobody's state.
    """
    folders: dict[str, int] = {}
    files: dict[str, os.stat_result] = {}
    for place, names, leaves in os.walk(home / DATA, followlinks=True, onerror=_raise):
        below = Path(place).relative_to(home)
        folders[below.as_posix()] = stat.S_IMODE(os.stat(place).st_mode)
        names[:] = sorted(name for name in names if (below / name).as_posix() not in LEFT_OUT)
        for leaf in sorted(leaves):
            known = os.stat(Path(place) / leaf)
            path = (below / leaf).as_posix()
            if stat.S_ISREG(known.st_mode) and path != STALE:
                files[path] = known
    files[SECRETS] = os.stat(home / SECRETS)
    return folders, files


def copy_out(home: Path, to: Path, step: Step) -> tuple[dict[str, int], dict[str, Kept]]:
    """Copy a platform's files into a new folder; what was found and read, for the manifest.

    Raises:
        StackError: there is no room, or a file changed meanwhile.
    """
    folders, files = find(home)
    total = sum(known.st_size for known in files.values())
    need_room(to, total)
    for folder in folders:
        (to / folder).mkdir(parents=True, mode=0o700)
    kept: dict[str, Kept] = {}
    done = 0
    for path, known in files.items():
        size, digest = copy_file(home / path, to / path)
        if size != known.st_size:
            raise StackError(
                f"{home / path} changed while it was copied.", "End what writes there, and take the backup again."
            )
        kept[path] = Kept(size, digest, stat.S_IMODE(known.st_mode))
        done += size
        step.update(far(done, total))
    return folders, kept


def copy_in(source: Path, manifest: Manifest, to: Path, step: Step) -> None:
    """Copy a backup's files into a new folder, with the rights that they had.

    Raises:
        StackError: a file is not what the manifest says.
    """
    for folder in manifest.folders:
        (to / folder).mkdir(parents=True, mode=0o700)
    done = 0
    for path, kept in manifest.files.items():
        if copy_file(source / path, to / path) != (kept.bytes, kept.sha256):
            raise StackError(f"{source / path} changed while it was copied.", "Restore again.")
        os.chmod(to / path, kept.mode)
        done += kept.bytes
        step.update(far(done, manifest.bytes))
    for folder, mode in manifest.folders.items():
        os.chmod(to / folder, mode)


def verify(source: Path, manifest: Manifest, step: Step) -> None:
    """Hold every file of a backup against its sum; writes nothing.

    Raises:
        StackError: some are missing or differ; says how many, and which first.
    """
    wrong: list[str] = []
    done = 0
    for path, kept in manifest.files.items():
        try:
            with open(source / path, "rb") as file:
                same = os.fstat(file.fileno()).st_size == kept.bytes
                same = same and hashlib.file_digest(file, "sha256").hexdigest() == kept.sha256
        except FileNotFoundError:
            wrong.append(f"{path} is missing")
        else:
            if not same:
                wrong.append(f"{path} differs")
        done += kept.bytes
        step.update(far(done, manifest.bytes))
    if wrong:
        raise StackError(
            f"{len(wrong)} of {len(manifest.files)} files of {source} are not as they were written: "
            f"{', '.join(wrong[:3])}{', ...' if len(wrong) > 3 else ''}.",
            "Use another copy of this backup, or another backup. Nothing was changed.",
        )


def copy_file(source: Path, to: Path) -> tuple[int, str]:
    """Copy one file, for its owner alone; the bytes that were read, and their sha256 in hex."""
    total, size = hashlib.sha256(), 0
    with open(source, "rb") as reader, open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writer:
        for piece in _pieces(reader):
            total.update(piece)
            writer.write(piece)
            size += len(piece)
        # What the disk could not write is told here, and nowhere later.
        writer.flush()
        os.fsync(writer.fileno())
    return size, total.hexdigest()


def _pieces(reader: BinaryIO) -> Iterator[bytes]:
    while piece := reader.read(PIECE):
        yield piece


def _raise(error: OSError) -> None:
    raise error

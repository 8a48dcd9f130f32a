"""The lock: which file of which module goes into which folder, and its sha256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError

LOCK_FILE = Path(__file__).with_name("jars.lock")
HEADER = "# folder organisation name revision classifier extension sha256; written by `python -m stack.jars`\n"


@dataclass(frozen=True, order=True)
class LockedFile:
    """One file of the lock. `classifier` is "-" where there is none."""

    folder: str
    organisation: str
    name: str
    revision: str
    classifier: str
    extension: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The name that Ivy's retrieve pattern gives it."""
        classifier = "" if self.classifier == "-" else f"-{self.classifier}"
        return f"{self.name}-{self.revision}{classifier}.{self.extension}"

    @property
    def coordinates(self) -> str:
        """Organisation, name and revision, as people write them."""
        return f"{self.organisation}:{self.name}:{self.revision}"


def read_lock(path: Path = LOCK_FILE) -> list[LockedFile]:
    """The files of the lock.

    Raises:
        StackError: a line has not seven words.
    """
    files = []
    for line in path.read_text().splitlines():
        words = line.split()
        if line.startswith("#"):
            continue
        if len(words) != 7:
            raise StackError(f"{path.name} has the line {line!r}, which has not seven words.", "Restore the file.")
        files.append(LockedFile(*words))
    return files


def write_lock(files: Iterable[LockedFile], path: Path = LOCK_FILE) -> None:
    """Write the lock, sorted."""
    lines = (
        " ".join((f.folder, f.organisation, f.name, f.revision, f.classifier, f.extension, f.sha256))
        for f in sorted(files)
    )
    path.write_text(HEADER + "\n".join(lines) + "\n")


def sha256_of(path: Path) -> str:
    """The sha256 of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

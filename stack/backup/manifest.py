"""What a backup holds, written as its last file: a folder without it, or with a damaged one, is no backup."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from stack.errors import StackError

NAME: Final = "manifest.json"
FORMAT: Final = 1
DATA: Final = "data"
SECRETS: Final = "secrets.env"


@dataclass(frozen=True)
class Kept:
    """One file of a backup: its size in bytes, the sha256 of its content in hex, and the rights that it had."""

    bytes: int
    sha256: str
    mode: int


@dataclass(frozen=True)
class Manifest:
    """All of a backup.

    Attributes:
        made: when it was begun, ISO 8601 in UTC.
        marks: what the data was written by, by name (`stack.backup.marks`).
        folders: rights of each folder by its path, parents first; empty ones too.
        files: each file by its path, relative to the backup and to STACK_DIR alike.
    """

    made: str
    marks: Mapping[str, str]
    folders: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, Kept] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """The size of all files together."""
        return sum(kept.bytes for kept in self.files.values())

    def write(self, folder: Path) -> None:
        """Write it into a backup's folder, with a sum over itself."""
        content = {"format": FORMAT, **asdict(self)}
        text = json.dumps({"sum": _sum(content), "content": content}, indent=1) + "\n"
        with open(os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a backup.

        Raises:
            StackError: there is none, it is not as it was written, or another version of this program wrote it.
        """
        try:
            told = json.loads((folder / NAME).read_text())
        except FileNotFoundError:
            raise StackError(
                f"{folder} is no whole backup: it has no {NAME}, which is written last.",
                "Name the folder that `make backup TO=folder` made, or take another.",
            ) from None
        except ValueError:
            raise _damaged(folder) from None
        try:
            content = told["content"]
            if told["sum"] != _sum(content):
                raise _damaged(folder)
            if content["format"] != FORMAT:
                raise StackError(
                    f"{folder} has the format {content['format']}, this release reads {FORMAT}.",
                    "Restore it with the release that made it.",
                )
            files = {_inner(path): Kept(**kept) for path, kept in content["files"].items()}
            folders = {_inner(path): int(mode) for path, mode in content["folders"].items()}
            return cls(content["made"], content["marks"], folders, files)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise _damaged(folder) from None


def _sum(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _inner(path: str) -> str:
    """The path, when it leads into the data or to the secrets and nowhere else."""
    parts = PurePosixPath(path).parts
    if path != SECRETS and (not parts or parts[0] != DATA or ".." in parts):
        raise ValueError(path)
    return path


def _damaged(folder: Path) -> StackError:
    return StackError(
        f"{folder / NAME} is not as it was written.", "Use another copy of this backup, or another backup."
    )

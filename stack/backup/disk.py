"""What a disk has room for, what it refuses, and bytes as people read them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from stack.errors import StackError

SPARE: Final = 64 * 2**20
"""Bytes of disk beyond the data's own: folders, and the last block of each file."""


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what a disk refuses into a sentence.

    Raises:
        StackError: names the file and the system's reason.
    """
    try:
        yield
    except OSError as error:
        raise StackError(
            f"{error.filename or 'The disk'}: {error.strerror or error}.", "Mend that, and try again."
        ) from error


def need_room(place: Path, size: int) -> None:
    """Refuse when a folder's disk has not `size` bytes left.

    Raises:
        StackError: says how much is free and how much is needed.
    """
    free = shutil.disk_usage(place).free
    if free < size + SPARE:
        raise StackError(f"{amount(free)} are free at {place}, and {amount(size + SPARE)} are needed.", "Make room.")


def amount(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"


def far(done: int, total: int) -> str:
    """How far a copy is."""
    return f"{amount(done)} of {amount(total)}, {100 * done // max(total, 1)} %"

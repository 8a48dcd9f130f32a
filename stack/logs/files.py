"""Reading log files: the end of one, and what is written next, also after it was rotated."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

MOST_BYTES: Final = 4 * 2**20
"""Of a file's end that are looked at for its last lines."""
LONGEST: Final = 64 * 2**10
"""Bytes of a line that is not ended, after which it is shown as far as it goes."""


class LogFile:
    """A log that is read from its last lines on. supervisord renames a full one and begins the next."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def last(self, lines: int) -> list[str]:
        """Its last whole lines, at most so many and of MOST_BYTES; reading goes on behind them. None without a file."""
        if not self._open():
            return []
        size = self._file.seek(0, os.SEEK_END) if self._file else 0
        begin = max(0, size - MOST_BYTES)
        found = self._read(begin)
        # The first one is cut where it did not begin with the file.
        return found[1 if begin else 0 :][-lines:]

    def news(self) -> list[str]:
        """The lines that were ended since."""
        if self._file is None:
            return self._read(0) if self._open() else []
        found = self._read(None)
        if self._was_rotated():
            found += self._read(None)
            self._file.close()
            self._file, self._rest = None, b""
            if self._open():
                found += self._read(0)
        return found

    def _open(self) -> bool:
        try:
            self._file = self._path.open("rb")
        except FileNotFoundError:
            return False
        return True

    def _read(self, begin: int | None) -> list[str]:
        if self._file is None:
            return []
        if begin is not None:
            self._file.seek(begin)
        *whole, self._rest = (self._rest + self._file.read()).split(b"\n")
        if len(self._rest) > LONGEST:
            whole, self._rest = [*whole, self._rest], b""
        return [line.decode("utf-8", "backslashreplace") for line in whole]

    def _was_rotated(self) -> bool:
        """Another file has its name now, or it was emptied."""
        if self._file is None:
            return False
        mine = os.fstat(self._file.fileno())
        try:
            named = self._path.stat()
        except FileNotFoundError:
            return False
        return named.st_ino != mine.st_ino or named.st_size < self._file.tell()

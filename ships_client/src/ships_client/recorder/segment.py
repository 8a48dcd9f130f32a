"""One file of the log: records appended at its end, and where its turns stand."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from ships_client.recorder.index import Index, Place
from ships_client.recorder.records import Buffer, Kind, Turn, pack, pack_turn, read, unpack_turn

SUFFIX: Final = ".log"
AHEAD_BYTES: Final = 8 * 2**20
"""Room is taken from the file system in pieces of this size, which makes appending several times as cheap."""
_MOST_BUFFERS: Final = 16
"""In one call; the operating system has a limit."""


class Segment:
    """A segment file, open; named by the number of its first turn. Reading is safe from any thread."""

    def __init__(self, path: Path, fd: int, ahead: int) -> None:
        self.path = path
        self.fd = fd
        self.first_turn = int(path.stem)
        self.synced = 0
        """Bytes of its records that are known to be on the disk."""
        self._ahead = ahead
        self._room = 0
        self._index = Index()
        # Bytes and turns that were appended, set as one: whatever breaks an append off leaves both as they were.
        self._appended = (0, 0)

    @classmethod
    def create(cls, folder: Path, first_turn: int, ahead: int = AHEAD_BYTES) -> Self:
        """A new file, which takes `ahead` bytes of room at a time; raises OSError."""
        path = folder / f"{first_turn:020d}{SUFFIX}"
        return cls(path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644), ahead)

    @classmethod
    def open(cls, path: Path) -> Self:
        """A file that is there; raises OSError. The caller reads its records and calls `took` for each."""
        return cls(path, os.open(path, os.O_RDWR | os.O_CLOEXEC), AHEAD_BYTES)

    def __del__(self) -> None:
        # Not closed by hand: another thread may be reading a segment that has just been trimmed.
        os.close(self.fd)

    @property
    def size(self) -> int:
        """Bytes of its records."""
        return self._appended[0]

    @property
    def next_turn(self) -> int:
        """Number of the turn after its last."""
        return self.first_turn + self._appended[1]

    def write(self, records: Iterable[tuple[Kind, list[Buffer]]]) -> None:
        """Append records other than turns as one write; raises OSError, and then nothing of them is left."""
        self._appended = (self._write(records), self._appended[1])

    def write_turn(self, turn: Turn) -> None:
        """Append the next turn; raises OSError, and then nothing of it is left."""
        end = self._write([(Kind.TURN, pack_turn(turn))])
        self.took(end, turn)

    def took(self, end: int, turn: Turn | None = None) -> None:
        """Count what stands between its size and `end`, a record of the next turn or another, as appended."""
        size, turns = self._appended
        if turn is not None:
            self._index.set(turns, size, turn)
        self._appended = (end, turns + (turn is not None))

    def turn(self, number: int) -> Turn | None:
        """A turn as it stands on the disk; None when its checksum is wrong. Raises OSError."""
        place = self.where(number)
        record = read(self.fd, place.offset, self.size)
        turn = unpack_turn(record.payload) if record and record.kind is Kind.TURN else None
        return turn if turn and turn.number == number and len(turn.numbers) == place.ships else None

    def where(self, number: int) -> Place:
        """Where a turn stands."""
        return self._index[number - self.first_turn]

    def sync(self, size: int) -> None:
        """Have on the disk what was written by the time it was `size` bytes; raises OSError."""
        os.fsync(self.fd)
        self.synced = max(self.synced, size)

    def cut(self) -> None:
        """Give back the room that no record has; raises OSError."""
        os.ftruncate(self.fd, self.size)
        self._room = 0
        self._index.settle()

    def _write(self, records: Iterable[tuple[Kind, list[Buffer]]]) -> int:
        buffers = [buffer for kind, parts in records for buffer in pack(kind, parts, self.synced)]
        end = self.size + sum(len(buffer) for buffer in buffers)
        try:
            self._make_room(end)
            _write_all(self.fd, buffers, self.size, end - self.size)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self.fd, self.size)
            self._room = 0
            raise
        return end

    def _make_room(self, end: int) -> None:
        if end <= self._room or not hasattr(os, "posix_fallocate"):
            return
        # Where it can't be had the write itself tells why, or fits all the same.
        with suppress(OSError):
            os.posix_fallocate(self.fd, self.size, end - self.size + self._ahead)
            self._room = end + self._ahead


def _write_all(fd: int, buffers: list[Buffer], offset: int, total: int) -> None:
    if len(buffers) > _MOST_BUFFERS:
        buffers = [b"".join(buffers)]
    done = os.pwritev(fd, buffers, offset)
    if done < total:
        # A signal or a disk that is nearly full; the rest says which.
        rest = memoryview(b"".join(buffers))
        while done < total:
            done += os.pwrite(fd, rest[done:], offset + done)

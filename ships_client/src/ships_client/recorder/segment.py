"""One file of the log: records appended at its end, and where its turns stand."""

import os
from array import array
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from ships_client.recorder.records import HEAD, TURN_HEAD, Buffer, Kind, Turn, pack, pack_turn, read, unpack_turn

SUFFIX: Final = ".log"
_AHEAD_BYTES: Final = 8 * 2**20
"""Room is taken from the file system in pieces of this size, which makes appending several times as cheap."""


class Segment:
    """A segment file, open; named by the number of its first turn. Reading is safe from any thread."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self.fd = fd
        self.first_turn = int(path.stem)
        self.size = 0
        """Bytes of whole records."""
        self.synced = 0
        """Bytes of them that are known to be on the disk."""
        self._room = 0
        self._offsets = array("q")
        self._counts = array("q")
        self._times = array("q")

    @classmethod
    def create(cls, folder: Path, first_turn: int) -> Self:
        """A new file; raises OSError."""
        path = folder / f"{first_turn:020d}{SUFFIX}"
        return cls(path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644))

    @classmethod
    def open(cls, path: Path) -> Self:
        """A file that is there; raises OSError. The caller reads its records and calls `took` for each."""
        return cls(path, os.open(path, os.O_RDWR | os.O_CLOEXEC))

    def __del__(self) -> None:
        # Not closed by hand: another thread may be reading a segment that has just been trimmed.
        os.close(self.fd)

    @property
    def next_turn(self) -> int:
        """Number of the turn after its last."""
        return self.first_turn + len(self._offsets)

    def write(self, records: Iterable[tuple[Kind, list[Buffer]]]) -> None:
        """Append records as one write; raises OSError, and then nothing of them is left."""
        buffers = [buffer for kind, parts in records for buffer in pack(kind, parts, self.synced)]
        total = sum(len(buffer) for buffer in buffers)
        try:
            self._make_room(self.size + total)
            _write_all(self.fd, buffers, self.size, total)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self.fd, self.size)
            self._room = 0
            raise
        self.size += total

    def write_turn(self, turn: Turn) -> None:
        """Append a turn; raises OSError."""
        start = self.size
        self.write([(Kind.TURN, pack_turn(turn))])
        self.took(start, turn.timestamp_us, len(turn.numbers))

    def took(self, offset: int, timestamp_us: int, n: int) -> None:
        """Remember that the next turn, of n ships, stands at `offset`."""
        self._counts.append(n)
        self._times.append(timestamp_us)
        self._offsets.append(offset)

    def turn(self, number: int) -> Turn | None:
        """A turn as it stands on the disk; None when its checksum is wrong. Raises OSError."""
        offset, n, _ = self.where(number)
        record = read(self.fd, offset, self.size)
        turn = unpack_turn(record.payload) if record and record.kind is Kind.TURN else None
        return turn if turn and turn.number == number and len(turn.numbers) == n else None

    def where(self, number: int) -> tuple[int, int, int]:
        """Offset, ships and time of a turn."""
        index = number - self.first_turn
        return self._offsets[index], self._counts[index], self._times[index]

    def sync(self, size: int) -> None:
        """Have on the disk what was written by the time it was `size` bytes; raises OSError."""
        os.fsync(self.fd)
        self.synced = max(self.synced, size)

    def cut(self) -> None:
        """Give back the room that no record has; raises OSError."""
        os.ftruncate(self.fd, self.size)
        self._room = 0

    def _make_room(self, end: int) -> None:
        if end <= self._room or not hasattr(os, "posix_fallocate"):
            return
        # Where it can't be had the write itself tells why, or fits all the same.
        with suppress(OSError):
            os.posix_fallocate(self.fd, self.size, end - self.size + _AHEAD_BYTES)
            self._room = end + _AHEAD_BYTES


def turn_bytes(n: int, row_bytes: int) -> int:
    """Bytes of the record of a turn of n ships."""
    return HEAD.size + TURN_HEAD.size + n * (8 + row_bytes)


def _write_all(fd: int, buffers: list[Buffer], offset: int, total: int) -> None:
    done = os.pwritev(fd, buffers, offset)
    if done < total:
        # A signal or a disk that is nearly full; the rest says which.
        rest = memoryview(b"".join(buffers))
        while done < total:
            done += os.pwrite(fd, rest[done:], offset + done)

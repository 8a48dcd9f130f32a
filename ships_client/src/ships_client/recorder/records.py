"""Records of the log as bytes: a head with a checksum, and a payload.

Head (32 bytes, little-endian): magic, crc32 of all that follows, bytes of payload, bytes of the segment that were known
to be on the disk when the record was written, kind. A checkpoint is a whole Standing and a note one note, both as
msgpack; a turn is its number, its time and n, then n flight numbers and n rows of state; a seal is empty, and says that
all before it is on the disk.
"""

import os
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct as Layout
from typing import Any, Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ships_client.sim.rows import ROW

MAGIC: Final = b"\x8bHF1"
HEAD: Final = Layout("<4sIQQB7x")
TURN_HEAD: Final = Layout("<QqQ")
NUMBER: Final = Layout("<q")
_NUMBERS: Final = np.dtype(NUMBER.format)
_CHECKED_FROM: Final = 8
"""Offset within the head from which the checksum counts."""

Numbers = NDArray[np.int64]
Rows = NDArray[np.void]
Buffer = bytes | memoryview


class Kind(IntEnum):
    """What a record holds."""

    CHECKPOINT = 1
    NOTE = 2
    TURN = 3
    SEAL = 4


class Record(NamedTuple):
    """A record that was read whole and whose checksum is right; `end` is the offset after it."""

    kind: Kind
    payload: memoryview
    synced: int
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """State of all ships aloft at one turn; row i is the flight numbers[i], ascending. Arrays are read-only."""

    number: int
    timestamp_us: int
    """Microseconds since 1970, UTC."""
    numbers: Numbers
    rows: Rows


def as_turn(number: int, timestamp_us: int, numbers: Numbers, rows: Rows) -> Turn:
    """A turn of these arrays, seen as they are written; raises ValueError when they can't be a turn's."""
    if len(numbers) != len(rows) or not (numbers[1:] > numbers[:-1]).all():
        raise ValueError("A turn takes a row for each flight number, and the numbers ascending.")
    return Turn(number, timestamp_us, _read_only(numbers, _NUMBERS), _read_only(rows, ROW))


def turn_bytes(n: int) -> int:
    """Bytes of the record of a turn of `n` ships."""
    return HEAD.size + rows_at(n) + n * ROW.itemsize


def pack(kind: Kind, parts: list[Buffer], synced: int) -> list[Buffer]:
    """A record to be written, as buffers one after the other."""
    length = sum(len(part) for part in parts)
    head = bytearray(HEAD.pack(MAGIC, 0, length, synced, kind))
    crc = crc32(memoryview(head)[_CHECKED_FROM:])
    for part in parts:
        crc = crc32(part, crc)
    HEAD.pack_into(head, 0, MAGIC, crc, length, synced, kind)
    return [bytes(head), *parts]


def read(fd: int, offset: int, end: int) -> Record | None:
    """The record at `offset` of a file whose bytes go up to `end`; None when no whole one stands there."""
    head = os.pread(fd, HEAD.size, offset)
    if len(head) < HEAD.size:
        return None
    magic, crc, length, synced, kind = HEAD.unpack(head)
    after = offset + HEAD.size + length
    if magic != MAGIC or after > end:
        return None
    payload = os.pread(fd, length, offset + HEAD.size)
    if crc32(payload, crc32(head[_CHECKED_FROM:])) != crc or kind not in Kind.__members__.values():
        return None
    return Record(Kind(kind), memoryview(payload), synced, after)


def pack_turn(turn: Turn) -> list[Buffer]:
    """Payload of a turn."""
    head = TURN_HEAD.pack(turn.number, turn.timestamp_us, len(turn.numbers))
    return [head, turn.numbers.data.cast("B"), turn.rows.view(np.uint8).data]


def unpack_turn(payload: memoryview) -> Turn:
    """The turn of a payload whose checksum is right."""
    number, timestamp_us, n = TURN_HEAD.unpack_from(payload)
    numbers = np.frombuffer(payload, dtype=_NUMBERS, count=n, offset=TURN_HEAD.size)
    rows = np.frombuffer(payload, dtype=ROW, count=n, offset=rows_at(n))
    return Turn(number, timestamp_us, numbers, rows)


def numbers_at() -> int:
    """Offset of the flight numbers within a turn's payload."""
    return TURN_HEAD.size


def rows_at(n: int) -> int:
    """Offset of the rows within the payload of a turn of n ships."""
    return TURN_HEAD.size + n * NUMBER.size


def _read_only(array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    view = np.ascontiguousarray(array, dtype=dtype).view()
    view.flags.writeable = False
    return view

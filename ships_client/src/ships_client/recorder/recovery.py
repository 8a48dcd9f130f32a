"""What lies in a folder, read back: which segments, where the fleet stood, and where the log truly ends."""

import mmap
import os
from dataclasses import dataclass

import msgspec

from ships_client.exceptions import NothingToResume, RecorderDamaged
from ships_client.recorder.folder import Folder, damaged
from ships_client.recorder.notes import VERSION, Note
from ships_client.recorder.records import MAGIC, Kind, Record, Turn, read, unpack_turn
from ships_client.recorder.segment import Segment
from ships_client.recorder.standing import Standing

_notes = msgspec.msgpack.Decoder(Note)
_standings = msgspec.msgpack.Decoder(Standing)


@dataclass(frozen=True, slots=True)
class Found:
    """A log that can be gone on with; at least one segment, oldest first."""

    segments: list[Segment]
    standing: Standing


def recover(folder: Folder) -> Found:
    """Read and check all of the log, and cut what a sudden end left behind its last whole record.

    Raises:
        NothingToResume: there is none, or it had not begun.
        RecorderDamaged: something before its end is wrong.
        OSError: it can't be read or cut.
    """
    segments: list[Segment] = []
    standing: Standing | None = None
    paths = folder.segments()
    for path in paths:
        segment = Segment.open(path)
        latest = _read_segment(segment, last=path == paths[-1])
        if latest is None:
            path.unlink()
            folder.sync()
            continue
        if segments and segment.first_turn != segments[-1].next_turn:
            raise damaged(path, 0, f"turn {segments[-1].next_turn} should begin it, a segment before it is missing")
        segments.append(segment)
        standing = latest
    if standing is None:
        raise NothingToResume(f"There is no flight to resume in {folder.path}; start one without --resume.")
    if standing.header.version != VERSION:
        raise RecorderDamaged(
            f"The log in {folder.path} has format {standing.header.version}, this program reads {VERSION}; "
            "resume it with the version of ships-client that began it."
        )
    return Found(segments, standing)


def _read_segment(segment: Segment, *, last: bool) -> Standing | None:
    """Index a segment's turns; the standing at its end, None when the file holds nothing."""
    end = os.fstat(segment.fd).st_size
    standing: Standing | None = None
    while (record := read(segment.fd, segment.size, end)) is not None:
        standing = _take(segment, record, standing)
    if segment.size < end and (not last or _anything_synced_after(segment, segment.size, end)):
        raise damaged(segment.path, segment.size, "what stands there isn't what was written")
    if standing is None:
        if last:
            return None
        raise damaged(segment.path, 0, "it is empty")
    segment.cut()
    segment.sync(segment.size)
    return standing


def _take(segment: Segment, record: Record, standing: Standing | None) -> Standing:
    """Count the record that stands at the segment's size; the standing after it."""
    turn: Turn | None = None
    try:
        if record.kind is Kind.CHECKPOINT:
            standing = _standings.decode(record.payload)
        elif standing is None:
            raise damaged(segment.path, segment.size, "it doesn't begin with a checkpoint")
        elif record.kind is Kind.NOTE:
            standing.apply(_notes.decode(record.payload))
        elif record.kind is Kind.TURN:
            turn = unpack_turn(record.payload)
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        raise damaged(segment.path, segment.size, f"its record can't be understood: {error}") from None
    if turn is not None and turn.number != segment.next_turn:
        raise damaged(segment.path, segment.size, f"turn {turn.number} stands where {segment.next_turn} should")
    segment.took(record.end, turn)
    return standing


def _anything_synced_after(segment: Segment, offset: int, end: int) -> bool:
    """Whether what stands at `offset` was on the disk once: a later record says so. Else it was never whole."""
    with mmap.mmap(segment.fd, end, access=mmap.ACCESS_READ) as content:
        candidate = content.find(MAGIC, offset + 1)
        while candidate >= 0:
            record = read(segment.fd, candidate, end)
            if record is not None and record.synced > offset:
                return True
            candidate = content.find(MAGIC, candidate + 1)
    return False

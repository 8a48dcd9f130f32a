"""The segments of a log as one: append, roll to the next file, have it on the disk, and trim."""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final, Self

from ships_client.exceptions import NothingToResume, RecorderBusy
from ships_client.recorder.folder import Folder
from ships_client.recorder.records import Kind, Turn, read
from ships_client.recorder.recovery import recover
from ships_client.recorder.segment import AHEAD_BYTES, Segment

_SEGMENTS_AT_LEAST: Final = 8
"""A log whose limit is small has smaller segments, or none could ever be trimmed."""


class Log:
    """Segments, oldest first, of which the last is written. Methods raise OSError when the disk fails.

    One thread at a time may write and trim, as the caller sees to; another may sync meanwhile.
    """

    def __init__(self, folder: Folder, segments: list[Segment], limit_bytes: int, segment_bytes: int) -> None:
        self.segments = segments
        self.limit_bytes = limit_bytes
        self.synced_turn = self.next_turn - 1
        self.error: OSError | None = None
        """Why it couldn't be had on the disk: from then on nothing is promised, for a second try may lie."""
        self._folder = folder
        self._segment_bytes = min(segment_bytes, limit_bytes // _SEGMENTS_AT_LEAST)
        self._syncing = Lock()

    @classmethod
    def begin(cls, folder: Folder, checkpoint: bytes, limit_bytes: int, segment_bytes: int) -> Self:
        """A log without a turn; raises RecorderBusy when an unfinished flight lies there."""
        _make_way(folder)
        return cls(folder, [_begin(folder, 0, checkpoint)], limit_bytes, segment_bytes)

    @property
    def size(self) -> int:
        """Bytes of all records."""
        return sum(segment.size for segment in self.segments)

    @property
    def next_turn(self) -> int:
        """Number of the turn to come."""
        return self.segments[-1].next_turn

    @property
    def last_timestamp_us(self) -> int:
        """Time of the last turn, 0 when there is none."""
        last = self.next_turn - 1
        return self.holding(last, last)[0].where(last).timestamp_us if last >= 0 else 0

    def append(self, turn: Turn, checkpoint: Callable[[], bytes]) -> None:
        """Append a turn; a full segment is left for one that begins with a checkpoint and it."""
        last = self.segments[-1]
        if last.size >= self._segment_bytes and last.next_turn > last.first_turn:
            last.cut()
            # Whoever finds the next segment may take it that this one is whole.
            self.sync()
            last = _begin(self._folder, last.next_turn, checkpoint(), ahead=min(AHEAD_BYTES, self._segment_bytes // 8))
            self.segments.append(last)
        last.write_turn(turn)

    def append_notes(self, notes: Iterable[bytes]) -> None:
        """Append notes as one write."""
        self.segments[-1].write((Kind.NOTE, [note]) for note in notes)

    def sync(self) -> None:
        """Have on the disk what was appended before this call."""
        with self._syncing:
            if self.error is not None:
                raise self.error
            segment = self.segments[-1]
            # In this order: what is counted is within the size.
            turn = segment.next_turn - 1
            size = segment.size
            if segment.synced < size:
                try:
                    segment.sync(size)
                except OSError as error:
                    self.error = error
                    raise
            self.synced_turn = max(self.synced_turn, turn)

    def seal(self) -> None:
        """Have everything on the disk, and a record at the end that says so."""
        self.sync()
        last = self.segments[-1]
        last.write([(Kind.SEAL, [])])
        last.cut()
        self.sync()

    def holding(self, first: int, last: int) -> list[Segment]:
        """The segments that have any of the turns from `first` to `last`."""
        return [s for s in self.segments if s.first_turn <= last and s.next_turn > first]

    def trim(self, turn: int) -> None:
        """Delete the segments whose turns are all before `turn`, but for the last segment."""
        while len(self.segments) > 1 and self.segments[0].next_turn <= turn:
            # Gone already when an interrupt came between this line and the next.
            self.segments[0].path.unlink(missing_ok=True)
            del self.segments[0]

    def remove(self) -> None:
        """Delete all segments, the last of them last: it tells the whole standing, should this be interrupted."""
        for segment in self.segments:
            segment.path.unlink(missing_ok=True)


def _begin(folder: Folder, first_turn: int, checkpoint: bytes, ahead: int = AHEAD_BYTES) -> Segment:
    """A new segment with its checkpoint, on the disk; raises OSError, and then there is none."""
    segment = Segment.create(folder.path, first_turn, ahead)
    try:
        segment.write([(Kind.CHECKPOINT, [checkpoint])])
        segment.sync(segment.size)
        folder.sync()
    except BaseException:
        segment.path.unlink()
        raise
    return segment


def _make_way(folder: Folder) -> None:
    """Raise RecorderBusy when a flight lies in the folder; remove the file of one that had not begun."""
    paths = folder.segments()
    if not paths:
        return
    if len(paths) == 1:
        first = Segment.open(paths[0])
        if read(first.fd, 0, paths[0].stat().st_size) is None:
            try:
                recover(folder)
            except NothingToResume:
                return
    raise RecorderBusy(
        f"An unfinished flight lies in {folder.path}; go on with it by --resume, or remove the folder to give it up."
    )

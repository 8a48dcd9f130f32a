"""The flight recorder: every turn of a fleet, and what became of it, in an append-only log on the disk."""

from collections import deque
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Final, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from ships_client.exceptions import NothingToResume, RecorderBusy, RecorderDamaged, RecorderError, RecorderFull
from ships_client.recorder.folder import Folder, failure
from ships_client.recorder.notes import Header, Note
from ships_client.recorder.records import Kind, Numbers, Rows, Turn, read
from ships_client.recorder.recovery import Found, recover
from ships_client.recorder.segment import Segment, turn_bytes
from ships_client.recorder.standing import Standing
from ships_client.recorder.stretch import stretch
from ships_client.recorder.syncer import Syncer
from ships_client.sim.rows import ROW

LIMIT_BYTES: Final = 2 * 2**30
SEGMENT_BYTES: Final = 64 * 2**20
_NEARLY_FULL: Final = 0.8
_SEGMENTS_AT_LEAST: Final = 8
"""A log whose limit is small has smaller segments, or none could ever be trimmed."""
_TAIL_BYTES: Final = 16 * 2**20
"""Turns kept in memory, at least the last."""

_encode = msgspec.msgpack.Encoder().encode


class Recorder:
    """The log of one process, in a folder of its own.

    One thread appends; notes, reading and trimming may come from any. What was appended is on the disk within about a
    second, sooner at the end of a segment; a process that is killed loses nothing of it, a machine that stops loses
    that second.
    """

    def __init__(self, folder: Folder, found: Found, limit_bytes: int, segment_bytes: int) -> None:
        """Use `create` or `resume`."""
        self._folder = folder
        self._segments = found.segments
        self._limit_bytes = limit_bytes
        self._segment_bytes = min(segment_bytes, limit_bytes // _SEGMENTS_AT_LEAST)
        self._lock = RLock()
        self._tail: deque[Turn] = deque()
        self._tail_bytes = 0
        self._closed = False
        self.standing = found.standing
        """Where the fleet stands; `note` alone changes it."""
        self.last_turn = self._segments[-1].next_turn - 1
        """Number of the last turn, -1 when there is none."""
        self.last_timestamp_us = self.turn(self.last_turn).timestamp_us if self.last_turn >= 0 else 0
        """Its time, 0 when there is none."""
        self.synced_turn = self.last_turn
        """The last turn that is known to be on the disk, -1 when there is none."""
        self._syncer = Syncer(self._sync)

    @classmethod
    def create(
        cls,
        folder: Path,
        header: Header,
        *,
        limit_bytes: int = LIMIT_BYTES,
        segment_bytes: int = SEGMENT_BYTES,
    ) -> Self:
        """Begin a log in `folder`, which is made if need be.

        Raises:
            RecorderBusy: an unfinished flight lies there.
            RecorderHeld: another process has it.
            RecorderError: it can't be written.
        """
        held = Folder(folder, make=True)
        try:
            _make_way(held)
            standing = Standing(header)
            segment = _begin(held, 0, standing)
            return cls(held, Found([segment], standing), limit_bytes, segment_bytes)
        except OSError as error:
            held.release()
            raise failure(folder, error) from None
        except BaseException:
            held.release()
            raise

    @classmethod
    def resume(cls, folder: Path, *, limit_bytes: int = LIMIT_BYTES, segment_bytes: int = SEGMENT_BYTES) -> Self:
        """Go on with the log in `folder`; all of it is read and checked, and a torn last record cut.

        Raises:
            NothingToResume: there is none.
            RecorderHeld: another process has it.
            RecorderDamaged: something before its end is wrong.
            RecorderError: it can't be read or written.
        """
        if not folder.is_dir():
            raise NothingToResume(f"There is no flight to resume in {folder}; start one without --resume.")
        held = Folder(folder, make=False)
        try:
            return cls(held, recover(held), limit_bytes, segment_bytes)
        except OSError as error:
            held.release()
            raise failure(folder, error) from None
        except BaseException:
            held.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def size_bytes(self) -> int:
        """Bytes of the log."""
        with self._lock:
            return sum(segment.size for segment in self._segments)

    @property
    def nearly_full(self) -> bool:
        """Whether four fifths of the limit are used."""
        return self.size_bytes >= _NEARLY_FULL * self._limit_bytes

    def append(self, timestamp_us: int, numbers: Numbers, rows: Rows) -> int:
        """Append a turn and return its number: microseconds since 1970, and for each ship aloft, by ascending flight
        number, a row (ROW). The recorder keeps the arrays: they must not change afterwards.

        Raises:
            RecorderFull: the log would grow beyond its limit, even trimmed.
            RecorderError: it can't be written; nothing of the turn is left in it.
        """
        turn = Turn(self.last_turn + 1, timestamp_us, _frozen(numbers, np.dtype("<i8")), _frozen(rows, ROW))
        if len(numbers) != len(rows) or (len(numbers) > 1 and not (numbers[1:] > numbers[:-1]).all()):
            raise ValueError("a turn takes one row for each flight number, and the numbers ascending")
        with self._lock:
            self._check()
            self._fit(turn_bytes(len(numbers), ROW.itemsize))
            try:
                if self._segments[-1].size >= self._segment_bytes:
                    self._roll()
                self._segments[-1].write_turn(turn)
            except OSError as error:
                raise failure(self._folder.path, error) from None
            self.last_turn, self.last_timestamp_us = turn.number, timestamp_us
            self._remember(turn)
            return turn.number

    def note(self, *notes: Note) -> None:
        """Append notes, as one write, and apply them to the standing. The limit doesn't count for them: they are what
        lets a full log be trimmed.

        Raises:
            RecorderError: they can't be written, and none is applied.
        """
        with self._lock:
            self._check()
            try:
                self._segments[-1].write([(Kind.NOTE, [_encode(note)]) for note in notes])
            except OSError as error:
                raise failure(self._folder.path, error) from None
            for note in notes:
                self.standing.apply(note)

    def turn(self, number: int) -> Turn:
        """A turn that is still in the log.

        Raises:
            RecorderDamaged: it isn't on the disk as it was written.
            RecorderError: it isn't in the log any more, or not yet; or it can't be read.
        """
        with self._lock:
            if self._tail and self._tail[0].number <= number <= self._tail[-1].number:
                return self._tail[number - self._tail[0].number]
            segment = next((s for s in self._segments if s.first_turn <= number < s.next_turn), None)
        if segment is None:
            raise RecorderError(f"Turn {number} isn't in the flight recorder in {self._folder.path}; look no further.")
        try:
            turn = segment.turn(number)
        except OSError as error:
            raise failure(segment.path, error) from None
        if turn is None:
            raise RecorderDamaged(
                f"The flight recorder's file {segment.path} is damaged at byte {segment.where(number)[0]} "
                f"(turn {number}). Put back a copy of it, or remove the folder to give the flight up."
            )
        return turn

    def stretch(self, flight_number: int, first_turn: int, last_turn: int) -> tuple[NDArray[np.int64], Rows]:
        """Times (µs since 1970) and rows (ROW) of one flight, from `first_turn` to `last_turn`, both included, without
        the turns in which it wasn't aloft. Costs a few small reads a turn, whatever the size of the fleet; their
        checksums aren't checked again.

        Raises:
            RecorderError: it can't be read.
        """
        with self._lock:
            segments = [s for s in self._segments if s.first_turn <= last_turn and s.next_turn > first_turn]
        try:
            return stretch(segments, flight_number, first_turn, last_turn)
        except OSError as error:
            raise failure(self._folder.path, error) from None

    def trim(self) -> None:
        """Delete the segments that telemetry and the reports of every open flight have passed."""
        with self._lock:
            if len(self._segments) == 1 or self._segments[0].next_turn > self.standing.acknowledged_turn + 1:
                return
            needed = min(self.standing.acknowledged_turn + 1, self.last_turn)
            if (unreported := self.standing.first_unreported_turn()) is not None:
                needed = min(needed, unreported)
            try:
                while len(self._segments) > 1 and self._segments[0].next_turn <= needed:
                    self._segments[0].path.unlink()
                    del self._segments[0]
            except OSError as error:
                raise failure(self._folder.path, error) from None

    def close(self) -> None:
        """Have everything on the disk and let the folder go; the flight can be resumed.

        Raises:
            RecorderError: the last of it couldn't be had on the disk.
        """
        if self._closed:
            return
        self._syncer.stop()
        with self._lock:
            self._closed = True
            try:
                self._check_synced()
                self._seal()
            except OSError as error:
                raise failure(self._folder.path, error) from None
            finally:
                self._folder.release()

    def finish(self) -> None:
        """Everything is done: remove the log and let the folder go."""
        self._syncer.stop()
        with self._lock:
            self._closed = True
            try:
                # The last one holds the whole standing, so that this can be done again.
                for segment in self._segments:
                    segment.path.unlink(missing_ok=True)
            except OSError as error:
                raise failure(self._folder.path, error) from None
            finally:
                self._folder.release()

    def _check(self) -> None:
        if self._closed:
            raise RecorderError(f"The flight recorder in {self._folder.path} is closed; resume it first.")
        self._check_synced()

    def _check_synced(self) -> None:
        if self._syncer.error is not None:
            raise failure(self._folder.path, self._syncer.error)

    def _fit(self, size: int) -> None:
        if self.size_bytes + size <= self._limit_bytes:
            return
        self.trim()
        if self.size_bytes + size > self._limit_bytes:
            raise RecorderFull(
                f"The flight recorder in {self._folder.path} has reached its limit of {self._limit_bytes / 2**20:.0f} "
                "MiB; see that Kafka, headquarters and the store answer, or raise the limit, then go on with --resume."
            )

    def _roll(self) -> None:
        last = self._segments[-1]
        last.cut()
        # A later segment stands for the whole of those before it.
        self._sync()
        self._segments.append(_begin(self._folder, last.next_turn, self.standing))

    def _sync(self) -> None:
        with self._lock:
            segment, size, turn = self._segments[-1], self._segments[-1].size, self.last_turn
        if segment.synced < size:
            segment.sync(size)
        self.synced_turn = max(self.synced_turn, turn)

    def _seal(self) -> None:
        self._sync()
        last = self._segments[-1]
        last.write([(Kind.SEAL, [])])
        last.cut()
        last.sync(last.size)

    def _remember(self, turn: Turn) -> None:
        self._tail.append(turn)
        self._tail_bytes += turn.rows.nbytes + turn.numbers.nbytes
        while self._tail_bytes > _TAIL_BYTES and len(self._tail) > 1:
            gone = self._tail.popleft()
            self._tail_bytes -= gone.rows.nbytes + gone.numbers.nbytes


def _begin(folder: Folder, first_turn: int, standing: Standing) -> Segment:
    """A new segment with its checkpoint, on the disk; raises OSError, and then there is none."""
    segment = Segment.create(folder.path, first_turn)
    try:
        segment.write([(Kind.CHECKPOINT, [_encode(standing)])])
        segment.sync(segment.size)
        folder.sync()
    except OSError:
        segment.path.unlink()
        raise
    return segment


def _make_way(folder: Folder) -> None:
    """Raise RecorderBusy when a flight lies in the folder; remove the file of one that had not begun."""
    paths = folder.segments()
    if not paths:
        return
    first = Segment.open(paths[0])
    if len(paths) == 1 and read(first.fd, 0, paths[0].stat().st_size) is None:
        try:
            recover(folder)
        except NothingToResume:
            return
    raise RecorderBusy(
        f"An unfinished flight lies in {folder.path}; go on with it by --resume, or remove the folder to give it up."
    )


def _frozen(array: NDArray[np.generic], dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    view = np.ascontiguousarray(array, dtype=dtype).view()
    view.flags.writeable = False
    return view

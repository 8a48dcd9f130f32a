"""The flight recorder: every turn of a fleet, and what became of it, in an append-only log on the disk."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Final, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from ships_client.exceptions import NothingToResume, RecorderError, RecorderFull
from ships_client.recorder.folder import Folder, damaged, failure
from ships_client.recorder.log import Log
from ships_client.recorder.notes import Header, Note
from ships_client.recorder.records import Numbers, Rows, Turn, as_turn, turn_bytes
from ships_client.recorder.recovery import recover
from ships_client.recorder.standing import Standing
from ships_client.recorder.stretch import stretch
from ships_client.recorder.syncer import Syncer
from ships_client.recorder.tail import Tail

LIMIT_BYTES: Final = 2 * 2**30
SEGMENT_BYTES: Final = 64 * 2**20
_NEARLY_FULL: Final = 0.8

_encode = msgspec.msgpack.Encoder().encode


class Recorder:
    """The log of one process, in a folder of its own; `create` or `resume` makes one.

    One thread appends; notes, reading and trimming may come from any. What was appended is on the disk within about a
    second: a process that is killed loses nothing, a machine that stops at most that second.
    """

    def __init__(self, folder: Folder, log: Log, standing: Standing) -> None:
        """Use `create` or `resume`."""
        self._folder = folder
        self._log = log
        self._tail = Tail()
        self._lock = RLock()
        self._closed = False
        self._told = False
        self.standing = standing
        """Where the fleet stands; `note` alone changes it."""
        self._syncer = Syncer(log.sync)

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
        standing = Standing(header)
        with _taken(folder, make=True) as held:
            return cls(held, Log.begin(held, _encode(standing), limit_bytes, segment_bytes), standing)

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
        with _taken(folder, make=False) as held:
            found = recover(held)
            return cls(held, Log(held, found.segments, limit_bytes, segment_bytes), found.standing)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def last_turn(self) -> int:
        """Number of the last turn, -1 when there is none."""
        return self._log.next_turn - 1

    @property
    def last_timestamp_us(self) -> int:
        """Its time, 0 when there is none."""
        with self._lock:
            return self._log.last_timestamp_us

    @property
    def synced_turn(self) -> int:
        """The last turn that is known to be on the disk, -1 when there is none."""
        return self._log.synced_turn

    @property
    def folder(self) -> Path:
        """Where the log lies."""
        return self._folder.path

    @property
    def size_bytes(self) -> int:
        """Bytes of the log."""
        with self._lock:
            return self._log.size

    @property
    def nearly_full(self) -> bool:
        """Whether four fifths of the limit are used."""
        return self.size_bytes >= _NEARLY_FULL * self._log.limit_bytes

    def append(self, timestamp_us: int, numbers: Numbers, rows: Rows) -> int:
        """Append a turn and return its number: its time in µs since 1970, and for each ship aloft, by ascending flight
        number, a row (ROW). The recorder keeps the arrays: they must not change afterwards.

        Raises:
            RecorderFull: the log would grow beyond its limit, even trimmed.
            RecorderError: it can't be written; nothing of the turn is left in it.
        """
        with self._writing():
            turn = as_turn(self._log.next_turn, timestamp_us, numbers, rows)
            self._make_room(turn_bytes(len(numbers)))
            self._log.append(turn, lambda: _encode(self.standing))
            self._tail.add(turn)
            return turn.number

    def note(self, *notes: Note) -> None:
        """Append notes, as one write, and apply them to the standing.

        The limit doesn't count for them: they are what lets a full log be trimmed.

        Raises:
            KeyError: a note is about a flight that isn't open; none is taken.
            RecorderError: they can't be written; none is taken.
        """
        with self._writing():
            self.standing.check(notes)
            self._log.append_notes(_encode(note) for note in notes)
            for note in notes:
                self.standing.apply(note)

    def turn(self, number: int) -> Turn:
        """A turn that is still in the log.

        Raises:
            RecorderDamaged: it isn't on the disk as it was written.
            RecorderError: it isn't in the log any more, or not yet; or it can't be read.
        """
        with self._lock:
            if (recent := self._tail.get(number)) is not None:
                return recent
            holding = self._log.holding(number, number)
        if not holding:
            raise RecorderError(
                f"Turn {number} isn't in the flight recorder in {self._folder.path}; ask for a later one."
            )
        with self._telling():
            turn = holding[0].turn(number)
        if turn is None:
            raise damaged(holding[0].path, holding[0].where(number).offset, f"turn {number} isn't what was written")
        return turn

    def stretch(self, flight_number: int, first_turn: int, last_turn: int) -> tuple[NDArray[np.int64], Rows]:
        """Times (µs since 1970) and rows (ROW) of one flight, from `first_turn` to `last_turn`, both included, without
        the turns in which it wasn't aloft. Costs a few small reads a turn, whatever the size of the fleet; checksums,
        which are those of whole turns, aren't looked at.

        Raises:
            RecorderError: it can't be read.
        """
        with self._lock:
            holding = self._log.holding(first_turn, last_turn)
        with self._telling():
            return stretch(holding, flight_number, first_turn, last_turn)

    def trim(self) -> None:
        """Delete the segments that telemetry and the reports of every open flight have passed.

        Raises:
            RecorderError: they can't be deleted.
        """
        with self._writing():
            # The last turn is what a resumed fleet goes on from.
            passed = min(self.standing.acknowledged_turn + 1, self.last_turn)
            if self._log.segments[0].next_turn <= passed:
                unreported = self.standing.first_unreported_turn()
                self._log.trim(passed if unreported is None else min(passed, unreported))

    def close(self) -> None:
        """Have everything on the disk and let the folder go; the flight can be resumed.

        Raises:
            RecorderError: not everything could be had on the disk, which hadn't been told yet.
        """
        self._leave(self._log.seal)

    def finish(self) -> None:
        """Everything is done: remove the log and let the folder go.

        Raises:
            RecorderError: it can't be removed.
        """
        self._leave(self._remove)

    def _remove(self) -> None:
        self._log.remove()
        self._folder.remove()

    def _leave(self, last: Callable[[], None]) -> None:
        if self._closed:
            return
        self._syncer.stop()
        with self._lock:
            self._closed = True
            try:
                last()
            except OSError as error:
                if not self._told:
                    raise failure(self._folder.path, error) from None
            finally:
                self._folder.release()

    def _make_room(self, size: int) -> None:
        if self._log.size + size <= self._log.limit_bytes:
            return
        self.trim()
        if self._log.size + size > self._log.limit_bytes:
            raise RecorderFull(
                f"The flight recorder in {self._folder.path} has reached its limit of "
                f"{self._log.limit_bytes / 2**20:.0f} MiB; see that Kafka, headquarters and the store answer, "
                "or raise --recorder-limit, then go on with --resume."
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, self._telling():
            if self._closed:
                raise RecorderError(f"The flight recorder in {self._folder.path} is closed; resume it first.")
            if self._log.error is not None:
                raise self._log.error
            yield

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._told = True
            raise failure(self._folder.path, error) from None


@contextmanager
def _taken(path: Path, *, make: bool) -> Iterator[Folder]:
    """The folder, which is let go when what is done with it fails."""
    folder = Folder(path, make=make)
    try:
        yield folder
    except OSError as error:
        folder.release()
        raise failure(path, error) from None
    except BaseException:
        folder.release()
        raise

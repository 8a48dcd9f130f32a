"""The folder of a log: held by one process at a time, and what the operating system's errors mean there."""

import contextlib
import errno
import fcntl
import os
from pathlib import Path
from typing import Final

from ships_client.exceptions import RecorderDamaged, RecorderError, RecorderHeld
from ships_client.recorder.segment import SUFFIX

_REMEDIES: Final = {
    errno.ENOSPC: "free some space there",
    errno.EDQUOT: "free some of your quota there",
    errno.EFBIG: "raise the limit of a file's size (ulimit -f)",
    errno.EROFS: "mount it writable, or choose another folder",
    errno.EIO: "mend its disk, or copy the folder to another",
    errno.EACCES: "give yourself the right to write there, or choose another folder",
    errno.EPERM: "give yourself the right to write there, or choose another folder",
    errno.ENOTDIR: "choose a folder",
    errno.EEXIST: "choose a folder",
}


class Folder:
    """A folder that this process holds until `release`, or its end."""

    def __init__(self, path: Path, *, make: bool) -> None:
        """Take it, making it first if told to.

        Raises:
            RecorderHeld: another process, or another recorder of this one, has it.
            RecorderError: it can't be made or opened.
        """
        self.path = path
        try:
            if make:
                path.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise failure(path, error) from None
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._fd)
            raise RecorderHeld(
                f"The flight recorder in {path} is in use by another process; end that one, or choose another folder."
            ) from None
        except OSError as error:
            os.close(self._fd)
            raise RecorderError(
                f"{path} can't be locked ({error.strerror}); choose a folder on a local disk."
            ) from None

    def segments(self) -> list[Path]:
        """Its segment files, oldest first."""
        return sorted(path for path in self.path.iterdir() if path.suffix == SUFFIX and path.stem.isdecimal())

    def sync(self) -> None:
        """Have on the disk which files there are; raises OSError."""
        os.fsync(self._fd)

    def remove(self) -> None:
        """Remove it, unless something else lies in it; it is held until `release`."""
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def release(self) -> None:
        """Let another process have it."""
        os.close(self._fd)


def failure(path: Path, error: OSError) -> RecorderError:
    """What the operating system's error means for the log at `path`, and what to do about it."""
    remedy = _REMEDIES.get(error.errno or 0, "mend it, or choose another folder")
    return RecorderError(
        f"The flight recorder can't use {path} ({error.strerror or error}); {remedy}, then go on with --resume."
    )


def damaged(path: Path, offset: int, what: str) -> RecorderDamaged:
    """Something before the log's end is wrong."""
    return RecorderDamaged(
        f"The flight recorder's file {path} is damaged at byte {offset} ({what}); "
        "put back a copy of it, or remove the folder to give the flight up."
    )

"""Has what was appended on the disk about once a second, from a thread of its own."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Final

SYNC_S: Final = 1.0


class Syncer:
    """Calls `sync` every second until stopped or until it raises OSError, which whoever made it has kept."""

    def __init__(self, sync: Callable[[], None], period_s: float = SYNC_S) -> None:
        self._sync = sync
        self._period_s = period_s
        self._stop = Event()
        self._thread = Thread(target=self._run, name="recorder-sync", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._period_s):
            try:
                self._sync()
            except OSError:
                return

"""How many may be served at once, so that a few who ask for much don't take the memory of all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from telemetry.history.errors import HistoryBusy


class Places:
    """A number of places; who finds none within `wait_s` is told to come again."""

    def __init__(self, count: int, wait_s: float, what: str) -> None:
        self._count = count
        self._wait_s = wait_s
        self._what = what
        self._free = threading.BoundedSemaphore(count)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place.

        Raises:
            HistoryBusy: there is none.
        """
        if not self._free.acquire(timeout=self._wait_s):
            raise HistoryBusy(f"{self._count} {self._what} are under way, and no more run at once; ask again later.")
        try:
            yield
        finally:
            self._free.release()

"""Whose turn it is, and answers that are kept for a moment, in one web process."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from radar.replay.errors import ReplayBusy


class Turns:
    """One question a person at a time, and `places` in all; who finds none within `wait_s` is told to come again."""

    def __init__(self, places: int, wait_s: float) -> None:
        self._places = places
        self._wait_s = wait_s
        self._asking: set[str] = set()
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, who: str) -> Iterator[None]:
        """Hold a turn.

        Raises:
            ReplayBusy: there is none.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._free(who), self._wait_s):
                own = who in self._asking
                raise ReplayBusy(
                    "Another question of yours to the record is being answered; ask again in a moment."
                    if own
                    else f"{self._places} questions to the record are being answered, and no more run at once; ask"
                    " again in a moment."
                )
            self._asking.add(who)
        try:
            yield
        finally:
            with self._changed:
                self._asking.discard(who)
                self._changed.notify_all()

    def _free(self, who: str) -> bool:
        return who not in self._asking and len(self._asking) < self._places


class Kept:
    """Answers of the last `seconds`, at most `most` bytes of them."""

    def __init__(self, seconds: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._held: OrderedDict[Hashable, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        """The answer, while it is young enough."""
        with self._lock:
            made, answer = self._held.get(key, (0.0, None))
            return answer if self._clock() - made < self._seconds else None

    def put(self, key: Hashable, answer: bytes) -> None:
        """Keep an answer; the oldest go first."""
        with self._lock:
            self._held.pop(key, None)
            self._held[key] = (self._clock(), answer)
            while sum(len(one) for _made, one in self._held.values()) > self._most:
                self._held.popitem(last=False)

"""Work that waits for the network, off the flight's clock: a few threads, each flight's errands one after the other."""

from collections import deque
from collections.abc import Callable, Hashable
from threading import Condition, Thread

Errand = Callable[[], None]


class Errands:
    """Runs errands in daemon threads, in order within a key.

    An errand tells its end itself. One that raises has a fault, which `crashed` gets; the thread goes on.
    """

    def __init__(self, crashed: Callable[[Exception], None], threads: int = 8) -> None:
        self._crashed = crashed
        self._changed = Condition()
        self._queues: dict[Hashable, deque[Errand]] = {}
        self._ready: deque[Hashable] = deque()
        self._running: set[Hashable] = set()
        for number in range(threads):
            Thread(target=self._work, name=f"errands-{number}", daemon=True).start()

    def submit(self, key: Hashable, errand: Errand) -> None:
        """Run `errand` after all earlier ones of `key`."""
        with self._changed:
            queue = self._queues.setdefault(key, deque())
            queue.append(errand)
            if len(queue) == 1 and key not in self._running:
                self._ready.append(key)
                self._changed.notify()

    def drop_waiting(self) -> None:
        """Forget all errands that haven't begun."""
        with self._changed:
            self._queues.clear()
            self._ready.clear()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._ready:
                    self._changed.wait()
                key = self._ready.popleft()
                errand = self._queues[key].popleft()
                self._running.add(key)
            try:
                errand()
            except Exception as error:
                self._crashed(error)
            with self._changed:
                self._running.discard(key)
                if self._queues.get(key):
                    self._ready.append(key)
                    self._changed.notify()
                else:
                    self._queues.pop(key, None)

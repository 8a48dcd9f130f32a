"""Events, the fleet's status and its summary as JSON, one a line; `line` says which it is."""

import time
from typing import Final, TextIO

import msgspec

from ships_client.client import Event, Fleet, Status, Summary

_EVERY_S: Final = 1.0


class JsonLines:
    """Writes to `out`, flushed line by line; a status about once a second."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._next = 0.0

    def __call__(self, event: Event) -> None:
        """Write an event."""
        self._write(event)

    def draw(self, fleet: Fleet) -> None:
        """Write how the fleet does."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY_S
            self._write(fleet.status())

    def show(self, status: Status) -> None:
        """Write how several fleets together do."""
        self._write(status)

    def finish(self, summary: Summary) -> None:
        """Write the summary."""
        self._write(summary)

    def close(self) -> None:
        """Nothing more will come."""

    def _write(self, what: Event | Status | Summary) -> None:
        self._out.write(msgspec.json.encode(what).decode() + "\n")
        self._out.flush()

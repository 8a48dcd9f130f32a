"""Events as sentences, one a line with its time, for logs and pipes."""

import time
from datetime import UTC, datetime
from typing import Final, TextIO

from ships_client.client import Event, Fleet, Kind, Status, Summary
from ships_client.output.sentences import status_sentence, summary_sentence

_EVERY_S: Final = 10.0
_FEW: Final = 50
"""Ships of which each one is told; of more, only how all do and what goes wrong."""
_OF_ONE_SHIP: Final = (Kind.LAUNCHED, Kind.REPORT, Kind.ENDED, Kind.COMPLETED)


class PlainLines:
    """Writes to `out`, and what needs a person to `err`; flushed line by line. A status line every ten seconds."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out = out
        self._err = err
        self._next = time.monotonic() + _EVERY_S
        self._launched = 0

    def __call__(self, event: Event) -> None:
        """Write an event."""
        self._launched += event.kind is Kind.LAUNCHED
        if self._launched > _FEW and event.kind in _OF_ONE_SHIP:
            return
        out = self._err if event.kind in (Kind.TROUBLE, Kind.WAITING) else self._out
        out.write(f"{event.at:%H:%M:%S} {event.text}\n")
        out.flush()

    def draw(self, fleet: Fleet) -> None:
        """Write how the fleet does."""
        if time.monotonic() >= self._next:
            self.show(fleet.status())

    def show(self, status: Status) -> None:
        """Write how several fleets together do."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY_S
            self._out.write(f"{datetime.now(UTC):%H:%M:%S} {status_sentence(status)}\n")
            self._out.flush()

    def finish(self, summary: Summary) -> None:
        """Write the totals."""
        self._out.write(summary_sentence(summary) + "\n")
        self._out.flush()

    def close(self) -> None:
        """Nothing more will come."""

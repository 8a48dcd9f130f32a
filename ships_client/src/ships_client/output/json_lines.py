"""Events as JSON, one a line, and the summary as the last line."""

from typing import TextIO

import msgspec

from ships_client.client import Event, Summary


class JsonLines:
    """Writes to `out`, flushed line by line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __call__(self, event: Event) -> None:
        """Write an event."""
        self._write(event)

    def finish(self, summary: Summary) -> None:
        """Write the summary."""
        self._write(summary)

    def _write(self, what: Event | Summary) -> None:
        self._out.write(msgspec.json.encode(what).decode() + "\n")
        self._out.flush()

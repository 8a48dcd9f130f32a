"""How far one browser is: what it was sent, what it has acknowledged, and what comes next. Pure."""

from typing import Final

from radar.replica import Replica
from radar.wire import Beat, FrameOut, encode

WINDOW: Final = 3
"""Frames and beats under way at once; a browser that needs longer gets the newest state when it is ready."""
SILENCE_S: Final = 30.0
"""A browser that acknowledges nothing for so long is let go."""
BEAT_S: Final = 1.5
"""Without a frame for so long, the web process says that it is there; the radar sends one a second at least."""


class Session:
    """The window of one socket. Its memory is a few numbers, however slow the browser is.

    `merged` counts the frames that were left out because a newer one held them.
    """

    def __init__(self, replica: Replica, now: float) -> None:
        self.heard = now
        self.merged = 0
        self._replica = replica
        self._sent = 0
        self._message = 0
        self._acknowledged = 0
        self._said = now

    def acknowledge(self, message: int, now: float) -> bool:
        """The browser has worked off everything up to `message`; false for one that was never sent."""
        if not self._acknowledged <= message <= self._message:
            return False
        self._acknowledged = message
        self.heard = now
        return True

    def expired(self, now: float) -> bool:
        """Whether the browser has been silent for too long."""
        return now - self.heard > SILENCE_S

    def next(self, now: float, clock_ms: int) -> bytes | None:
        """The next message for this browser, or None while there is nothing to say or the window is full."""
        if self._message - self._acknowledged >= WINDOW:
            return None
        if self._replica.version > self._sent:
            return self._frame(now, clock_ms)
        if now - self._said >= BEAT_S:
            return self._beat(now, clock_ms)
        return None

    def _frame(self, now: float, clock_ms: int) -> bytes:
        last = self._replica.last
        if last is None:
            raise AssertionError("A replica with a version has a frame.")
        update = self._replica.since(self._sent)
        merged = max(0, self._replica.version - self._sent - 1) if self._sent else 0
        self.merged += merged
        self._sent = self._replica.version
        self._message += 1
        self._said = now
        return encode(
            FrameOut(
                n=self._message,
                base=0 if update.full else self._message - 1,
                full=update.full,
                now=clock_ms,
                made=last.made,
                newest=last.newest,
                source=last.source,
                counts=last.counts,
                ships=update.ships,
                gone=update.gone,
                events=update.events,
                merged=merged,
            )
        )

    def _beat(self, now: float, clock_ms: int) -> bytes:
        self._message += 1
        self._said = now
        last = self._replica.last
        return encode(Beat(n=self._message, now=clock_ms, made=last.made if last else None))

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
    """The window of one socket. Its memory is a few numbers and names, however slow the browser is.

    `merged` counts the frames that were left out because a newer one held them. `pause` is the least time between two
    frames, in s.
    """

    def __init__(self, replica: Replica, now: float) -> None:
        self.heard = now
        self.merged = 0
        self.pause = 0.0
        self.watched: dict[str, int] = {}
        self._replica = replica
        self._sent = 0
        self._message = 0
        self._acknowledged = 0
        self._said = now
        self._framed = now - BEAT_S

    def acknowledge(self, message: int, now: float) -> bool:
        """The browser has worked off everything up to `message`; false for one that was never sent."""
        if not self._acknowledged <= message <= self._message:
            return False
        self._acknowledged = message
        self.heard = now
        return True

    def watch(self, ships: list[str]) -> None:
        """From now on send the readings of these ships, beginning with their newest, and of no others."""
        self.watched = {ship: self.watched.get(ship, 0) for ship in ships}

    def expired(self, now: float) -> bool:
        """Whether the browser has been silent for too long."""
        return now - self.heard > SILENCE_S

    def wait(self, now: float) -> float:
        """Seconds until `next` may have something to say without being woken."""
        if not self.open:
            return BEAT_S
        due = self._said + BEAT_S
        # Without a pause of its own, a browser is woken when its turn has come.
        if self.pause and self._replica.version > self._sent:
            due = min(due, self._framed + self.pause)
        return max(0.0, due - now)

    def next(self, now: float, clock_ms: int) -> bytes | None:
        """The next message for this browser, or None while there is nothing to say or the window is full."""
        if not self.open:
            return None
        if self._replica.version > self._sent and now - self._framed >= self.pause:
            return self._frame(now, clock_ms)
        if now - self._said >= BEAT_S:
            return self._beat(now, clock_ms)
        return None

    @property
    def open(self) -> bool:
        """Whether more may be sent before the browser acknowledges what is under way."""
        return self._message - self._acknowledged < WINDOW

    def _frame(self, now: float, clock_ms: int) -> bytes:
        last = self._replica.last
        if last is None:
            raise AssertionError("A replica with a version has a frame.")
        update = self._replica.since(self._sent)
        merged = max(0, self._replica.version - self._sent - 1) if self._sent else 0
        self.merged += merged
        self._sent = version = self._replica.version
        self._message += 1
        self._said = self._framed = now
        read = [raw for ship, told in self.watched.items() for raw in self._replica.read_since(told, [ship])]
        self.watched = dict.fromkeys(self.watched, version)
        return encode(
            FrameOut(
                n=self._message,
                full=update.full,
                now=clock_ms,
                made=last.made,
                newest=last.newest,
                source=last.source,
                counts=last.counts,
                facts=update.facts,
                records=update.records,
                gone=update.gone,
                events=update.events,
                readings=read,
                merged=merged,
            )
        )

    def _beat(self, now: float, clock_ms: int) -> bytes:
        self._message += 1
        self._said = now
        last = self._replica.last
        return encode(Beat(n=self._message, now=clock_ms, made=last.made if last else None))

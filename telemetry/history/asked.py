"""What is asked of a mission's history: which span of time, which columns, how many points. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from telemetry.history.errors import HistoryInvalid

SLACK: Final = timedelta(days=1)
"""How far outside of its mission's times a message is looked for: a ship's clock may be wrong, and its last messages
may come after headquarters gave it up. Days are the lake's partitions, so that less would save nothing."""

ROWS_A_SLICE: Final = 50_000
"""What is held in memory at once, about 10 MB with all columns."""
ROWS_A_SECOND: Final = 1.0
"""Of a ship that numbers no message, to plan by."""


@dataclass(frozen=True)
class Flight:
    """What the registry knows of a mission; last_seq and last_at None before its first message."""

    mission_id: int
    ship: str
    started_at: datetime
    finished_at: datetime | None
    last_seq: int | None
    last_at: datetime | None


@dataclass(frozen=True)
class Span:
    """From `begin` up to, and without, `end` (aware)."""

    begin: datetime
    end: datetime

    def slices(self, flown: Span, rows: float) -> list[Span]:
        """The span cut so that each slice has about ROWS_A_SLICE rows, of the `rows` of all that is `flown`."""
        count = math.ceil(rows / ROWS_A_SLICE) or 1
        cuts = (flown.begin + (flown.end - flown.begin) * number / count for number in range(1, count))
        edges = [self.begin, *(cut for cut in cuts if self.begin < cut < self.end), self.end]
        return [Span(begin, end) for begin, end in pairwise(edges)]


def moment(name: str, text: str | None) -> datetime | None:
    """The time that a parameter tells, in UTC; None without a text.

    Raises:
        HistoryInvalid: it is not ISO 8601, or lacks its zone.
    """
    if text is None:
        return None
    try:
        # A plus sign that was not encoded comes as a space.
        told = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text)
        zoned = told.tzinfo is not None
        told = told.astimezone(UTC) if zoned else told
    except (ValueError, OverflowError):
        zoned = False
    if not zoned:
        shown = text if len(text) <= 40 else text[:40] + "…"
        raise HistoryInvalid(
            f"{name} is {shown!r}; it must be a time with its zone in ISO 8601, such as 2026-11-25T08:00:00Z."
        )
    return told


def span(flight: Flight, begin: datetime | None, end: datetime | None, now: datetime) -> Span:
    """The span that is asked for, as far as the mission can have messages in it.

    Raises:
        HistoryInvalid: it ends before it begins.
    """
    if begin is not None and end is not None and begin >= end:
        raise HistoryInvalid(f"from ({begin.isoformat()}) must be earlier than to ({end.isoformat()}).")
    known = flown(flight, now)
    possible = Span(known.begin - SLACK, known.end + SLACK)
    first = max(begin or possible.begin, possible.begin)
    return Span(first, max(first, min(end or possible.end, possible.end)))


def flown(flight: Flight, now: datetime) -> Span:
    """From when to when the registry knows the mission in flight."""
    ends = (flight.finished_at or now, flight.last_at)
    return Span(flight.started_at, max(time for time in ends if time is not None))


def rows_expected(flight: Flight, now: datetime) -> float:
    """About how many messages the whole mission has."""
    if flight.last_seq is not None:
        return flight.last_seq + 1
    whole = flown(flight, now)
    return (whole.end - whole.begin).total_seconds() * ROWS_A_SECOND

"""Runs of messages without a gap, and the gaps between them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Came(StrEnum):
    """How the messages of a run came: in time, more than LATE after their time, or to Kafka and not yet to the lake."""

    IN_TIME = "in_time"
    LATE = "late"
    ARRIVING = "arriving"


@dataclass(frozen=True, slots=True)
class Run:
    """Messages `first` to `last`, all of them there; times are the ship's, `delay_s` the longest way to the broker."""

    first: int
    last: int
    began: dt.datetime
    ended: dt.datetime
    came: Came = Came.IN_TIME
    delay_s: float = 0.0

    @property
    def count(self) -> int:
        """How many messages."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages `first` to `last`, none of them there, and the time between those around them.

    `first` and `last` are None where messages have no number; with `arriving` they may be on their way to the lake.
    """

    first: int | None
    last: int | None
    since: dt.datetime
    until: dt.datetime
    arriving: bool = False

    @property
    def count(self) -> int | None:
        """How many messages; None where they have no number."""
        return None if self.first is None or self.last is None else self.last - self.first + 1


def gaps_between(
    runs: Sequence[Run], *, highest: int | None, start: dt.datetime, end: dt.datetime, behind: bool = False
) -> list[Gap]:
    """What is missing of 0 to `highest`, in order; `runs` are in the order of their numbers and don't overlap.

    `start` and `end` bound the time of a gap before the first and after the last message. With `behind` the last of
    these may be on its way.
    """
    gaps: list[Gap] = []
    expected, since = 0, start
    for run in runs:
        if run.first > expected:
            gaps.append(_gap(expected, run.first - 1, since, run.began))
        expected, since = run.last + 1, run.ended
    if highest is not None and highest >= expected:
        gaps.append(_gap(expected, highest, since, end, arriving=behind))
    return gaps


def silences_between(runs: Sequence[tuple[dt.datetime, dt.datetime]]) -> list[Gap]:
    """Gaps between stretches of messages that have no number, by their times alone."""
    return [_gap(None, None, before[1], after[0]) for before, after in pairwise(runs)]


def merged(held: Sequence[Run], arriving: Iterable[tuple[int, dt.datetime]]) -> list[Run]:
    """Runs of the lake, and between and after them those of messages that only Kafka holds."""
    there = list(held)
    runs: list[Run] = []
    place = 0
    for seq, at in sorted(dict(sorted(arriving, reverse=True)).items()):
        while place < len(there) and there[place].last < seq:
            runs.append(there[place])
            place += 1
        if place < len(there) and there[place].first <= seq:
            continue
        if runs and runs[-1].came is Came.ARRIVING and runs[-1].last == seq - 1:
            runs[-1] = Run(runs[-1].first, seq, runs[-1].began, at, Came.ARRIVING)
        else:
            runs.append(Run(seq, seq, at, at, Came.ARRIVING))
    return runs + there[place:]


def _gap(first: int | None, last: int | None, since: dt.datetime, until: dt.datetime, *, arriving: bool = False) -> Gap:
    """A ship's clock may have been set back in between; a time range runs forward all the same."""
    return Gap(first, last, min(since, until), max(since, until), arriving)

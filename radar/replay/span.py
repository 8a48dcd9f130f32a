"""What can be replayed: how far the record goes back, how far it has come, where it has gaps, and what stands out."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from missions import selectors
from radar.replay.minutes import MINUTE_MS, Mark, Minute, minutes, repairs
from radar.replay.rows import Record, time_of

BINS: Final = 120
MARK_BINS: Final = 60
MOST_FAILURES: Final = 2_000
MOST_GAPS: Final = 100


class Gap(NamedTuple):
    """A stretch of which messages are missing: its ends (ms), and how many where their numbers tell, else None."""

    begin: int
    end: int
    missing: int | None


class Span(NamedTuple):
    """All of it; `bars` are messages in equal parts of the time from `begin` to `now`. Times are ms since 1970."""

    now: int
    begin: int
    earliest: int | None
    latest: int | None
    bars: list[int]
    marks: list[Mark]
    gaps: list[Gap]


def span(record: Record, now: int, back: int, latest: int | None) -> Span:
    """The last `back` ms.

    Raises:
        LakeQueryError: the lake does not answer, or not within its limits.
    """
    begin = now - back
    found = minutes(record, begin - begin % MINUTE_MS)
    earliest = max(begin, found[0].begin) if found else None
    reach = max(latest or 0, found[-1].last if found else 0) or None
    marks = [*repairs(record, begin, back // MARK_BINS), *failures(begin, back // MARK_BINS)]
    shown = [mark for mark in marks if begin <= mark.at <= now]
    shown.sort(key=lambda mark: mark.at)
    return Span(now, begin, earliest, reach, bars(found, begin, back), shown, gaps(found))


def bars(found: Sequence[Minute], begin: int, back: int) -> list[int]:
    """Messages of each of BINS parts; a minute that spans several is spread over them."""
    parts = [0.0] * BINS
    width = back / BINS
    for minute in found:
        first = (minute.begin - begin) / width
        share = MINUTE_MS / width
        for part in range(max(0, int(first)), min(BINS, int(first + share) + 1)):
            overlap = min(part + 1, first + share) - max(part, first)
            parts[part] += minute.messages * max(0.0, overlap) / share
    return [round(part) for part in parts]


def failures(begin: int, bin_ms: int) -> list[Mark]:
    """Failed missions since `begin` (ms), the newest of each bin."""
    marks: dict[int, Mark] = {}
    for names in selectors.missions_failed(time_of(begin), MOST_FAILURES):
        at = int(names.finished_at.timestamp() * 1000) if names.finished_at else begin
        place = (at - begin) // bin_ms
        before = marks.get(place)
        if before is None:
            marks[place] = Mark(at, "failure", names.ship_name, names.mission_id, 1)
        else:
            marks[place] = before._replace(many=before.many + 1)
    return list(marks.values())


def gaps(found: Sequence[Minute]) -> list[Gap]:
    """Minutes that lack messages by their numbers, and those without any while a ship flew; the longest, in order."""
    by_number = [Gap(minute.begin, minute.begin + MINUTE_MS, minute.missing) for minute in found if minute.missing]
    ends = ((before.begin + MINUTE_MS, after.begin) for before, after in pairwise(found))
    silent = sorted((end - begin, begin, end) for begin, end in ends if begin < end)[-MOST_GAPS:]
    silences = [
        Gap(begin, end, None)
        for _length, begin, end in silent
        if selectors.any_flew_throughout(time_of(begin), time_of(end))
    ]
    longest = sorted([*_joined(by_number), *silences], key=lambda gap: gap.end - gap.begin)[-MOST_GAPS:]
    return sorted(longest)


def _joined(found: list[Gap]) -> list[Gap]:
    """Gaps that touch each other as one."""
    joined: list[Gap] = []
    for gap in found:
        if joined and joined[-1].end == gap.begin:
            before = joined.pop()
            gap = Gap(before.begin, gap.end, (before.missing or 0) + (gap.missing or 0))
        joined.append(gap)
    return joined

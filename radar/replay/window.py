"""One window of the record, from the lake's rows and the registry's names to the bytes that the page reads."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from missions import selectors
from radar.honesty import LOST_MS
from radar.registry import mission_of
from radar.replay.asked import Window
from radar.replay.errors import ReplayTooLarge
from radar.replay.flights import flights
from radar.replay.rows import Record, Rows, time_of
from radar.replay.states import facts, moments, named, steps_until
from radar.replay.told import told
from radar.tracks import FORGET_SILENT_MS, KEEP_MS, Mission
from radar.wire import Replay, encode

MOST_ROWS: Final = 600_000
"""Messages of one window, some 40 MB while it is made."""
LATEST_BACK_MS: Final = 300_000
KEEP_LONGEST_MS: Final = max(KEEP_MS.values())


def window_answer(record: Record, window: Window, latest: int | None) -> bytes:
    """The window as it is sent, as far as the record reaches; `latest` None where it is whole.

    Raises:
        ReplayTooLarge: it holds too many messages.
        LakeQueryError: the lake does not answer, or not within its limits.
    """
    until = window.end if latest is None else min(latest, window.end)
    rows = record.between(window.begin - LOST_MS, window.end, MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise ReplayTooLarge(
            f"The window holds more than {MOST_ROWS:,} messages; ask for fewer seconds than"
            f" {window.count * window.step // 1000}."
        )
    known = _known(window, rows)
    rows = rows.joined(_silent(record, window, rows, known))
    flown = flights(rows, known, until)
    count = steps_until(window, until)
    return encode(
        Replay(
            begin=window.begin,
            step=window.step,
            until=until,
            facts=facts(flown, known),
            moments=moments(flown, known, window, count),
            events=told(flown, known, window.begin - LOST_MS, until),
        )
    )


def _known(window: Window, rows: Rows) -> dict[int, Mission]:
    """The missions that may be shown in the window, and those that have a message in it."""
    flown = selectors.missions_between(
        time_of(window.begin - KEEP_LONGEST_MS),
        time_of(window.end),
        heard_since=time_of(window.begin - FORGET_SILENT_MS),
    )
    known = named([mission_of(names) for names in flown])
    others = set(np.unique(rows.mission).tolist()) - known.keys()
    found = selectors.missions_by_ids(others) if others else {}
    return known | named([mission_of(names) for names in found.values()])


def _silent(record: Record, window: Window, rows: Rows, known: Mapping[int, Mission]) -> Rows:
    """The last messages of missions that are shown at the beginning, but said nothing shortly before it."""
    heard = set(np.unique(rows.mission[rows.at <= window.begin]).tolist())
    sought = sorted(number for number in _still_shown(window.begin, known.values()) if number not in heard)
    if not sought:
        return rows.take(np.empty(0, np.int64))
    return record.newest_of(sought, window.begin - FORGET_SILENT_MS, window.begin - LOST_MS)


def _still_shown(begin: int, missions: Iterable[Mission]) -> Iterable[int]:
    for mission in missions:
        if mission.ended is None or mission.ended > begin - KEEP_MS.get(mission.status, 0):
            yield mission.mission_id

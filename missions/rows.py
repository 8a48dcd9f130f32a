"""A row of the list: a mission, what is derived of it, and what other apps tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from missions import told
from missions.models import Mission
from missions.route import RouteBar, route_bar

LIVE: Final = timedelta(seconds=5)
"""No ship is live whose last message is older; the radar's rule."""
LOST: Final = timedelta(seconds=60)
"""From here on the signal is lost; the radar's rule."""
BAR: Final = 74.0
"""Width of the bar of messages."""


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages kept of those sent, with the bar's width; `total` is null while the mission runs."""

    kept: int
    total: int | None

    @property
    def short(self) -> bool:
        """Whether some are missing."""
        return self.total is not None and self.kept < self.total

    @property
    def width(self) -> float:
        """How much of the bar is filled; less than whole is seen to be."""
        if not self.total:
            return BAR
        share = min(self.kept / self.total, 1.0)
        return round(min(BAR * share, BAR - 3.0) if self.short else BAR, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """What the list shows of a mission.

    `link` is live, late, lost, silent (no message yet) or ended; `age` that of the last message; `duration` so far.
    """

    mission: Mission
    facts: told.RowFacts
    route: RouteBar | None
    link: str
    age: timedelta | None
    duration: timedelta
    messages: Messages | None


def rows(missions: Sequence[Mission], now: datetime) -> list[Row]:
    """The rows of these missions; what other apps tell is asked once for all of them."""
    facts = told.rows([mission.mission_id for mission in missions]) if missions else {}
    return [_row(mission, facts.get(mission.mission_id, told.RowFacts()), now) for mission in missions]


def _row(mission: Mission, facts: told.RowFacts, now: datetime) -> Row:
    last = mission.last_message_at
    age = None if last is None else max(now - last, timedelta())
    return Row(
        mission=mission,
        facts=facts,
        route=route_bar(mission.target, mission.phase, mission.last_seq),
        link=_link(mission, age),
        age=age,
        duration=max((mission.finished_at or now) - mission.started_at, timedelta()),
        messages=_messages(mission, facts),
    )


def _link(mission: Mission, age: timedelta | None) -> str:
    if not mission.is_running:
        return "ended"
    if age is None:
        return "silent"
    if age <= LIVE:
        return "live"
    return "late" if age < LOST else "lost"


def _messages(mission: Mission, facts: told.RowFacts) -> Messages | None:
    """What the warehouse holds once its marts are built; before, what the ship's stream told."""
    if facts.ticks is not None and facts.expected:
        return Messages(facts.ticks, facts.expected)
    if mission.last_seq is None:
        return None if mission.final_seq is None else Messages(0, mission.final_seq + 1)
    return Messages(mission.last_seq + 1, None if mission.final_seq is None else mission.final_seq + 1)

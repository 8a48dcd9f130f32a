"""What the lake holds of a mission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from missions.models import Mission
from ships_client.contracts import Phase
from ships_client.contracts.telemetry import FURTHEST_AHEAD, OLDEST
from telemetry.lake import LakeAccess, LakeEmpty, Limits, query

from .runs import Came, Run
from .statement import MOST_RUNS, statement

LIMITS: Final = Limits(rows=3 * MOST_RUNS + 100, seconds=20)
MARGIN: Final = dt.timedelta(hours=1)
"""How far a ship's clock is looked for before its mission began and after it ended; further only when messages lack."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A phase or a repair: which, and from when to when by the ship's clock."""

    label: str
    began: dt.datetime
    ended: dt.datetime


@dataclass(slots=True)
class LakeHolds:
    """Messages of one mission in telemetry.raw.

    Attributes:
        rows: all of them; those that came twice count twice.
        with_seq: those with a number; `without_seq` the others, of contract version 1.
        different: different numbers; `lowest` and `highest` of them.
        gaps: how many gaps there are below the highest.
        late: messages that came late at first, and `delay_s`, the longest way of one, in s.
        in_kafka: rows whose messages Kafka holds as well.
        runs: stretches of numbers without a gap, at most MOST_RUNS; `stretches` of messages without a number.
    """

    rows: int = 0
    with_seq: int = 0
    different: int = 0
    lowest: int | None = None
    highest: int | None = None
    began: dt.datetime | None = None
    ended: dt.datetime | None = None
    gaps: int = 0
    late: int = 0
    delay_s: float = 0.0
    in_kafka: int = 0
    runs: list[Run] = field(default_factory=list)
    stretches: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)
    phases: list[Stretch] = field(default_factory=list)
    repairs: list[Stretch] = field(default_factory=list)

    @property
    def without_seq(self) -> int:
        """Messages without a number."""
        return self.rows - self.with_seq

    @property
    def sent_again(self) -> int:
        """Rows beyond the first of a number."""
        return self.with_seq - self.different

    @property
    def cut(self) -> bool:
        """Whether there are more runs than are told one by one."""
        return len(self.runs) >= MOST_RUNS


def lake_holds(mission: Mission, *, sent: int | None, oldest: Mapping[int, int], now: dt.datetime) -> LakeHolds:
    """Ask the lake; `sent` is the highest number that the ship told, `oldest` as for `statement`.

    Raises:
        LakeQueryError: the lake does not answer, or not in time.
    """
    since = mission.started_at - MARGIN
    last = max(time for time in (mission.finished_at, mission.last_message_at, mission.started_at) if time)
    until = now + FURTHEST_AHEAD if mission.is_running else last + MARGIN
    held = _asked(mission.mission_id, since, until, oldest)
    if sent is None or held.different <= sent:
        # A ship's clock may be as wrong as the contract lets it be; that is looked at only when something lacks.
        held = _asked(mission.mission_id, mission.started_at - OLDEST, now + FURTHEST_AHEAD, oldest)
    return held


def _asked(mission_id: int, since: dt.datetime, until: dt.datetime, oldest: Mapping[int, int]) -> LakeHolds:
    try:
        result = query(statement(mission_id, since, until, oldest), limits=LIMITS, access=LakeAccess.from_settings())
    except LakeEmpty:
        return LakeHolds()
    names = [name for name, _ in result.columns]
    return lake_holds_read(dict(zip(names, row, strict=True)) for row in result.rows)


def lake_holds_read(rows: Iterable[Mapping[str, Any]]) -> LakeHolds:
    """What the rows of the statement say."""
    held = LakeHolds()
    for row in rows:
        _KINDS[row["kind"]](held, row)
    held.runs.sort(key=lambda run: run.first)
    held.stretches.sort()
    held.phases.sort(key=lambda phase: list(Phase).index(Phase(phase.label)))
    held.repairs.sort(key=lambda repair: repair.began)
    return held


def _total(held: LakeHolds, row: Mapping[str, Any]) -> None:
    held.rows, held.with_seq, held.different = row["rows"], row["with_seq"], row["different"]
    held.lowest, held.highest = row["first"], row["last"]
    held.began, held.ended = row["began"], row["ended"]
    held.gaps, held.late, held.delay_s = row["gaps"], row["late_messages"], row["delay_s"] or 0.0
    held.in_kafka = row["in_kafka"]


def _run(held: LakeHolds, row: Mapping[str, Any]) -> None:
    came = Came.LATE if row["late"] else Came.IN_TIME
    held.runs.append(Run(row["first"], row["last"], row["began"], row["ended"], came, row["delay_s"]))


def _stretch(held: LakeHolds, row: Mapping[str, Any]) -> None:
    held.stretches.append((row["began"], row["ended"]))


def _phase(held: LakeHolds, row: Mapping[str, Any]) -> None:
    held.phases.append(Stretch(row["label"], row["began"], row["ended"]))


def _repair(held: LakeHolds, row: Mapping[str, Any]) -> None:
    held.repairs.append(Stretch(row["label"] or "", row["began"], row["ended"]))


_KINDS: Final = {"total": _total, "run": _run, "stretch": _stretch, "phase": _phase, "repair": _repair}

"""Reads a mission's completeness from registry, Kafka, lake and warehouse; each may be away by itself."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from dataclasses import dataclass, field

from confluent_kafka import KafkaException
from django.utils import timezone

from missions import selectors as missions
from missions.demo import is_made_up
from missions.models import Mission
from telemetry.lake import LakeQueryError

from .kafka import Tail, tail_read
from .lake import LakeHolds, lake_holds
from .runs import Came, Gap, Run, gaps_between, merged, silences_between
from .warehouse import WarehouseHolds, warehouse_holds

logger = logging.getLogger(__name__)

AT_ONCE = 2
"""Missions that one process asks for at a time: each may take the lake's limit of memory, and anybody may ask."""
PATIENCE_S = 10.0
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(slots=True)
class Completeness:
    """How a mission stands at `asked_at`.

    Attributes:
        sent: the highest number that its ship told; None when it told none. `final` when it told so at its end.
        made_up: `manage.py demo_history` wrote it: it has reports, but no message of it was ever sent.
        kafka, lake: None while they are away; `problems` then has a sentence, by their name.
        runs: what the lake holds, and what is on its way to it, in order.
        gaps: what is missing in the lake, `warehouse_gaps` in the warehouse, up to the last tick of its reports.
    """

    mission: Mission
    asked_at: dt.datetime
    sent: int | None
    final: bool
    kafka: Tail | None
    lake: LakeHolds | None
    warehouse: WarehouseHolds
    made_up: bool = False
    runs: list[Run] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    warehouse_gaps: list[Gap] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def arriving(self) -> int:
        """Messages that Kafka holds and the lake does not yet."""
        return sum(run.count for run in self.runs if run.came is Came.ARRIVING)

    @property
    def missing(self) -> int | None:
        """Messages that were sent and are in neither; None when that can't be told."""
        if self.lake is None or self.sent is None:
            return None
        if self.kafka is None or not self.kafka.read:
            return max((self.lake.highest if self.lake.highest is not None else -1) + 1 - self.lake.different, 0)
        return max(self.sent + 1 - self.lake.different - self.arriving, 0)

    @property
    def whole(self) -> bool | None:
        """Whether the lake holds all that was sent, each number once; None when that can't be told."""
        if self.lake is None or self.sent is None:
            return None
        return self.lake.different == self.sent + 1

    @property
    def end(self) -> dt.datetime:
        """The last that is known of the mission's time."""
        times = (
            self.lake.ended if self.lake else None,
            self.mission.last_message_at,
            *(run.ended for run in self.runs),
        )
        return max((time for time in times if time), default=self.mission.finished_at or self.mission.started_at)


def mission_completeness(mission_id: int) -> Completeness:
    """How complete a mission is now.

    Raises:
        MissionNotFound: there is none.
    """
    mission = missions.mission_get(mission_id)
    found = Completeness(
        mission=mission,
        asked_at=timezone.now(),
        sent=None,
        final=mission.final_seq is not None,
        kafka=None,
        lake=None,
        warehouse=warehouse_holds(mission_id),
        made_up=is_made_up(mission),
    )
    if _turns.acquire(timeout=PATIENCE_S):
        try:
            _ask(found)
        finally:
            _turns.release()
    else:
        found.problems = dict.fromkeys(("kafka", "lake"), "Others ask at this moment; try again in a few seconds.")
    _compare(found)
    return found


def _ask(found: Completeness) -> None:
    """Kafka before the lake: what the lake commits in between is then counted once, as held."""
    mission, mission_id = found.mission, found.mission.mission_id
    try:
        found.kafka = tail_read(mission_id)
    except KafkaException as error:
        said, ids = error.args[0].str(), {"mission": mission_id}
        logger.warning("Completeness of mission %d: Kafka: %s", mission_id, said, extra=ids)
        found.problems["kafka"] = "Kafka does not answer."
    except LakeQueryError:
        found.problems["kafka"] = "How far the lake is behind Kafka can't be told while its catalog is away."
    oldest = found.kafka.oldest if found.kafka else {}
    told = mission.final_seq if mission.final_seq is not None else mission.last_seq
    try:
        found.lake = lake_holds(mission, sent=told, oldest=oldest, now=found.asked_at)
    except LakeQueryError as error:
        logger.warning("Completeness of mission %d: %s", mission_id, error, extra={"mission": mission_id})
        found.problems["lake"] = _public(error)


def _compare(found: Completeness) -> None:
    mission, lake, tail = found.mission, found.lake, found.kafka
    told = [mission.final_seq, mission.last_seq, lake.highest if lake else None, found.warehouse.highest]
    told += [seq for seq, _ in tail.numbered] if tail else []
    if found.made_up:
        told = []
    found.sent = max((seq for seq in told if seq is not None), default=None)
    reported = found.warehouse.runs
    if reported:
        found.warehouse_gaps = gaps_between(
            reported, highest=found.warehouse.highest, start=mission.started_at, end=reported[-1].ended
        )
    if lake is None:
        return
    found.runs = merged(lake.runs, tail.numbered if tail else [])
    if lake.with_seq == 0 and lake.without_seq:
        found.gaps = silences_between(lake.stretches)
    elif not lake.cut:
        found.gaps = gaps_between(
            found.runs,
            highest=found.sent,
            start=mission.started_at,
            end=found.end,
            behind=tail is None or not tail.read,
        )
    else:
        # What lies behind the runs that were told can't be told one by one.
        found.gaps = gaps_between(lake.runs, highest=None, start=mission.started_at, end=found.end)


def _public(error: LakeQueryError) -> str:
    """The sentence without the cause that follows a colon: it names addresses, which are not for everybody."""
    return str(error).partition(": ")[0].rstrip(".") + "."

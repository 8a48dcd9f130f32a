"""Put together what each part says of one message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from redis.exceptions import RedisError

from hocotate_site.traces import shown_before, shown_from
from missions.exceptions import MissionNotFound
from missions.selectors import mission_get
from telemetry.lake import LakeQueryError

from . import why
from .lake import Lake, letter_step
from .seen import Seen, look
from .step import KAFKA, LETTER, MINUTE, RADAR, RAW, REGISTRY, SHIP, TRACK, TRACKER, Asked, Found, Step, Trace

UNTRACED: Final = "Nobody traced the mission at that time; `manage.py trace MISSION --watch` does from now on."
APART_MS: Final = 10_000
"""Frames further apart may have others between them that nobody noted."""


def trace(asked: Asked) -> Trace:
    """The way of a message, as far as it has come.

    Raises:
        django.db.Error: the registry does not answer.
    """
    try:
        mission = mission_get(asked.mission)
    except MissionNotFound:
        mission = None
    seen, lake = look(asked, mission)
    kafka = _kafka(seen, asked)
    return Trace(
        asked,
        (_ship(seen, kafka), _registry(seen), kafka, _tracker(seen, asked), _frame(asked), *_lake(lake, seen, asked)),
    )


def _kafka(seen: Seen, asked: Asked) -> Step:
    """By the lake's row where there is one; it gives the place without looking for it."""
    if seen.rows:
        row = seen.rows[0]
        facts = {"place": f"{row['kafka_partition']}-{row['kafka_offset']}", "contract": row["contract"]}
        held = seen.tail.held.get(row["kafka_partition"]) if seen.tail else None
        gone = held is not None and row["kafka_offset"] < held.start
        note = "Kafka has deleted it since, as its retention says; the lake keeps it." if gone else ""
        return Step(
            KAFKA, Found.THERE, row["kafka_time"], _with_delay(facts, row["event_time"], row["kafka_time"]), note
        )
    if (copy := seen.copy) is not None:
        found: dict[str, Any] = {"place": f"{copy.partition}-{copy.offset}", "contract": copy.contract}
        facts = _with_delay(found, copy.event, copy.taken) if copy.event else found
        return Step(
            KAFKA, Found.THERE, copy.taken, facts, f"It breaks the contract: {copy.refused}." if copy.refused else ""
        )
    if (letter := seen.letter) is not None:
        return Step(KAFKA, Found.THERE, letter.kafka_time, {"place": letter.place.short, "contract": letter.contract})
    if KAFKA in seen.problems or RAW in seen.problems:
        return Step(
            KAFKA, Found.UNKNOWN, note=seen.problems.get(KAFKA) or "Where to look for it, only the lake can tell."
        )
    return Step(KAFKA, *why.nowhere(asked, seen.mission, seen.tail))


def _with_delay(facts: dict[str, Any], event: Any, taken: Any) -> dict[str, Any]:
    return {**facts, "after_ms": round((taken - event).total_seconds() * 1000)}


def _ship(seen: Seen, kafka: Step) -> Step:
    event = seen.rows[0]["event_time"] if seen.rows else seen.copy.event if seen.copy else None
    if event is not None:
        return Step(SHIP, Found.THERE, event)
    if kafka.found is Found.THERE:
        return Step(SHIP, Found.UNKNOWN, note="The message can't be read, and so neither the time of its tick.")
    return Step(SHIP, kafka.found, note="The message itself tells when; it was not found.")


def _registry(seen: Seen) -> Step:
    if (mission := seen.mission) is None:
        return Step(
            REGISTRY, Found.ABSENT, note="No such mission is registered; the radar and the tracker leave it out."
        )
    facts = {"ship": mission.ship_name, "captain": mission.captain, "target": mission.target, "status": mission.status}
    told = seen.rows[0]["ship_id"] if seen.rows else mission.ship_name
    note = "" if told == mission.ship_name else f"The message says that it is {told}'s, which the radar does not show."
    return Step(REGISTRY, Found.THERE, mission.started_at, facts, note)


def _tracker(seen: Seen, asked: Asked) -> Step:
    if seen.mission is None:
        return Step(TRACKER, Found.ABSENT, note="It follows registered missions.")
    last = seen.mission.last_seq
    if last is not None and last >= asked.seq:
        return Step(TRACKER, Found.THERE, None, {"last_seq": last, "phase": seen.mission.phase})
    said = "has seen no numbered message of this mission" if last is None else f"has come to seq {last}"
    return Step(TRACKER, Found.NOT_YET, note=f"The tracker {said}.")


def _frame(asked: Asked) -> Step:
    """Known only of missions that were traced when the frame went out."""
    try:
        shown = shown_from(asked.mission, asked.seq)
        before = shown_before(asked.mission, asked.seq)
    except RedisError as error:
        return Step(RADAR, Found.UNKNOWN, note=f"Valkey does not answer: {error}")
    if not shown:
        return Step(RADAR, Found.UNKNOWN, note=UNTRACED)
    first = shown[0]
    if first.seq == asked.seq:
        return Step(RADAR, Found.THERE, why.moment_of(first.at), {"frame": first.frame, "after_ms": first.latency_ms})
    if before is None or first.at - before.at > APART_MS:
        return Step(RADAR, Found.UNKNOWN, note=UNTRACED)
    note = f"It had none of its own: frame {first.frame} shows seq {first.seq}, which had come by then."
    return Step(RADAR, Found.ABSENT, why.moment_of(first.at), {"frame": first.frame}, note)


def _lake(lake: Lake | None, seen: Seen, asked: Asked) -> list[Step]:
    """raw, and what is derived from it; or the dead letter."""
    if lake is None:
        return [Step(RAW, Found.UNKNOWN, note=seen.problems[RAW])]
    if seen.letter is not None:
        return [letter_step(seen.letter)]
    if not seen.rows:
        return [_not_in_raw(seen)]
    row = seen.rows[0]
    questions: tuple[tuple[str, Callable[[], Step]], ...] = (
        (RAW, lambda: lake.raw_step(seen.rows)),
        (TRACK, lambda: lake.track_step(asked, row["event_time"])),
        (MINUTE, lambda: lake.minute_step(asked, row["ship_id"], row["event_time"])),
    )
    return [_answered(place, question) for place, question in questions]


def _answered(place: str, question: Callable[[], Step]) -> Step:
    try:
        return question()
    except LakeQueryError as error:
        return Step(place, Found.UNKNOWN, note=" ".join(str(error).split()))


def _not_in_raw(seen: Seen) -> Step:
    copy = seen.copy
    if copy is None:
        if KAFKA in seen.problems:
            return Step(RAW, Found.NOT_YET, note="It is not in the lake; whether it is on its way, Kafka does not say.")
        return Step(RAW, Found.ABSENT, note="No row and no dead letter.")
    place = LETTER if copy.refused else RAW
    return Step(place, Found.NOT_YET, note=why.behind(copy, seen.committed.get(copy.partition, 0)))

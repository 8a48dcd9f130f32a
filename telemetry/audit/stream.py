"""Invariants 1 and 3: each message stands once in the lake, and within a mission seq runs without a gap."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from hocotate_site import kafka_stretch
from missions.models import Mission
from telemetry.lake import LakeAccess, MissionSequence, PartitionOffsets
from telemetry.lake.offsets import committed_offsets

from .finding import Finding, sentences

ONCE: Final = "every message stands once in the lake"
GAPLESS: Final = "seq runs without a gap in ended missions"


def kafka_ends() -> dict[int, int]:
    """The next offset of each partition of telemetry.raw.

    Raises:
        KafkaException: the broker does not answer.
    """
    return {number: held.stop for number, held in kafka_stretch.bounds(settings.TOPIC_RAW).items()}


@dataclass(frozen=True)
class Lag:
    """How far the lake is behind a moment: messages of that moment that it has not committed, and the wait."""

    behind: int
    waited_s: float
    asked_s: float


def lag_after(ends: Mapping[int, int], *, wait_s: float, told: Callable[[int], None]) -> Lag:
    """Wait, at most `wait_s`, until the lake has committed all that Kafka had at `ends`; `told` hears how many lack.

    Raises:
        LakeUnavailable: the lake's catalog does not answer.
    """
    access = LakeAccess.from_settings()
    began = time.monotonic()
    while True:
        committed = committed_offsets(access)
        behind = sum(max(end - committed.get(partition, 0), 0) for partition, end in ends.items())
        waited = time.monotonic() - began
        if not behind or waited >= wait_s:
            return Lag(behind, waited, wait_s)
        told(behind)
        time.sleep(1)


def once(partitions: Sequence[PartitionOffsets], ends: Mapping[int, int], lag: Lag) -> Finding:
    """Every offset below the lake's committed one stands once, in raw or in dead_letters."""
    found = Finding(1, ONCE)
    for held in partitions:
        found.broken += _unsound(held, ends.get(held.partition, 0))
    if lag.behind and lag.asked_s:
        found.broken.append(f"The lake is {lag.behind:,} messages behind Kafka after {lag.waited_s:.0f} s.")
    found.figures = {
        "messages in Kafka by now": sum(ends.values()),
        "committed by the lake": sum(held.committed for held in partitions),
        "in raw": sum(held.raw_rows for held in partitions),
        "in dead_letters": sum(held.dead_rows for held in partitions),
        "taken out by retention": sum(held.retired for held in partitions),
        "doubled": sum(held.doubled for held in partitions),
        "missing": sum(_missing(held) for held in partitions),
        "newer than the lake's last commit": sum(max(ends.get(p.partition, 0) - p.committed, 0) for p in partitions),
    }
    return found.judged()


def _missing(held: PartitionOffsets) -> int:
    """Offsets below the committed one that stand in no table; the topic's first offset is 0."""
    return held.committed - held.distinct - held.retired


def _unsound(held: PartitionOffsets, end: int) -> list[str]:
    name = f"{settings.TOPIC_RAW}[{held.partition}]"
    broken = []
    if held.doubled:
        broken.append(f"{name}: {held.doubled:,} rows stand in the lake beyond the first of their offset.")
    if _missing(held):
        broken.append(
            f"{name}: {_missing(held):,} of the offsets below {held.committed:,} are not in the lake "
            f"(it holds {held.lowest} to {held.highest})."
        )
    if held.committed > end:
        broken.append(f"{name}: the lake committed {held.committed:,}, but Kafka ends at {end:,}.")
    return broken


def gapless(ended: Sequence[Mission], sequences: Mapping[int, MissionSequence], lag: Lag) -> Finding:
    """In each of these ended missions seq runs 0..n, n as its ship told it at the end.

    While the lake is behind, missions that lack their last messages count as arriving.
    """
    found = Finding(3, GAPLESS)
    whole = arriving = without = 0
    for mission in ended:
        held = sequences.get(mission.mission_id)
        if mission.final_seq is None and (held is None or held.lowest is None):
            without += 1
        elif (problem := _gap(mission, held)) is None:
            whole += 1
        elif lag.behind:
            arriving += 1
        else:
            found.broken.append(problem)
    found.figures = {
        "ended": len(ended),
        "whole": whole,
        "arriving": arriving,
        "without seq": without,
        "sent again": sum(held.rows - held.distinct for held in sequences.values()),
    }
    found.broken = sentences(found.broken)
    return found.judged()


def _gap(mission: Mission, held: MissionSequence | None) -> str | None:
    """What is wrong with the mission's sequence; None when it is whole."""
    highest = held.highest if held else None
    last = mission.final_seq if mission.final_seq is not None else max(mission.last_seq or 0, highest or 0)
    if held is not None and (held.lowest, held.highest, held.distinct) == (0, last, last + 1):
        return None
    has = f"{held.distinct:,} from {held.lowest} to {held.highest}" if held else "none"
    return f"Mission {mission.mission_id} sent seq 0 to {last}; the lake has {has}."

"""A mission's completeness as the API gives it; times are UTC, by the ship's clock."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema

from .runs import Came, Gap
from .selectors import Completeness

MOST: int = 500
"""Gaps and late stretches that are told one by one."""


class MissingOut(Schema):
    """Messages that are missing, and the time between their neighbours; numbers are null for contract version 1."""

    first_seq: int | None
    last_seq: int | None
    messages: int | None
    since: datetime
    until: datetime
    arriving: Annotated[bool, Field(description="They may be on their way to the lake, which is behind.")]


class LateOut(Schema):
    """Messages that came late, and the longest way of one to the broker, in s."""

    first_seq: int
    last_seq: int
    since: datetime
    until: datetime
    delay_s: float


class SentOut(Schema):
    """What the ship told: its highest seq, and whether it told so at its end."""

    highest_seq: int | None
    messages: int | None
    final: bool


class KafkaOut(Schema):
    """Messages of the mission that Kafka holds; null where there are too many others to look through."""

    messages: int | None
    arriving: Annotated[int | None, Field(description="Of these, not in the lake yet.")]
    behind: Annotated[int, Field(description="Messages of all missions that the lake has not committed.")]


class LakeOut(Schema):
    """Messages of the mission in the lake."""

    rows: int
    messages: Annotated[int, Field(description="Different ones: those sent again count once.")]
    sent_again: int
    without_seq: int
    lowest_seq: int | None
    highest_seq: int | None
    missing: int | None
    late: int
    gaps: list[MissingOut]
    gaps_in_all: int
    late_stretches: list[LateOut]


class WarehouseOut(Schema):
    """Ship states of the mission in the warehouse, against what its reports cover."""

    rows: int
    rows_in_reports: int
    reports: int
    waiting: int
    quarantined: int
    lowest_seq: int | None
    highest_seq: int | None
    missing: int
    gaps: list[MissingOut]


class CompletenessOut(Schema):
    """Where each message of a mission is. A part that is away is null, and `problems` says why, by its name."""

    mission_id: int
    asked_at: datetime
    whole: Annotated[bool | None, Field(description="The lake holds all that was sent; null when it can't be told.")]
    sent: SentOut
    kafka: KafkaOut | None
    lake: LakeOut | None
    warehouse: WarehouseOut
    problems: dict[str, str]


def completeness_out(found: Completeness) -> CompletenessOut:
    """The answer."""
    return CompletenessOut(
        mission_id=found.mission.mission_id,
        asked_at=found.asked_at,
        whole=found.whole,
        sent=SentOut(
            highest_seq=found.sent, messages=None if found.sent is None else found.sent + 1, final=found.final
        ),
        kafka=_kafka(found),
        lake=_lake(found),
        warehouse=_warehouse(found),
        problems=found.problems,
    )


def kafka_holds(found: Completeness) -> int | None:
    """Messages of the mission in Kafka: rows of the lake that it still holds, and what is on its way."""
    if found.kafka is None or found.lake is None or not found.kafka.read:
        return None
    return found.lake.in_kafka + found.arriving + found.kafka.unnumbered


def _kafka(found: Completeness) -> KafkaOut | None:
    if found.kafka is None:
        return None
    arriving = found.arriving + found.kafka.unnumbered if found.kafka.read else None
    return KafkaOut(messages=kafka_holds(found), arriving=arriving, behind=found.kafka.behind)


def _lake(found: Completeness) -> LakeOut | None:
    lake = found.lake
    if lake is None:
        return None
    late = [run for run in found.runs if run.came is Came.LATE]
    return LakeOut(
        rows=lake.rows,
        messages=lake.different + lake.without_seq,
        sent_again=lake.sent_again,
        without_seq=lake.without_seq,
        lowest_seq=lake.lowest,
        highest_seq=lake.highest,
        missing=found.missing,
        late=lake.late,
        gaps=_gaps(found.gaps),
        gaps_in_all=max(lake.gaps, len(found.gaps)),
        late_stretches=[
            LateOut(first_seq=run.first, last_seq=run.last, since=run.began, until=run.ended, delay_s=run.delay_s)
            for run in late[:MOST]
        ],
    )


def _warehouse(found: Completeness) -> WarehouseOut:
    held = found.warehouse
    return WarehouseOut(
        rows=held.rows,
        rows_in_reports=held.promised,
        reports=held.reports,
        waiting=held.waiting,
        quarantined=held.quarantined,
        lowest_seq=held.lowest,
        highest_seq=held.highest,
        missing=0 if held.highest is None else held.highest + 1 - held.different,
        gaps=_gaps(found.warehouse_gaps),
    )


def _gaps(gaps: list[Gap]) -> list[MissingOut]:
    return [
        MissingOut(
            first_seq=gap.first,
            last_seq=gap.last,
            messages=gap.count,
            since=gap.since,
            until=gap.until,
            arriving=gap.arriving,
        )
        for gap in gaps[:MOST]
    ]

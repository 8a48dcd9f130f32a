"""What Kafka holds of a mission beyond the lake's last commit: read without a group, within bounds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pyarrow as pa
from confluent_kafka import TIMESTAMP_NOT_AVAILABLE, KafkaException, Message
from django.conf import settings

from hocotate_site import kafka_stretch
from ships_client.contracts import InvalidMessage, Telemetry, decode
from telemetry.history.columns import read_schema
from telemetry.history.keys import partition_of

MOST_MESSAGES: Final = 50_000
MOST_SECONDS: Final = 2.0
"""What one answer may read of the tail; the lake commits every few seconds, so there is rarely a tenth of it."""
_CONNECT_S: Final = 1.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Tail:
    """Messages of a mission that the lake may not have yet.

    Attributes:
        rows: of the mission, in the columns that were asked for.
        read: messages of all missions that were read for it.
        complete_until: everything that the broker took before this moment stands in the lake or here; None when
            nothing can be said, because Kafka did not answer.
    """

    rows: pa.Table
    read: int
    complete_until: datetime | None


@dataclass(frozen=True)
class Sought:
    """Whose messages, and which columns of them."""

    mission_id: int
    ship: str
    columns: tuple[str, ...]


def read_tail(sought: Sought, committed: Mapping[int, int], topic: str | None = None) -> Tail:
    """The messages of a mission from the lake's committed offsets, by partition, to the end of its ship's partition.

    A partition without a committed offset is read from its beginning.
    """
    topic = topic or settings.TOPIC_RAW
    asked = datetime.now(UTC)
    rows: list[tuple[Any, ...]] = []
    read, newest = 0, None
    try:
        held = kafka_stretch.bounds(topic, patience_s=_CONNECT_S)
        partition = partition_of(sought.ship.encode(), len(held))
        there = held[partition]
        lacking = range(max(committed.get(partition, 0), there.start), there.stop)
        for message in kafka_stretch.messages(topic, {partition: lacking[:MOST_MESSAGES]}, seconds=MOST_SECONDS):
            newest = _taken(message)
            read += 1
            if (row := _row(message, sought)) is not None:
                rows.append(row)
    except KafkaException:
        # The wrapper has logged it; the answer says how far it is complete.
        return Tail(_table(rows, sought), read, newest)
    return Tail(_table(rows, sought), read, asked if len(lacking) <= MOST_MESSAGES else newest)


def _row(message: Message, sought: Sought) -> tuple[Any, ...] | None:
    key = message.key()
    if key is not None and key != sought.ship.encode():
        return None
    try:
        telemetry = decode(message.value(), _taken(message))
    except InvalidMessage:
        return None
    return _values(telemetry, message, sought) if int(telemetry.mission_id) == sought.mission_id else None


def _values(telemetry: Telemetry, message: Message, sought: Sought) -> tuple[Any, ...]:
    told: dict[str, Any] = {
        "event_time": telemetry.timestamp,
        "mission_id": sought.mission_id,
        "kafka_partition": message.partition(),
        "kafka_offset": message.offset(),
        "kafka_time": _taken(message),
        **{f"health_{part}": getattr(telemetry.health_scores, part) for part in ("motor", "engine", "core", "fuel")},
    }
    return tuple(told[name] if name in told else getattr(telemetry, name) for name in read_schema(sought.columns).names)


def _table(rows: Collection[tuple[Any, ...]], sought: Sought) -> pa.Table:
    schema = read_schema(sought.columns)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema)


def _taken(message: Message) -> datetime:
    kind, milliseconds = message.timestamp()
    return _EPOCH + timedelta(milliseconds=milliseconds if kind != TIMESTAMP_NOT_AVAILABLE else 0)

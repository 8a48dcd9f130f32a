"""What Kafka holds that the lake has not committed, and of that what is of one mission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from confluent_kafka import KafkaException
from django.conf import settings

from hocotate_site import kafka_stretch
from ships_client.contracts import InvalidMessage, decode
from telemetry.lake import LakeAccess
from telemetry.lake.offsets import committed_offsets

MOST_READ: Final = 20_000
"""Messages of all missions that are looked through for one mission's."""
READ_S: Final = 4.0
PATIENCE_S: Final = 3.0


@dataclass(slots=True)
class Tail:
    """What lies between the lake's last commit and Kafka's end.

    Attributes:
        oldest: by partition, the oldest offset that Kafka still holds.
        behind: messages of all missions that the lake has not committed.
        read: whether they were looked through; they are not when there are more than MOST_READ.
        numbered: number and time of each of the mission's messages among them; `unnumbered` counts the others.
    """

    oldest: dict[int, int] = field(default_factory=dict)
    behind: int = 0
    read: bool = True
    numbered: list[tuple[int, dt.datetime]] = field(default_factory=list)
    unnumbered: int = 0

    @property
    def count(self) -> int:
        """The mission's messages in the tail."""
        return len(self.numbered) + self.unnumbered


def tail_read(mission_id: int) -> Tail:
    """Look at the end of the topic; at most MOST_READ messages and READ_S.

    Raises:
        KafkaException: the broker does not answer.
        LakeUnavailable: the lake's catalog does not answer.
    """
    committed = committed_offsets(LakeAccess.from_settings())
    held = kafka_stretch.bounds(settings.TOPIC_RAW, patience_s=PATIENCE_S)
    stretches = _uncommitted(held, committed)
    tail = Tail({number: there.start for number, there in held.items()}, sum(map(len, stretches.values())))
    if tail.behind > MOST_READ:
        tail.read = False
        return tail
    try:
        for message in kafka_stretch.messages(settings.TOPIC_RAW, stretches, seconds=READ_S):
            _look(message.value(), dt.datetime.fromtimestamp(message.timestamp()[1] / 1000, dt.UTC), mission_id, tail)
    except KafkaException:
        tail.read = False
    return tail


def _uncommitted(held: Mapping[int, range], committed: Mapping[int, int]) -> dict[int, range]:
    """By partition, the offsets that Kafka holds and the lake has not committed."""
    return {
        number: range(max(there.start, min(committed.get(number, 0), there.stop)), there.stop)
        for number, there in held.items()
    }


def _look(value: str | bytes | None, received: dt.datetime, mission_id: int, tail: Tail) -> None:
    raw = value.encode() if isinstance(value, str) else value or b""
    # Most are other missions'; to decode them would cost ten times as much.
    if str(mission_id).encode() not in raw:
        return
    try:
        message = decode(raw, received)
    except InvalidMessage:
        return
    if int(message.mission_id) != mission_id:
        return
    if message.seq is None:
        tail.unnumbered += 1
    else:
        tail.numbered.append((message.seq, message.timestamp))

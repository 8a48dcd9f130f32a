"""A message that the lake may not have yet: looked for in Kafka from the lake's committed offsets on, within bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from confluent_kafka import Message
from django.conf import settings

from hocotate_site import kafka_stretch
from ships_client.contracts import InvalidMessage, decode
from telemetry.history.keys import partition_of

from .step import Asked

MOST_READ: Final = 50_000
"""Messages of a partition that are looked through; the lake commits every few seconds, so there are rarely so many."""
READ_S: Final = 10.0
PATIENCE_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Copy:
    """A message as it stands in Kafka; `event` is the ship's time, `refused` says how it breaks the contract."""

    partition: int
    offset: int
    taken: dt.datetime
    contract: str
    event: dt.datetime | None = None
    refused: str = ""


@dataclass(slots=True)
class Tail:
    """What Kafka holds beyond the lake's last commit.

    Attributes:
        held: by partition, the offsets that the broker still has.
        copies: of the message that is looked for, in the order of Kafka; it may have been sent again.
        behind: messages that were to be looked through; `whole` whether all of them were.
    """

    held: dict[int, range] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)
    behind: int = 0
    whole: bool = True


def tail_search(asked: Asked, ship: str | None, committed: Mapping[int, int]) -> Tail:
    """Look for a message on its ship's partition, on all of them where the registry knows no ship.

    Raises:
        KafkaException: the broker does not answer, or not in time.
    """
    held = kafka_stretch.bounds(settings.TOPIC_RAW, patience_s=PATIENCE_S)
    chosen = held if ship is None else {partition_of(ship.encode(), len(held)): range(0)}
    lacking = {n: range(max(committed.get(n, 0), held[n].start), held[n].stop) for n in chosen}
    tail = Tail(held, behind=sum(map(len, lacking.values())))
    tail.whole = all(len(stretch) <= MOST_READ for stretch in lacking.values())
    # The newest: what is asked about has hardly been on its way for long.
    nearest = {n: stretch[-MOST_READ:] for n, stretch in lacking.items()}
    tail.copies = [
        copy
        for message in kafka_stretch.messages(settings.TOPIC_RAW, nearest, seconds=READ_S)
        if (copy := copy_of(message, asked)) is not None
    ]
    return tail


def copy_of(message: Message, asked: Asked) -> Copy | None:
    """The message as a copy of the one that is looked for; None when it is another one."""
    raw = message.value() or b""
    # Most are other missions'; to decode them would cost ten times as much.
    if str(asked.mission).encode() not in raw:
        return None
    taken = taken_at(message)
    place = (message.partition() or 0, message.offset() or 0, taken, contract_of(message))
    try:
        told = decode(raw, taken)
    except InvalidMessage as error:
        return Copy(*place, refused=str(error)) if says(raw, asked) else None
    return (
        Copy(*place, event=told.timestamp) if (int(told.mission_id), told.seq) == (asked.mission, asked.seq) else None
    )


def says(raw: bytes, asked: Asked) -> bool:
    """Whether bytes that break the contract call themselves this message, as far as they can be read."""
    try:
        told: Any = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    if not isinstance(told, dict):
        return False
    return str(told.get("mission_id")) == str(asked.mission) and str(told.get("seq")) == str(asked.seq)


def taken_at(message: Message) -> dt.datetime:
    """When the broker took it."""
    return dt.datetime.fromtimestamp(message.timestamp()[1] / 1000, dt.UTC)


def contract_of(message: Message) -> str:
    """The contract that its header names."""
    return next(iter(kafka_stretch.headers(message, "contract")), "none named")

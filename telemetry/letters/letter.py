"""A dead letter as the lake keeps it, and the place that names it. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from .errors import FilterInvalid

_PLACE: Final = re.compile(r"(?:(?P<topic>.+)-)?(?P<partition>[0-9]{1,9})-(?P<offset>[0-9]{1,18})")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where the message stands in Kafka; `topic-partition-offset` names it everywhere."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}-{self.partition}-{self.offset}"

    @property
    def short(self) -> str:
        """`partition-offset`, as commands take it."""
        return f"{self.partition}-{self.offset}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A refused message: why, by whose contract, when the broker took it, its bytes, and its key where it is kept."""

    place: Place
    reason: str
    field: str | None
    detail: str
    contract: str | None
    kafka_time: dt.datetime
    raw: bytes | None
    key: bytes | None


def place_read(text: str, topic: str) -> Place:
    """The place behind `3-1017` or `telemetry.raw-3-1017`; without a topic it is `topic`'s.

    Raises:
        FilterInvalid: the text is no place.
    """
    found = _PLACE.fullmatch(text.strip())
    if found is None:
        raise FilterInvalid(f"{text!r} is no place; give PARTITION-OFFSET as `list` shows it, such as 3-1017.")
    return Place(found["topic"] or topic, int(found["partition"]), int(found["offset"]))

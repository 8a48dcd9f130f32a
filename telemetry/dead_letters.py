"""What becomes of invalid messages: their reason and their bytes on the topic telemetry.dlq. Pure.

At least once: the tracker may send a letter again after a restart, with the same key.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import dataclass
from typing import Final

from ships_client.contracts import InvalidMessage

LARGEST_RAW: Final = 512 * 1024
"""Bytes of a message that are kept; more would not fit the broker's limit of 1 MiB once encoded."""


@dataclass(frozen=True, slots=True)
class Record:
    """A message as the broker keeps it; `received` is the broker's time (aware)."""

    value: bytes | None
    received: dt.datetime
    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An invalid message and why it is."""

    record: Record
    error: InvalidMessage

    def key(self) -> bytes:
        """`topic-partition-offset`: the same for every copy of the letter."""
        return f"{self.record.topic}-{self.record.partition}-{self.record.offset}".encode()

    def value(self) -> bytes:
        """JSON: reason, field, detail, topic, partition, offset, received, size and raw (base64)."""
        raw = self.record.value or b""
        letter = {
            "reason": self.error.reason.value,
            "field": self.error.field,
            "detail": self.error.detail,
            "topic": self.record.topic,
            "partition": self.record.partition,
            "offset": self.record.offset,
            "received": self.record.received.isoformat(),
            "size": len(raw),
            "raw": base64.b64encode(raw[:LARGEST_RAW]).decode("ascii"),
        }
        return json.dumps(letter, ensure_ascii=False).encode("utf-8", "backslashreplace")

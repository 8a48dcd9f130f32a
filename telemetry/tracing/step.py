"""What a trace says of one place on a message's way. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hocotate_logs.trace_id import trace_id


class Found(StrEnum):
    """Whether the message is at a place."""

    THERE = "there"
    NOT_YET = "not yet"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One place: whether the message is there, since when, with which facts, and a sentence where one is needed."""

    place: str
    found: Found
    at: dt.datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {
            "place": self.place,
            "found": self.found.value,
            "at": self.at.isoformat() if self.at else None,
            "facts": {
                name: value.isoformat() if isinstance(value, dt.datetime) else value
                for name, value in self.facts.items()
            },
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """Which message is traced."""

    mission: int
    seq: int

    @property
    def trace_id(self) -> str:
        """Its id in every part's log."""
        return trace_id(self.mission, self.seq)


@dataclass(frozen=True, slots=True)
class Trace:
    """The way of one message, place by place."""

    asked: Asked
    steps: tuple[Step, ...]

    @property
    def met(self) -> bool:
        """Whether the message was seen at all: in Kafka, in the lake or among the dead letters."""
        return any(step.found is Found.THERE for step in self.steps if step.place in MET)

    def as_json(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {
            "trace_id": self.asked.trace_id,
            "mission": self.asked.mission,
            "seq": self.asked.seq,
            "steps": [step.as_json() for step in self.steps],
        }


SHIP, REGISTRY, KAFKA, TRACKER = "ship's tick", "registry", "Kafka", "tracker"
RADAR, RAW, TRACK, MINUTE, LETTER = "radar's frame", "lake raw", "lake track", "lake ship_minute", "dead letter"
MET = (KAFKA, RAW, LETTER)

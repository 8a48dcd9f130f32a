"""Where a message was met.

The order of asking matters: first how far the lake has committed, then Kafka from there on, then the lake's newest
snapshot. So a message that stands anywhere is seen in one of both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from confluent_kafka import KafkaException

from missions.models import Mission
from telemetry.lake import LakeAccess, LakeQueryError
from telemetry.lake.offsets import committed_offsets
from telemetry.letters.letter import Letter

from .lake import Lake, Row
from .step import KAFKA, RAW, Asked
from .tail import Copy, Tail, tail_search


@dataclass(slots=True)
class Seen:
    """Where the message was met. `problems` says by place what could not be asked."""

    mission: Mission | None = None
    committed: dict[int, int] = field(default_factory=dict)
    tail: Tail | None = None
    rows: list[Row] = field(default_factory=list)
    letter: Letter | None = None
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def copy(self) -> Copy | None:
        """The message as Kafka has it beyond the lake's last commit."""
        return self.tail.copies[0] if self.tail and self.tail.copies else None


def look(asked: Asked, mission: Mission | None) -> tuple[Seen, Lake | None]:
    """Ask the lake's catalog, Kafka and the lake's tables; without its tables where they can't be asked."""
    seen = Seen(mission)
    access = LakeAccess.from_settings()
    try:
        seen.committed = committed_offsets(access)
    except LakeQueryError as error:
        seen.problems[RAW] = " ".join(str(error).split())
        return seen, None
    try:
        seen.tail = tail_search(asked, seen.mission.ship_name if seen.mission else None, seen.committed)
    except KafkaException as error:
        seen.problems[KAFKA] = f"Kafka does not answer: {error.args[0].str()}."
    try:
        lake = Lake(access)
        seen.rows = lake.raw(asked, seen.mission)
        if not seen.rows and (seen.copy is None or seen.copy.refused):
            seen.letter = lake.letter(asked, seen.mission)
    except LakeQueryError as error:
        seen.problems[RAW] = " ".join(str(error).split())
        return seen, None
    return seen, lake

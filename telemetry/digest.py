"""A batch of telemetry boiled down to one line a mission and the messages that are none. No I/O."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from missions.services import Progress
from ships_client.contracts import InvalidMessage, Telemetry, decode

from .dead_letters import DeadLetter, Record


@dataclass(frozen=True, slots=True)
class Digest:
    """What a batch says: the newest of each mission, and the dead letters in their order."""

    progress: list[Progress]
    invalid: list[DeadLetter]


def digest(records: Iterable[Record]) -> Digest:
    """Decode a batch by the contract; of each mission keep the newest phase, highest seq and latest time."""
    newest: dict[int, Telemetry] = {}
    highest: dict[int, int] = {}
    invalid: list[DeadLetter] = []
    for record in records:
        try:
            message = decode(record.value, record.received)
        except InvalidMessage as error:
            invalid.append(DeadLetter(record, error))
            continue
        mission = int(message.mission_id)
        if mission not in newest or message.timestamp >= newest[mission].timestamp:
            newest[mission] = message
        if message.seq is not None:
            highest[mission] = max(message.seq, highest.get(mission, 0))
    progress = [
        Progress(
            mission_id=mission,
            phase=message.phase,
            last_seq=highest.get(mission),
            last_message_at=message.timestamp.astimezone(dt.UTC),
        )
        for mission, message in newest.items()
    ]
    return Digest(progress, invalid)

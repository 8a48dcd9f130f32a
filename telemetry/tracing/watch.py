"""A mission's messages as they come: into Kafka, and into the radar's frames.

Kafka is read without a group, from its end on; the radar notes its frames for as long as it is asked to
(hocotate_site.traces), which a watch that dies stops asking after LEASE_S.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from confluent_kafka import Message
from django.conf import settings

from hocotate_site import kafka_stretch
from hocotate_site.kafka import Stop
from hocotate_site.traces import Shown, shown_from, trace_for
from missions.models import Mission
from ships_client.contracts import InvalidMessage, decode
from telemetry.history.keys import partition_of

from .step import Asked
from .tail import contract_of, taken_at

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LEASE_S: Final = 10.0
RENEW_S: Final = 3.0
FRAMES_S: Final = 0.5
"""How often the radar's notes are asked for; it hands them on once a second."""
SETTLE_S: Final = 2.5
"""After so long the radar has learnt that it is asked; frames before that would lack."""
WAIT_S: Final = 6.0
"""After so long a message without a frame is said to have none: no ship is live by then."""
MOST_NOTES: Final = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """A numbered message of the mission, as it came into Kafka; times in ms since 1970."""

    asked: Asked
    event_ms: int
    taken_ms: int
    place: str
    contract: str


@dataclass(frozen=True, slots=True)
class Met:
    """A message and the frame that shows it, or a later one of the same ship; None when none did within WAIT_S."""

    arrival: Arrival
    frame: Shown | None

    def as_json(self) -> dict[str, Any]:
        """As JSON knows it; times in ms after the ship's tick."""
        came, frame = self.arrival, self.frame
        return {
            "trace_id": came.asked.trace_id,
            "mission": came.asked.mission,
            "seq": came.asked.seq,
            "event_time": dt.datetime.fromtimestamp(came.event_ms / 1000, dt.UTC).isoformat(timespec="milliseconds"),
            "kafka": came.place,
            "contract": came.contract,
            "kafka_ms": came.taken_ms - came.event_ms,
            "frame": frame.frame if frame else None,
            "frame_seq": frame.seq if frame else None,
            "frame_ms": frame.at - came.event_ms if frame else None,
        }

    def as_line(self) -> str:
        """For people."""
        told = self.as_json()
        if self.frame is None:
            shown = f"in no frame within {WAIT_S:.0f} s"
        else:
            by = "" if self.frame.seq == self.arrival.asked.seq else f" (which shows seq {self.frame.seq})"
            shown = f"frame {self.frame.frame}{by} +{told['frame_ms']} ms"
        return (
            f"seq {told['seq']:<7} tick {told['event_time'][11:23]}  "
            f"Kafka {told['kafka']} +{told['kafka_ms']} ms  {shown}"
        )


class Matching:
    """Messages that wait for their frames. Pure; `now` is in s on a clock that only goes on."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[Arrival, float]] = {}

    def came(self, arrivals: Iterable[Arrival], now: float) -> None:
        """Messages came; one that is sent again counts as the first."""
        for arrival in arrivals:
            self._waiting.setdefault(arrival.asked.seq, (arrival, now))

    @property
    def lowest(self) -> int | None:
        """The lowest seq that waits."""
        return min(self._waiting, default=None)

    def met(self, notes: Iterable[Shown], now: float) -> list[Met]:
        """Those whose frames are known by now, and those that have waited for too long; in the order of seq."""
        ordered = sorted(notes, key=lambda note: note.seq)
        found = []
        for seq, (arrival, since) in sorted(self._waiting.items()):
            frame = next((note for note in ordered if note.seq >= seq and note.at >= arrival.taken_ms), None)
            if frame is not None or now - since > WAIT_S:
                found.append(Met(arrival, frame))
                del self._waiting[seq]
        return found


def watch(mission: Mission, *, seconds: float, stop: Stop) -> Iterator[Met]:
    """Each new message of a mission once its frame is known, for so long or until the stop.

    Raises:
        KafkaException: the broker does not answer.
        TooManyTraced, RedisError: the radar can't be asked.
    """
    held = kafka_stretch.bounds(settings.TOPIC_RAW)
    partition = partition_of(mission.ship_name.encode(), len(held))
    matching, begin = Matching(), time.monotonic() + SETTLE_S
    until, renewed, asked = begin + seconds, float("-inf"), float("-inf")
    for batch in kafka_stretch.follow(settings.TOPIC_RAW, {partition: held[partition].stop}, stop):
        now = time.monotonic()
        if now > until and matching.lowest is None:
            return
        if now - renewed > RENEW_S:
            trace_for(mission.mission_id, LEASE_S)
            renewed = now
        if begin <= now <= until:
            matching.came(arrivals(batch, mission), now)
        if matching.lowest is not None and now - asked > FRAMES_S:
            asked = now
            yield from matching.met(shown_from(mission.mission_id, matching.lowest, most=MOST_NOTES), now)


def arrivals(batch: Iterable[Message], mission: Mission) -> Iterator[Arrival]:
    """The mission's numbered messages of a batch."""
    for message in batch:
        taken = taken_at(message)
        try:
            told = decode(message.value(), taken)
        except InvalidMessage:
            continue
        if int(told.mission_id) == mission.mission_id and told.seq is not None:
            yield Arrival(
                Asked(mission.mission_id, told.seq),
                _ms(told.timestamp),
                _ms(taken),
                f"{message.partition()}-{message.offset()}",
                contract_of(message),
            )


def _ms(moment: dt.datetime) -> int:
    """Whole milliseconds since 1970, as the broker counts them."""
    return (moment - EPOCH) // dt.timedelta(milliseconds=1)

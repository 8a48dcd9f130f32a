"""Replays that a broken-off run left in doubt: whether their messages stand in Kafka.

Each carries the place of its letter in a header. Kafka is read from shortly before it was reserved until a run had
ended for certain, so that the search costs the traffic of some minutes, however late it is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings

from hocotate_site import kafka_stretch
from hocotate_site.kafka_stretch import headers
from telemetry.models import DeadLetterReplay

from .ledger import Arrival, place_of
from .letter import Place

HEADER: Final = "replay-of"
BEFORE: Final = dt.timedelta(minutes=1)
"""How far the clocks of database and broker may be apart."""
AFTER: Final = dt.timedelta(minutes=6)
"""Beyond what a run waits for its acknowledgements, and the clocks' difference."""
SETTLED: Final = dt.timedelta(seconds=30)
"""What a killed process had handed to the network is in Kafka, or lost, after so long."""
SEARCH_S: Final = 300.0


@dataclass(slots=True)
class Doubts:
    """What became of replays in doubt.

    Attributes:
        arrived: those that stand in Kafka, and where.
        unsent: those that may be sent again: they are not there, or the message counts once however often it comes.
        open: those that can't be told yet, or no more, each with a sentence.
    """

    arrived: dict[Place, Arrival] = field(default_factory=dict)
    unsent: set[Place] = field(default_factory=set)
    open: dict[Place, str] = field(default_factory=dict)


def doubts_settle(rows: Sequence[DeadLetterReplay], *, now: dt.datetime) -> Doubts:
    """Look for these replays in Kafka; the caller makes sure that no run has them in hand.

    Raises:
        KafkaException: the broker does not answer.
    """
    found = Doubts()
    held = kafka_stretch.bounds(settings.TOPIC_RAW) if rows else {}
    for group in _neighbours(rows):
        _settle(group, held, now, found)
    return found


def _neighbours(rows: Sequence[DeadLetterReplay]) -> Iterable[list[DeadLetterReplay]]:
    """Rows whose stretches overlap, together: they are read once."""
    group: list[DeadLetterReplay] = []
    for row in rows:
        if group and row.reserved_at - group[-1].reserved_at > BEFORE + AFTER:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _settle(rows: list[DeadLetterReplay], held: dict[int, range], now: dt.datetime, found: Doubts) -> None:
    starts = kafka_stretch.offsets_at(settings.TOPIC_RAW, held, rows[0].reserved_at - BEFORE)
    ends = kafka_stretch.offsets_at(settings.TOPIC_RAW, held, rows[-1].reserved_at + AFTER)
    # At the oldest message the stretch may have begun before it, and be deleted.
    whole = all(starts[number] > there.start or there.start == 0 for number, there in held.items())
    stretches = {
        number: range(max(starts[number], there.start), min(ends[number], there.stop)) for number, there in held.items()
    }
    arrived: dict[str, Arrival] = {}
    for message in kafka_stretch.messages(settings.TOPIC_RAW, stretches, seconds=SEARCH_S):
        for text in headers(message, HEADER):
            arrived.setdefault(text, Arrival(message.partition() or 0, message.offset() or 0))
    for row in rows:
        place = place_of(row)
        if str(place) in arrived:
            found.arrived[place] = arrived[str(place)]
        elif now - row.reserved_at < SETTLED:
            found.open[place] = f"in doubt, since its run broke off; try again in {SETTLED.total_seconds():.0f} s"
        elif whole or row.numbered:
            found.unsent.add(place)
        else:
            found.open[place] = (
                "in doubt for good: Kafka no longer holds the time when it may have been sent, and without a seq it"
                " would count twice"
            )

"""The ledger of replays in PostgreSQL: a letter is reserved before it is sent, and confirmed once Kafka has it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import Count, Q

from telemetry.models import DeadLetterReplay, ReplayState

from .errors import ReplayBusy
from .letter import Place
from .mend import Mend
from .trial import Passing

LOCK: Final = 0x646C6574
"""Of PostgreSQL's advisory locks: held by the one run that sends."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a message that was sent stands in Kafka."""

    partition: int
    offset: int


@contextmanager
def alone() -> Iterator[None]:
    """Hold the right to send. It ends with the connection, so that a killed run leaves no lock behind.

    Raises:
        ReplayBusy: another run holds it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise ReplayBusy("Another replay is under way; wait until it has ended, then run this again.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def replays_of(places: Iterable[Place]) -> dict[Place, DeadLetterReplay]:
    """The replays of these letters, by place; letters without one are left out."""
    named: dict[tuple[str, int], list[int]] = {}
    for place in places:
        named.setdefault((place.topic, place.partition), []).append(place.offset)
    if not named:
        return {}
    chosen = Q()
    for (topic, partition), offsets in named.items():
        chosen |= Q(topic=topic, partition=partition, offset__in=offsets)
    return {place_of(row): row for row in DeadLetterReplay.objects.filter(chosen)}


def replays_in_doubt() -> list[DeadLetterReplay]:
    """Replays that were reserved and not confirmed, oldest first. While `alone`, no run has them in hand."""
    return list(DeadLetterReplay.objects.filter(state=ReplayState.RESERVED).order_by("reserved_at"))


def replays_counted() -> dict[tuple[str, str], int]:
    """How many letters were sent once more, by reason and field."""
    rows = DeadLetterReplay.objects.filter(state=ReplayState.SENT).order_by().values_list("reason", "field")
    return {(reason, field): count for reason, field, count in rows.annotate(Count("id"))}


def reserve(
    letters: Sequence[Passing], known: Mapping[Place, DeadLetterReplay], *, mend: Mend, by: str, now: dt.datetime
) -> list[DeadLetterReplay]:
    """Note that these letters are about to be sent; those that are `known` to be unsent are noted anew."""
    rows = []
    for passing in letters:
        letter = passing.letter
        row = known.get(letter.place) or DeadLetterReplay(
            topic=letter.place.topic, partition=letter.place.partition, offset=letter.place.offset
        )
        row.reason, row.field, row.mend = letter.reason, letter.field or "", str(mend)
        row.sha256 = hashlib.sha256(passing.value).hexdigest()
        row.numbered = passing.message.seq is not None
        row.reserved_at, row.replayed_by = now, by
        rows.append(row)
    DeadLetterReplay.objects.bulk_create([row for row in rows if row.pk is None])
    DeadLetterReplay.objects.bulk_update(
        [row for row in rows if place_of(row) in known],
        ["reason", "field", "mend", "sha256", "numbered", "reserved_at", "replayed_by"],
    )
    return rows


def confirm(arrived: Mapping[Place, Arrival], *, now: dt.datetime) -> None:
    """Note where these letters stand in Kafka."""
    rows = list(replays_of(arrived).values())
    for row in rows:
        found = arrived[place_of(row)]
        row.state, row.sent_at = ReplayState.SENT, now
        row.sent_partition, row.sent_offset = found.partition, found.offset
    DeadLetterReplay.objects.bulk_update(rows, ["state", "sent_at", "sent_partition", "sent_offset"])


def release(places: Iterable[Place]) -> None:
    """Forget letters that certainly were not sent."""
    ids = [row.pk for row in replays_of(places).values()]
    DeadLetterReplay.objects.filter(pk__in=ids, state=ReplayState.RESERVED).delete()


def place_of(row: DeadLetterReplay) -> Place:
    """The letter's place."""
    return Place(row.topic, row.partition, row.offset)

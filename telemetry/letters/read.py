"""Reads of dead letters, from the lake. Pages go by key, so that each costs the same however many there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from telemetry.lake import LakeAccess, Limits, query
from telemetry.lake.result import Result

from .errors import LetterNotFound
from .filters import Filters, moment
from .letter import Letter, Place, place_read

LIMITS: Final = Limits(rows=1000, seconds=60)
_COLUMNS: Final = "kafka_topic, kafka_partition, kafka_offset, reason, field, detail, contract, kafka_time"
_BODY: Final = "^(kafka_topic|kafka_partition|kafka_offset|raw|kafka_key)$"
"""A pattern, for a lake that an older version made keeps no keys."""
_KEY: Final = "(kafka_time, kafka_partition, kafka_offset)"


@dataclass(frozen=True, slots=True)
class Group:
    """Letters of one reason and field: how many, the first and last, and the place of the last."""

    reason: str
    field: str | None
    count: int
    first: dt.datetime
    last: dt.datetime
    example: Place


def letters_page(
    filters: Filters, *, limit: int, beyond: Letter | None = None, oldest_first: bool = False
) -> list[Letter]:
    """Up to `limit` letters (at most 1,000) after letter `beyond`, newest first unless `oldest_first`.

    Raises:
        LakeQueryError: the lake is empty, or does not answer.
    """
    order, compare = ("ASC", ">") if oldest_first else ("DESC", "<")
    condition = filters.condition()
    if beyond is not None:
        place, time = beyond.place, moment(beyond.kafka_time)
        # The first half lets the lake skip files; the second is the key itself.
        condition += f" AND kafka_time {compare}= {time}"
        condition += f" AND {_KEY} {compare} ({time}, {place.partition}, {place.offset})"
    found = _select(f"SELECT {_COLUMNS}", f"WHERE {condition} ORDER BY {_KEY} {order} LIMIT {int(limit)}")
    by_place = {letter.place: letter for letter in map(_letter, found.rows)}
    if not by_place:
        return []
    # Bytes only of those on the page: to sort by time reads none of the others'.
    times = [letter.kafka_time for letter in by_place.values()]
    named = Filters(
        places=tuple(by_place),
        since=min(times),
        until=max(times) + dt.timedelta(microseconds=1),
    )
    bodies = _select(f"SELECT COLUMNS('{_BODY}')", f"WHERE {named.condition()}")
    names = [name for name, _ in bodies.columns]
    for row in (dict(zip(names, row, strict=True)) for row in bodies.rows):
        place = Place(row["kafka_topic"], row["kafka_partition"], row["kafka_offset"])
        by_place[place] = replace(by_place[place], raw=row["raw"], key=row.get("kafka_key"))
    return list(by_place.values())


def letters_all(filters: Filters, *, page: int) -> Iterator[list[Letter]]:
    """All letters, oldest first, in pages of `page`."""
    beyond = None
    while letters := letters_page(filters, limit=page, beyond=beyond, oldest_first=True):
        yield letters
        beyond = letters[-1]


def letter_get(place: Place) -> Letter:
    """The letter with this place.

    Raises:
        LetterNotFound: there is none.
        LakeQueryError: the lake is empty, or does not answer.
    """
    found = letters_page(Filters(places=(place,)), limit=1)
    if not found:
        raise LetterNotFound(
            f"The lake has no dead letter {place}; `manage.py dead_letters list` shows them. "
            "It takes some seconds until a new one is there."
        )
    return found[0]


def letters_grouped(filters: Filters) -> list[Group]:
    """Letters by reason and field, the most frequent first; at most 1,000 groups.

    Raises:
        LakeQueryError: the lake is empty, or does not answer.
    """
    found = _select(
        "SELECT reason, field, count(*), min(kafka_time), max(kafka_time),"
        " arg_max(concat_ws('-', kafka_topic, kafka_partition, kafka_offset), kafka_time)",
        f"WHERE {filters.condition()} GROUP BY reason, field ORDER BY 3 DESC, reason, field LIMIT {LIMITS.rows}",
    )
    return [
        Group(reason, field, count, first, last, place_read(place, ""))
        for reason, field, count, first, last, place in found.rows
    ]


def _letter(row: tuple[Any, ...]) -> Letter:
    topic, partition, offset, reason, field, detail, contract, time = row
    return Letter(Place(topic, partition, offset), reason, field, detail or "", contract, time, None, None)


def _select(what: str, rest: str) -> Result:
    return query(f"{what} FROM telemetry.dead_letters {rest}", limits=LIMITS, access=LakeAccess.from_settings())

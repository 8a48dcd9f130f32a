"""Which dead letters are meant, as a condition in the lake's SQL. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ships_client.contracts import Reason

from .errors import FilterInvalid
from .letter import Place

_AGE: Final = re.compile(r"(?P<count>[0-9]{1,6})\s*(?P<unit>[smhd])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

# A letter's text, null where its bytes are no text; JSON where it is, and else what looks like the field.
_TEXT: Final = "TRY(decode(raw))"
_MISSION: Final = (
    f"CASE WHEN json_valid({_TEXT}) THEN {_TEXT} ->> '$.mission_id'"
    f""" ELSE regexp_extract({_TEXT}, '"mission_id"\\s*:\\s*"?([0-9]+)', 1) END"""
)
_SHIP: Final = (
    f"CASE WHEN json_valid({_TEXT}) THEN {_TEXT} ->> '$.ship_id'"
    f""" ELSE regexp_extract({_TEXT}, '"ship_id"\\s*:\\s*"([^"]*)"', 1) END"""
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What letters must have; None and () ask for nothing. `mission` and `ship` pass over what can't be read."""

    places: tuple[Place, ...] = ()
    reason: Reason | None = None
    field: str | None = None
    contract: str | None = None
    mission: int | None = None
    ship: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def condition(self) -> str:
        """The condition, `true` when nothing is asked for."""
        parts = []
        if self.places:
            chosen = ", ".join(f"({place.partition}, {place.offset})" for place in self.places)
            # The ranges let the lake skip files, which a list of pairs does not.
            parts += [
                f"kafka_partition IN ({_numbers(place.partition for place in self.places)})",
                f"kafka_offset IN ({_numbers(place.offset for place in self.places)})",
                f"(kafka_partition, kafka_offset) IN ({chosen})",
                f"kafka_topic IN ({', '.join(sorted({literal(place.topic) for place in self.places}))})",
            ]
        for column, text in (("reason", self.reason), ("field", self.field), ("contract", self.contract)):
            if text is not None:
                parts.append(f"{column} = {literal(text)}")
        if self.mission is not None:
            parts.append(f"({_MISSION}) = '{self.mission:d}'")
        if self.ship is not None:
            parts.append(f"({_SHIP}) = {literal(self.ship)}")
        if self.since is not None:
            parts.append(f"kafka_time >= {moment(self.since)}")
        if self.until is not None:
            parts.append(f"kafka_time < {moment(self.until)}")
        return " AND ".join(parts) or "true"


def literal(text: str) -> str:
    """Text as SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def moment(time: dt.datetime) -> str:
    """An aware time as SQL."""
    return f"TIMESTAMPTZ '{time.astimezone(dt.UTC).isoformat(sep=' ')}'"


def time_read(text: str, now: dt.datetime) -> dt.datetime:
    """`90m`, `24h`, `7d` before `now`, or a date or time as ISO 8601, UTC where it names no zone.

    Raises:
        FilterInvalid: it is neither.
    """
    if age := _AGE.fullmatch(text.strip()):
        return now - dt.timedelta(**{_UNITS[age["unit"]]: int(age["count"])})
    try:
        time = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise FilterInvalid(f"{text!r} is no time; give an age such as 90m, 24h or 7d, or 2026-11-25T08:30.") from None
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)


def _numbers(values: Iterable[int]) -> str:
    return ", ".join(str(value) for value in sorted(set(values)))

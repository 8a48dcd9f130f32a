"""When a line of a log was written, as each server says it. Pure; all of them run in UTC (stack.execute).

The forms: our programs, Kafka, PostgreSQL, Spark and supervisord write 2026-11-29T06:39:05.409Z or nearly so, Valkey
29 Nov 2026 06:38:59.885, and the object store 1129 06:38:59.784717 after a letter, without a year.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

_CLOCK: Final = r"(?P<clock>\d\d:\d\d:\d\d)(?:[.,](?P<part>\d{1,6}))?"
_FORMS: Final = (
    re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)[T ]{_CLOCK}"),
    re.compile(rf"\b(?P<day>\d\d) (?P<name>[A-Z][a-z]{{2}}) (?P<year>\d{{4}}) {_CLOCK}"),
    re.compile(rf"^[IWEF](?P<month>\d\d)(?P<day>\d\d) {_CLOCK}"),
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(head: str, now: datetime | None = None) -> str:
    """The time that stands at the beginning of a line, as 2026-11-29T06:39:05.409000; empty where there is none.

    A time without a year is of the last twelve months before `now`.
    """
    for form in _FORMS:
        if (found := form.search(head)) is not None:
            return _written(found, now or datetime.now(UTC))
    return ""


def _written(found: re.Match[str], now: datetime) -> str:
    named = found.groupdict()
    if (name := named.get("name")) is None:
        month = named["month"]
    elif name in _MONTHS:
        month = f"{_MONTHS.index(name) + 1:02d}"
    else:
        return ""
    # The last hours of a year that is over bear a later day than today.
    year = named.get("year") or str(now.year - (f"{month}{named['day']}" > f"{now:%m%d}"))
    return f"{year}-{month}-{named['day']}T{named['clock']}.{named['part'] or '':0<6}"

"""What the address of the list asks for, and the addresses that the list links to. Pure.

`?status=running&planet=Koppai&captain=Olimar&q=dolphin&since=2026-11-01&until=2026-11-30&gaps=1&sort=-started&rows=50`,
and to page, `after=` or `before=` a mission's number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from missions import rules
from ships_client.contracts import TARGETS, MissionStatus

SORTS: Final = {
    "mission": "mission_id",
    "ship": "ship_name",
    "captain": "captain",
    "planet": "target",
    "started": "started_at",
}
"""Orders that an index gives, by their word in the address."""
FIRST_SORT: Final = "-mission"
ROWS: Final = (25, 50, 100)
FIRST_ROWS: Final = 25
LARGEST_ID: Final = 2**63 - 1


class Unaskable(ValueError):
    """The address asks for something that can't be; the text says what, and what can."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of the list; the empty string and None mean that nothing is asked for."""

    q: str = ""
    status: MissionStatus | None = None
    planet: str = ""
    captain: str = ""
    since: date | None = None
    until: date | None = None
    gaps: bool = False
    sort: str = FIRST_SORT
    rows: int = FIRST_ROWS
    after: int | None = None
    before: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether a filter beside the status leaves missions out."""
        return self.without_page() != Asked(status=self.status, sort=self.sort, rows=self.rows)

    @property
    def first(self) -> bool:
        """Whether this is the first page, newest first: the one on which new missions would stand."""
        return self.sort == FIRST_SORT and self.after is None and self.before is None

    def without_page(self, **changes: object) -> Asked:
        """The first page of what is asked for, with these changes."""
        return replace(self, **{"after": None, "before": None, **changes})  # type: ignore[arg-type]  # of the fields

    def query(self, **changes: object) -> str:
        """The address' part after the question mark; what is usual is left out."""
        asked = replace(self, **changes)  # type: ignore[arg-type]  # of the fields
        told = {
            "q": asked.q,
            "status": asked.status.value.lower() if asked.status else "",
            "planet": asked.planet,
            "captain": asked.captain,
            "since": asked.since or "",
            "until": asked.until or "",
            "gaps": "1" if asked.gaps else "",
            "sort": "" if asked.sort == FIRST_SORT else asked.sort,
            "rows": "" if asked.rows == FIRST_ROWS else asked.rows,
            "after": asked.after or "",
            "before": asked.before or "",
        }
        return urlencode({name: value for name, value in told.items() if value != ""})


def asked(given: Mapping[str, str]) -> Asked:
    """Read an address.

    Raises:
        Unaskable: a value of it can't be.
    """
    q, captain = given.get("q", "").strip(), given.get("captain", "")
    for name, value in (("q", q), ("captain", captain)):
        if len(value) > rules.LONGEST_NAME or not value.isprintable():
            raise Unaskable(f"{name} is no name; give up to {rules.LONGEST_NAME} printable characters.")
    planet = given.get("planet", "")
    if planet and planet not in TARGETS:
        raise Unaskable(f"There is no planet {planet[: rules.LONGEST_NAME]!r}; choose one of {', '.join(TARGETS)}.")
    since, until = _day(given, "since"), _day(given, "until")
    if since and until and since > until:
        since, until = until, since
    return Asked(
        q=q,
        status=_status(given.get("status", "")),
        planet=planet,
        captain=captain,
        since=since,
        until=until,
        gaps=_among(given, "gaps", ("", "1"), "") == "1",
        sort=_among(given, "sort", [sign + word for word in SORTS for sign in ("", "-")], FIRST_SORT),
        rows=int(_among(given, "rows", [str(rows) for rows in ROWS], str(FIRST_ROWS))),
        after=_number(given, "after"),
        before=_number(given, "before"),
    )


def _among(given: Mapping[str, str], name: str, choices: Sequence[str], usual: str) -> str:
    value = given.get(name) or usual
    if value not in choices:
        raise Unaskable(f"{name}={value[:40]!r} is none of {', '.join(word for word in choices if word)}.")
    return value


def _status(text: str) -> MissionStatus | None:
    if not text:
        return None
    try:
        return MissionStatus(text.upper())
    except ValueError:
        raise Unaskable(f"There is no status {text[:40]!r}; choose running, success or failure.") from None


def _number(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name) or ""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST_ID):
        raise Unaskable(f"{name}={text[:40]!r} is not a mission number.")
    return int(text)


def _day(given: Mapping[str, str], name: str) -> date | None:
    text = given.get(name) or ""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unaskable(f"{name}={text[:40]!r} is no day; write it as 2026-11-25.") from None
    if not 1970 <= day.year <= 9000:
        raise Unaskable(f"{name}={text[:40]!r} is beyond all missions; give a day from 1970 on.")
    return day

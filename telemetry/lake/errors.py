"""Errors of SQL over the lake; each text is a sentence for the one who asked.

LakeQueryError
├── QueryRefused       the fence does not let it through
├── QueryInvalid       not SQL, or not over these tables
├── QueryTooLarge      it needs more time, memory or room than a query may take
├── QueryNotNow        another query of the same user runs, or as many as may run at once
├── LakeEmpty          no message has been written yet
└── LakeUnavailable    the catalog or the object store does not answer
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Line and column in a query, both from 1, in characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f" (line {self.line}, column {self.column})"


class LakeQueryError(Exception):
    """A query that brought no result; `place` says where in it the trouble is, when that is known."""

    def __init__(self, text: str, place: Place | None = None) -> None:
        super().__init__(text)
        self.place = place


class QueryRefused(LakeQueryError):
    """The query does something that is not allowed here."""


class QueryInvalid(LakeQueryError):
    """The query can't be understood, or names what is not there."""


class QueryTooLarge(LakeQueryError):
    """The query was stopped at one of its limits."""


class QueryNotNow(LakeQueryError):
    """The query was not begun; `own` when the same user's other query is in its way."""

    def __init__(self, text: str, *, own: bool = False) -> None:
        super().__init__(text)
        self.own = own


class LakeEmpty(LakeQueryError):
    """The lake has no table yet."""


class LakeUnavailable(LakeQueryError):
    """The lake can't be reached now."""

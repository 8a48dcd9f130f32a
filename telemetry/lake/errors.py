"""Errors of SQL over the lake; each text is a sentence for the one who asked.

LakeQueryError
├── QueryRefused       the fence does not let it through
├── QueryInvalid       not SQL, or not over these tables
├── QueryTooLarge      it needs more time or memory than a query may take
├── LakeEmpty          no message has been written yet
└── LakeUnavailable    the catalog or the object store does not answer
"""

from __future__ import annotations


class LakeQueryError(Exception):
    """A query that brought no result."""


class QueryRefused(LakeQueryError):
    """The query does something that is not allowed here."""


class QueryInvalid(LakeQueryError):
    """The query can't be understood, or names what is not there."""


class QueryTooLarge(LakeQueryError):
    """The query was stopped at one of its limits."""


class LakeEmpty(LakeQueryError):
    """The lake has no table yet."""


class LakeUnavailable(LakeQueryError):
    """The lake can't be reached now."""

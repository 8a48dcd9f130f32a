"""What may stop a report on its way into the warehouse.

IngestError
├── ReportRejected     the report itself is wrong: it is quarantined, whole, with the sentence as its reason
│   └── ObjectMissing  an object of it is not in the bucket
├── Collision          one of several reports cannot be loaded: each is then loaded by itself, which shows it
└── StoreAway          the object store does not answer: the report waits, and the run is tried again
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Check(StrEnum):
    """The checks that a report passes, in their order."""

    HANDED_IN = "handed_in"
    PRESENT = "present"
    MANIFEST = "manifest"
    AGREEMENT = "agreement"
    MISSION = "mission"
    SIZE = "size"
    CHECKSUM = "checksum"
    SCHEMA = "schema"
    ROWS = "rows"
    VALUES = "values"
    ONCE = "once"
    CHANGED = "changed"
    ATTEMPTS = "attempts"


@dataclass(frozen=True)
class Row:
    """The row that a report fails for: its file's key, its place there (the first is 0) and its values by column."""

    file: str
    number: int
    values: dict[str, Any]


class IngestError(Exception):
    """Base of all errors that the ingest raises on purpose."""


class ReportRejected(IngestError):
    """A report fails `check`; `reason` is a sentence that names the file, the place and the value.

    Attributes:
        row: the row that is wrong, where one is.
    """

    def __init__(self, check: Check, reason: str, row: Row | None = None) -> None:
        super().__init__(check, reason)
        self.check = check
        self.reason = reason
        self.row = row

    def __str__(self) -> str:
        return f"{self.check.value}: {self.reason}"


class ObjectMissing(ReportRejected):
    """The bucket holds no object with the key."""

    def __init__(self, key: str) -> None:
        super().__init__(Check.PRESENT, f"{key}: there is no such object in the bucket.")


class Collision(IngestError):
    """Rows of one of several reports are loaded already; the report shows when each is loaded by itself."""


class StoreAway(IngestError):
    """The object store does not answer, or answers that it cannot serve now."""

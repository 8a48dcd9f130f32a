"""Objects of the bucket held against what is known of their reports. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ships_client.contracts import InvalidKey, parse_key
from ships_client.contracts.reports import ReportKind

from .manifest import ReportId


@dataclass(frozen=True)
class Listed:
    """An object of the bucket: its key, and its ETag without quotes."""

    key: str
    etag: str


class Finding(StrEnum):
    """What an object says about its report."""

    NOTHING = "nothing"
    FOUND = "found"
    MENDED = "mended"
    SUSPECT = "suspect"


@dataclass(frozen=True)
class Known:
    """What headquarters knows of a report.

    Attributes:
        state: of its upload: announced, committed, loaded or quarantined.
        etags: by kind, of the objects that were loaded, or that stood there when it was quarantined.
    """

    state: str
    etags: Mapping[str, str | None]


def report_of(listed: Listed) -> tuple[ReportId, ReportKind] | None:
    """Which report's object it is, and which of the three; None when the key is no such object's."""
    try:
        key = parse_key(listed.key)
    except InvalidKey:
        return None
    report = ReportId(int(key.mission_id), key.date, key.report_no)
    # A mission's number with zeros before it names no report that anybody would look for.
    return (report, key.kind) if report.key(key.kind) == listed.key else None


def compare(listed: Listed, kind: ReportKind, known: Known | None) -> Finding:
    """What the object says about its report.

    FOUND: a manifest that nobody announced. MENDED: another one stood there, or none, when its report was quarantined.
    SUSPECT: its report is loaded, and its ETag is another than then, so that its content has to be looked at.
    """
    if known is None:
        return Finding.FOUND if kind is ReportKind.MANIFEST else Finding.NOTHING
    if known.etags.get(kind.value) == listed.etag:
        return Finding.NOTHING
    return {"loaded": Finding.SUSPECT, "quarantined": Finding.MENDED}.get(known.state, Finding.NOTHING)

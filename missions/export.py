"""The list as a CSV file, made a slice at a time while it is sent: memory holds one slice, however long the list is."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Final

from django.db import connection

from missions import listing
from missions.asked import Asked
from missions.models import Mission

SLICE: Final = 1_000
"""Missions of a query and a piece."""
COLUMNS: Final = (
    "mission_id",
    "status",
    "ship_name",
    "captain",
    "target",
    "report_freq_min",
    "phase",
    "started_at",
    "finished_at",
    "last_message_at",
    "last_seq",
    "final_seq",
)
TIMES: Final = frozenset(name for name in COLUMNS if name.endswith("_at"))
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text that begins so for a formula, and runs it."""


class Pieces:
    """The file's pieces. Each is made in a thread of its own query, which gives its connection back."""

    def __init__(self, asked: Asked, captains: list[str]) -> None:
        self._pieces = pieces(asked, captains)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await asyncio.to_thread(self._next)) is not None:
            yield piece

    def _next(self) -> bytes | None:
        try:
            return next(self._pieces, None)
        finally:
            if not connection.in_atomic_block:
                connection.close()


def pieces(asked: Asked, captains: list[str]) -> Iterator[bytes]:
    """A header, then a line a mission; times are ISO 8601 in UTC, null is empty."""
    yield _lines([COLUMNS])
    for missions in listing.slices(asked, captains, SLICE):
        if missions:
            yield _lines([_cells(mission) for mission in missions])


def _cells(mission: Mission) -> list[str]:
    return [_cell(name, getattr(mission, name)) for name in COLUMNS]


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    text = f"{value:%Y-%m-%dT%H:%M:%SZ}" if name in TIMES else str(value)
    return f"'{text}" if text.startswith(FORMULA) and not isinstance(value, int) else text


def _lines(lines: Iterable[Sequence[str]]) -> bytes:
    piece = io.StringIO()
    csv.writer(piece).writerows(lines)
    return piece.getvalue().encode()

"""The reports of flights: which ticks each brings, and which items. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from ships_client.contracts import CATALOGUE

from .draw import Flight

PREFIX: Final = "demo-history/"
"""Begin of every key of a demo report: no such object is in the bucket."""
ITEMS: Final = 20
WORK: Final = (8 * 3600, 17 * 3600)
"""Working day in which items come aboard, seconds of the day."""


@dataclass(frozen=True)
class DemoReport:
    """A report of `flight`: ticks from `first` until before `last`, and items as positions in the catalogue."""

    flight: int
    date: dt.date
    number: int
    first: int
    last: int
    uploaded_at: dt.datetime
    items: tuple[int, ...]
    item_seconds: tuple[int, ...]


def reports_drawn(rng: np.random.Generator, flights: list[Flight], ticks: list[int]) -> list[DemoReport]:
    """Reports of the flights, which have so many ticks, in the order in which they were handed in."""
    found = []
    for index, (flight, count) in enumerate(zip(flights, ticks, strict=True)):
        step = flight.interval_min * 60
        for number, first in enumerate(range(0, count, step), start=1):
            last = min(first + step, count)
            uploaded = flight.started_at + dt.timedelta(seconds=last + 4)
            found.append(
                DemoReport(
                    flight=index,
                    date=uploaded.date(),
                    number=number,
                    first=first,
                    last=last,
                    uploaded_at=uploaded,
                    items=tuple(int(item) for item in rng.integers(len(CATALOGUE), size=ITEMS)),
                    item_seconds=tuple(int(second) for second in np.sort(rng.integers(*WORK, size=ITEMS))),
                )
            )
    return sorted(found, key=lambda report: report.uploaded_at)


def key_of(mission_id: int, report: DemoReport, kind: str) -> str:
    """Key of one of its three objects."""
    extension = "json" if kind == "manifest" else "parquet"
    day = report.date.isoformat()
    name = f"{kind}_{mission_id}_{day.replace('-', '')}_{report.number:04d}.{extension}"
    return f"{PREFIX}missions/{mission_id}/{day}/{name}"


def checksum_of(key: str) -> str:
    """A sha256 (hex) for an object that does not exist: that of its key."""
    return hashlib.sha256(key.encode()).hexdigest()

"""A mission's track, slice by slice: the lake's rows and Kafka's tail, with nothing lost or doubled at the seam."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from telemetry.history.asked import Flight, Span
from telemetry.history.columns import read_schema
from telemetry.history.merging import Seen, merged
from telemetry.history.tail import Sought, Tail, read_tail
from telemetry.lake.access import LakeAccess
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.errors import LakeEmpty
from telemetry.lake.frontier import frontiers
from telemetry.lake.stream import read

TRACK: Final = "track"
RAW: Final = "raw"
MOST_BEHIND: Final = 20_000
"""Offsets that the track may lie behind raw and still be read, the rest from Kafka."""


@dataclass
class Counts:
    """Where the rows of an answer came from, as they are read: rows of the lake, and of the tail that it lacked."""

    lake: int = 0
    tail: int = 0
    newest: datetime | None = None
    """When the broker took the newest of the lake's rows."""


@dataclass(frozen=True)
class Reading:
    """Reads one mission's history.

    The order matters: first how far the lake has committed, then the tail from there on, then the lake's newest
    snapshot. So each message stands in one of both, or in both and is counted once.
    """

    flight: Flight
    columns: tuple[str, ...]
    tail: Tail
    counts: Counts
    _access: LakeAccess
    _metadata: str | None

    @classmethod
    def begin(cls, flight: Flight, columns: tuple[str, ...], access: LakeAccess, topic: str | None = None) -> Reading:
        """Read the tail and find the lake's newest snapshot.

        Raises:
            LakeUnavailable: the catalog does not answer.
        """
        noted = frontiers(access)
        table, committed = chosen_table(noted)
        tail = read_tail(Sought(flight.mission_id, flight.ship, columns), committed, topic)
        try:
            metadata = metadata_locations(access).get(table)
        except LakeEmpty:
            metadata = None
        return cls(flight, columns, tail, Counts(), access, metadata)

    @property
    def complete_until(self) -> datetime | None:
        """Everything that the broker took before this moment is in the answer; None when that can't be said."""
        return self.tail.complete_until or self.counts.newest

    def slices(self, spans: list[Span]) -> Iterator[pa.Table]:
        """The rows of each span in the order of time, each message once; IDENTITY and the columns.

        Raises:
            LakeQueryError: the lake does not answer, or not within its limits.
        """
        seen = Seen()
        for span in spans:
            lake = self._lake(span)
            tail = self.tail.rows.filter(_within(self.tail.rows, span))
            if lake.num_rows:
                newest = pc.max(lake.column("kafka_time")).as_py()
                self.counts.newest = max(self.counts.newest or newest, newest)
            rows = merged(lake, tail)
            if len(spans) > 1:
                rows = seen.new(rows)
            held = min(merged(lake).num_rows, rows.num_rows) if tail.num_rows else rows.num_rows
            self.counts.lake += held
            self.counts.tail += rows.num_rows - held
            yield rows

    def _lake(self, span: Span) -> pa.Table:
        if self._metadata is None or span.begin >= span.end:
            return read_schema(self.columns).empty_table()
        return lake_rows(self._access, self._metadata, self.flight.mission_id, self.columns, span)


def lake_rows(access: LakeAccess, metadata: str, mission_id: int, columns: tuple[str, ...], span: Span) -> pa.Table:
    """A mission's rows of a span in the snapshot that `metadata` names, in no order; IDENTITY and the columns.

    Raises:
        LakeQueryError: the lake does not answer, or not within its limits.
    """
    schema = read_schema(columns)
    where = (
        f"mission_id = {int(mission_id)} AND event_time >= {_literal(span.begin)} AND event_time < {_literal(span.end)}"
    )
    return read(access, metadata, tuple(schema.names), where).cast(schema)


def chosen_table(noted: Mapping[str, Mapping[int, int]]) -> tuple[str, Mapping[int, int]]:
    """Which table to read and its frontier: the track, unless it lies far behind raw."""
    raw, track = noted.get(RAW, {}), noted.get(TRACK, {})
    if raw and track:
        behind = max(raw[number] - track.get(number, 0) for number in raw)
        if behind <= MOST_BEHIND:
            return TRACK, track
    return RAW, raw


def _within(rows: pa.Table, span: Span) -> pa.ChunkedArray:
    time = rows.column("event_time")
    return pc.and_(
        pc.greater_equal(time, pa.scalar(span.begin, time.type)), pc.less(time, pa.scalar(span.end, time.type))
    )


def _literal(time: datetime) -> str:
    return f"TIMESTAMPTZ '{time.isoformat()}'"

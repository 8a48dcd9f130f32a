"""What a derived table has not read yet of its source, by what its own snapshots say.

Each commit of a derived table carries, in its summary, the snapshot of the source up to which it holds all rows. Data
and position are one commit, so a kill leaves both or neither, and there is no checkpoint that could be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from pyspark.sql import DataFrame, SparkSession

from spark.session import jvm
from spark.tables import LakeTable, iceberg_table

DERIVED_FROM: Final = "derived-from"
"""Entry of a snapshot's summary: the source's snapshot up to which all rows are in it."""


@dataclass(frozen=True)
class Increment:
    """Rows of the source that are to be read: appended after snapshot `start`, up to and with `end`.

    Without `start` it is everything that stands in `end`: at the first time, when `end` is the oldest snapshot that the
    source knows, and where the source no longer knows the snapshot that was read last.
    """

    start: int | None
    end: int

    @property
    def bounded(self) -> bool:
        """Whether its rows are known to be few."""
        return self.start is not None

    def read(self, session: SparkSession, source: LakeTable) -> DataFrame:
        """Its rows."""
        reader = session.read.format("iceberg")
        if self.start is None:
            return reader.option("versionAsOf", self.end).load(source.identifier)
        ends = {"start-snapshot-id": self.start, "end-snapshot-id": self.end}
        return reader.options(**ends).load(source.identifier)


def unread(
    session: SparkSession, source: LakeTable, derived: LakeTable, newest: int, most_rows: int
) -> Increment | None:
    """What `derived` has to read next of `source`, about `most_rows` at most; None when it has read up to `newest`.

    `newest` is a snapshot of the source that is not older than what was read last. A single commit of the source that
    holds more rows is read as one.
    """
    read_last = last_read(session, derived)
    if read_last == newest:
        return None
    known = iceberg_table(session, source)
    known.refresh()
    history: list[tuple[int, int]] = []
    for snapshot in ancestors(session, known):
        if snapshot.snapshotId() == read_last:
            return Increment(read_last, next_end(reversed(history), most_rows))
        if history or snapshot.snapshotId() == newest:
            history.append((snapshot.snapshotId(), _appended(snapshot)))
    # The oldest first: of a new lake that met a backlog it is one batch, where the newest is all of it.
    return Increment(None, history[-1][0] if read_last is None and history else newest)


def next_end(oldest_first: Iterable[tuple[int, int]], most_rows: int) -> int:
    """Of (snapshot, rows it added): the last snapshot with which the sum stays within `most_rows`, or the first.

    Raises:
        ValueError: there is none.
    """
    end, rows = None, 0
    for snapshot, added in oldest_first:
        rows += added
        if end is not None and rows > most_rows:
            break
        end = snapshot
    if end is None:
        raise ValueError("There is no snapshot to read.")
    return end


def _appended(snapshot: Any) -> int:
    """Rows that are new in a snapshot; what compaction writes anew is not."""
    return int(snapshot.summary().get("added-records") or 0) if snapshot.operation() == "append" else 0


def last_read(session: SparkSession, derived: LakeTable) -> int | None:
    """The source's snapshot that the newest commit of a derived table names."""
    table = iceberg_table(session, derived)
    table.refresh()
    for snapshot in ancestors(session, table):
        # Compaction and retention commit without it; the one before them counts on.
        if (named := snapshot.summary().get(DERIVED_FROM)) is not None:
            return int(named)
    return None


def ancestors(session: SparkSession, table: Any) -> Iterator[Any]:
    """The snapshots of an Iceberg table that led to the current one, newest first."""
    newest_first = jvm(session).org.apache.iceberg.util.SnapshotUtil.currentAncestors(table).iterator()
    while newest_first.hasNext():
        yield newest_first.next()


def ranges(values: Iterable[int], most: int) -> list[tuple[int, int]]:
    """At most `most` ranges (first, last; both in) that hold all values, with as little between them as can be."""
    sorted_values = sorted(set(values))
    if not sorted_values:
        return []
    gaps = sorted(
        range(1, len(sorted_values)), key=lambda place: sorted_values[place] - sorted_values[place - 1], reverse=True
    )
    cuts = sorted(place for place in gaps[: most - 1] if sorted_values[place] - sorted_values[place - 1] > 1)
    bounds = [0, *cuts, len(sorted_values)]
    return [(sorted_values[first], sorted_values[end - 1]) for first, end in pairwise(bounds)]

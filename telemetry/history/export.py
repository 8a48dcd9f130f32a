"""A mission's whole track as a file, made while it is sent: memory holds one slice, however long the track is."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

CSV_ROWS: Final = 4_000
"""Rows of a piece, about 1 MB."""
PARQUET_ROWS: Final = 50_000
"""Rows of a row group."""


def csv_pieces(slices: Iterable[pa.Table], schema: pa.Schema) -> Iterator[bytes]:
    """A header, then a line a row; times are ISO 8601 in UTC, null is empty."""
    options = pa.csv.WriteOptions(include_header=False)
    yield (",".join(schema.names) + "\n").encode()
    for rows in slices:
        text = _with_iso_times(rows.select(schema.names))
        for begin in range(0, text.num_rows, CSV_ROWS):
            piece = io.BytesIO()
            pa.csv.write_csv(text.slice(begin, CSV_ROWS), piece, options)
            yield piece.getvalue()


def parquet_pieces(slices: Iterable[pa.Table], schema: pa.Schema) -> Iterator[bytes]:
    """A Parquet file (zstd) with a row group for each PARQUET_ROWS rows; its footer comes last."""
    sink = _Sink()
    with pa.parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        for rows in slices:
            if rows.num_rows:
                writer.write_table(rows.select(schema.names), row_group_size=PARQUET_ROWS)
            yield sink.taken()
    yield sink.taken()


FORMATS: Final[dict[str, tuple[str, Callable[[Iterable[pa.Table], pa.Schema], Iterator[bytes]]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_pieces),
    "parquet": ("application/vnd.apache.parquet", parquet_pieces),
}
"""Media type and maker of each format."""


class Stream:
    """Pieces made one at a time in a thread, when the one before has been sent; `close` ends it early."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._closed = threading.Event()
        self._making = threading.Lock()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            while (piece := await asyncio.to_thread(self._next)) is not None:
                if piece:
                    yield piece
        finally:
            self.close()

    def close(self) -> None:
        """Make no more pieces, and let go of what they are made from."""
        self._closed.set()
        if self._making.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._making.release()

    def _next(self) -> bytes | None:
        with self._making:
            try:
                return None if self._closed.is_set() else next(self._pieces, None)
            finally:
                if self._closed.is_set():
                    self._end()

    def _end(self) -> None:
        if (end := getattr(self._pieces, "close", None)) is not None:
            end()


class _Sink(io.RawIOBase):
    """Collects what a writer writes until it is taken."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, data: object) -> int:
        piece = bytes(memoryview(data))  # type: ignore[arg-type]  # any buffer
        self._held.append(piece)
        self._position += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = b"".join(self._held)
        self._held = []
        return piece


def _with_iso_times(rows: pa.Table) -> pa.Table:
    for place, field in enumerate(rows.schema):
        if pa.types.is_timestamp(field.type):
            # %S has the fraction of a second.
            text = pc.strftime(rows.column(place), format="%Y-%m-%dT%H:%M:%SZ")
            rows = rows.set_column(place, field.name, text)
    return rows

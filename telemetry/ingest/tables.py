"""A report's parquet file: bytes held against the manifest, then read by the contract's columns. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ships_client.contracts import ManifestFile
from ships_client.contracts.reports import MISSION_COLUMNS, SHIP_STATE_COLUMNS, Column, DataKind

from .errors import Check, ReportRejected, Row
from .limits import LARGEST_TABLE
from .memory import memory_bound

ARROW_TYPES: Final = {
    "int64": pa.int64(),
    "float64": pa.float64(),
    "string": pa.string(),
    "timestamp[us, UTC]": pa.timestamp("us", tz="UTC"),
}
MANY_ROWS: Final = 100_000
COLUMNS: Final = {DataKind.MISSION: MISSION_COLUMNS, DataKind.SHIP_STATE: SHIP_STATE_COLUMNS}


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """The Arrow schema of a contract's columns."""
    return pa.schema([pa.field(c.name, ARROW_TYPES[c.type], nullable=c.nullable) for c in columns])


def bytes_verify(raw: bytes, file: ManifestFile) -> None:
    """Hold a file's bytes against the size and sha256 of the manifest.

    Raises:
        ReportRejected: they differ.
    """
    if len(raw) != file.size:
        raise ReportRejected(Check.SIZE, f"{file.key}: has {len(raw):,} bytes, the manifest says {file.size:,}.")
    digest = hashlib.sha256(raw).hexdigest()
    if digest != file.sha256:
        raise ReportRejected(Check.CHECKSUM, f"{file.key}: its sha256 is {digest}, the manifest says {file.sha256}.")


def table_read(raw: bytes, file: ManifestFile) -> pa.Table:
    """Read a parquet file of the contract's columns; the strings of a large one stay dictionaries, as compact as there.

    Raises:
        ReportRejected: it is no parquet file that can be read (encrypted ones cannot), has other columns, other rows
            than the manifest says, a null where none may be, or unpacks to more than LARGEST_TABLE.
    """
    columns = COLUMNS[file.kind]
    try:
        with memory_bound(2 * LARGEST_TABLE):
            table = _read(raw, file, columns)
    except MemoryError:
        # Also Arrow's own: what the file says of its size was not true.
        raise _too_large(file) from None
    except (pa.ArrowException, OSError) as error:
        sentence = str(error).splitlines()[0][:300].rstrip(".")
        what = "is encrypted, and reports are handed in plain" if "ncrypt" in sentence else "cannot be read as parquet"
        raise ReportRejected(Check.SCHEMA, f"{file.key}: {what}: {sentence}.") from None
    if table.nbytes > LARGEST_TABLE:
        raise _too_large(file)
    for column in columns:
        if not column.nullable and table.column(column.name).null_count:
            row = table.column(column.name).is_null().index(pa.scalar(True)).as_py()
            raise ReportRejected(
                Check.VALUES,
                f"{file.key}: row {row} (the first is 0) has no {column.name}; it needs one.",
                row_of(table, row, file),
            )
    return table


def _too_large(file: ManifestFile) -> ReportRejected:
    return ReportRejected(
        Check.SIZE,
        f"{file.key}: unpacks to more than it says, and to more than {LARGEST_TABLE:,} bytes, the most that are taken.",
    )


def row_of(table: pa.Table, number: int, file: ManifestFile) -> Row:
    """The row of that number (the first is 0) of a file's table."""
    return Row(file.key, number, {name: value_of(table.column(name)[number]) for name in table.column_names})


def value_of(scalar: pa.Scalar) -> Any:
    """The value in Python; one that Python has no room for (the year 200,000, bytes that are no text) in words."""
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return repr(scalar)[:100]


def _read(raw: bytes, file: ManifestFile, columns: Sequence[Column]) -> pa.Table:
    plain = pq.ParquetFile(pa.BufferReader(raw))
    _same_columns(plain.schema_arrow, file, columns)
    _same_rows(plain.metadata, file)
    if file.rows <= MANY_ROWS:
        # Threads, and a second look at the file, pay only for files far larger than a usual report.
        return plain.read(use_threads=False)
    texts = [column.name for column in columns if column.type == "string"]
    return pq.ParquetFile(pa.BufferReader(raw), metadata=plain.metadata, read_dictionary=texts).read()


def _same_columns(schema: pa.Schema, file: ManifestFile, columns: Sequence[Column]) -> None:
    found = [(field.name, field.type) for field in schema]
    wanted = [(column.name, ARROW_TYPES[column.type]) for column in columns]
    for position, (has, wants) in enumerate(zip(found, wanted, strict=False)):
        if has != wants:
            raise ReportRejected(
                Check.SCHEMA,
                f"{file.key}: column {position} is {has[0]} of type {has[1]}; "
                f"the contract has {wants[0]} of type {wants[1]} there.",
            )
    if len(found) != len(wanted):
        raise ReportRejected(Check.SCHEMA, f"{file.key}: has {len(found)} columns, the contract has {len(wanted)}.")


def _same_rows(metadata: pq.FileMetaData, file: ManifestFile) -> None:
    if metadata.num_rows != file.rows:
        raise ReportRejected(
            Check.ROWS, f"{file.key}: has {metadata.num_rows:,} rows, the manifest says {file.rows:,}."
        )
    unpacked = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if unpacked > LARGEST_TABLE:
        raise ReportRejected(
            Check.SIZE, f"{file.key}: unpacks to {unpacked:,} bytes; at most {LARGEST_TABLE:,} are taken."
        )

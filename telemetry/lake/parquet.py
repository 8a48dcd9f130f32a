"""A query's result as a Parquet file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telemetry.lake.errors import QueryInvalid
from telemetry.lake.result import named_once

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class ParquetResult:
    """The file, rows in it, whether the row limit cut them, and how long it took in seconds."""

    data: bytes
    rows: int
    truncated: bool
    seconds: float


def written(reader: pa.RecordBatchReader, limit: int) -> tuple[bytes, int, bool]:
    """The first `limit` rows as a file; how many these are, and whether there were more.

    Raises:
        QueryInvalid: Parquet has no such type.
    """
    # Here, because it takes 0.3 s and 60 MB, and few queries want it.
    import pyarrow as pa
    import pyarrow.parquet as pq

    batches: list[pa.RecordBatch] = []
    taken = 0
    for batch in reader:
        batches.append(batch)
        taken += batch.num_rows
        if taken > limit:
            break
    table = pa.Table.from_batches(batches, reader.schema).slice(0, limit)
    table = table.rename_columns([name for name, _ in named_once([(name, "") for name in table.column_names])])
    out = pa.BufferOutputStream()
    try:
        pq.write_table(table, out, compression="zstd")
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as error:
        raise QueryInvalid(f"Parquet can't hold this: {error}. Cast that column to VARCHAR.") from error
    return out.getvalue().to_pybytes(), table.num_rows, taken > limit

"""An answer as JSON, CSV or Parquet."""

from __future__ import annotations

import io
from typing import Any

from telemetry.lake.errors import QueryInvalid
from telemetry.lake.output import as_answer, as_csv, plain
from telemetry.lake.result import Result


def written(result: Result, form: str) -> bytes:
    """The answer in a format: json (an object with columns and rows), csv or parquet.

    Raises:
        QueryInvalid: Parquet has no such type.
    """
    if form == "parquet":
        return _parquet(result)
    return (as_csv(result) if form == "csv" else as_answer(result)).encode()


def _parquet(result: Result) -> bytes:
    # Here, because it takes 60 MB, and few queries want it.
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [name for name, _ in result.columns]
    try:
        table = pa.table({name: _column([row[place] for row in result.rows]) for place, name in enumerate(names)})
        out = io.BytesIO()
        pq.write_table(table, out, compression="zstd")
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise QueryInvalid(f"Parquet can't hold this: {error}. Cast that column to text.") from error
    return out.getvalue()


def _column(values: list[Any]) -> Any:
    import pyarrow as pa

    if any(isinstance(value, int) for value in values) and any(isinstance(value, float) for value in values):
        values = [None if value is None else float(value) for value in values]
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None else str(plain(value)) for value in values])

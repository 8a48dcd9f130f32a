"""Results as text: a table for people, CSV and JSON for programs."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from telemetry.lake.result import Result

NUMBERS: Final = ("BIGINT", "INTEGER", "DOUBLE", "HUGEINT", "DECIMAL", "FLOAT", "UBIGINT", "SMALLINT", "TINYINT")
EXACT: Final = 2**53 - 1
"""The largest whole number that every reader of JSON keeps."""


def as_table(result: Result) -> str:
    """Columns side by side, numbers to the right, and a last line on how many rows there are."""
    names = [name for name, _ in result.columns]
    rows = [[_shown(value) for value in row] for row in result.rows]
    widths = [max(map(len, cells)) for cells in zip(names, *rows, strict=True)]
    right = [kind.startswith(NUMBERS) for _, kind in result.columns]

    def line(cells: list[str]) -> str:
        padded = (c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True))
        return "  ".join(padded).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join([line(names), rule, *map(line, rows), footer(result)]) + "\n"


def footer(result: Result) -> str:
    """How many rows there are, and that the limit cut them where it did."""
    rows = f"{len(result.rows):,} row{'' if len(result.rows) == 1 else 's'}"
    return f"({rows}{', cut at the limit' if result.truncated else ''}, {result.seconds:.2f} s)"


def as_csv(result: Result) -> str:
    """A header and a line a row; null is empty, bytes are base64, times are ISO 8601."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name for name, _ in result.columns])
    writer.writerows([["" if value is None else plain(value) for value in row] for row in result.rows])
    return out.getvalue()


def as_json(result: Result) -> str:
    """A list with an object a row."""
    names = [name for name, _ in result.columns]
    rows = [dict(zip(names, map(plain, row), strict=True)) for row in result.rows]
    return json.dumps(rows, ensure_ascii=False) + "\n"


def as_answer(result: Result) -> str:
    """An object with `columns` (name and type of each) and `rows` (a list a row)."""
    columns = [{"name": name, "type": kind} for name, kind in result.columns]
    rows = [[plain(value) for value in row] for row in result.rows]
    return json.dumps({"columns": columns, "rows": rows}, ensure_ascii=False, separators=(",", ":"))


def as_plan(result: Result) -> str:
    """What EXPLAIN tells, as it draws it."""
    return "\n".join(str(row[-1]).rstrip() for row in result.rows) + "\n"


FORMATS: Final[Mapping[str, Callable[[Result], str]]] = MappingProxyType(
    {"table": as_table, "csv": as_csv, "json": as_json}
)


def plain(value: Any) -> Any:
    """A value as JSON knows it: what is not finite, and what JavaScript would round, as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and abs(value) > EXACT and not isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    text = value.decode(errors="backslashreplace") if isinstance(value, bytes) else str(plain(value))
    # What a ship sent must not move the cursor of the terminal that shows it.
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)

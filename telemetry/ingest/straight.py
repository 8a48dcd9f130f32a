"""Large files of ship states by COPY into ll.ship_state itself.

INSERT ... ON CONFLICT looks for each row's key and writes the row, one after the other; COPY writes pages. A file that
has a transaction of its own is looked up once, by its stretch of its mission, and needs no more when nothing is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyarrow as pa
from django.db import connection

from .copying import BATCH_ROWS, copy_straight
from .files import STATE_COLUMNS, FileRows

LARGE_ROWS: Final = 50_000
"""Rows from which on looking first pays."""

_MET: Final = "SELECT EXISTS (SELECT FROM ll.ship_state WHERE mission_id = %s AND timestamp BETWEEN %s AND %s)"
"""Whether a stretch of a mission has rows already; answered by the table's key."""


def free(states: FileRows) -> bool:
    """Whether it is a large file, in whose stretch of its mission no rows stand.

    That holds to the end of the transaction of whoever has the turn to load.
    """
    if states.rows.num_rows < LARGE_ROWS or states.span is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_MET, [states.rows.column("mission_id")[0].as_py(), *states.span])
        (met,) = cursor.fetchone()
    return not met


def straight_in(states: FileRows) -> None:
    """Append the rows of a file that is `free`; they differ from each other, by what was checked."""
    copy_straight(_parts(states), into="ll.ship_state", columns=f"{STATE_COLUMNS}, file_checksum, source_file")


def _parts(states: FileRows) -> Iterator[pa.Table]:
    """The rows in small tables, each row with its file's checksum and key."""
    for start in range(0, states.rows.num_rows, BATCH_ROWS):
        part = states.rows.slice(start, BATCH_ROWS)
        for name, value in {"file_checksum": states.file.sha256, "source_file": states.file.key}.items():
            part = part.append_column(name, pa.repeat(pa.scalar(value), part.num_rows))
        yield part

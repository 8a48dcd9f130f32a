"""Rows of judged files into ll: binary COPY into a temporary table, then one INSERT ... ON CONFLICT for all.

A large file of ship states that can't meet rows there goes straight into its table (`straight`).
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from telemetry.partitions import months_ensure

from .copying import copy_in
from .errors import Check, Collision, ReportRejected, Row
from .files import STATE_COLUMNS, FileRows
from .straight import free, straight_in

ITEM_COLUMNS: Final = "mission_id, item, value, timestamp"


def _ours(columns: str) -> str:
    return ", ".join(f"ours.{column}" for column in columns.split(", "))


_ITEMS: Final = f"""
INSERT INTO ll.mission_reports (manifest_id, row_no, {ITEM_COLUMNS}, file_checksum, source_file)
SELECT manifest_id, row_no, {_ours(ITEM_COLUMNS)}, m.checksum_mission, m.mission_file
FROM pg_temp.incoming_items ours JOIN ll.manifests m ON m.id = ours.manifest_id
WHERE m.id = ANY(%s)
ON CONFLICT (manifest_id, row_no) DO NOTHING
"""  # noqa: S608  (constants)
_STATES: Final = f"""
INSERT INTO ll.ship_state ({STATE_COLUMNS}, file_checksum, source_file)
SELECT {_ours(STATE_COLUMNS)}, m.checksum_ship_state, m.ship_state_file
FROM pg_temp.incoming_states ours JOIN ll.manifests m ON m.id = ours.manifest_id
WHERE m.id = ANY(%s)
ON CONFLICT (mission_id, timestamp) DO NOTHING
"""  # noqa: S608  (constants)
_TAKEN: Final = f"""
SELECT theirs.source_file, {_ours(STATE_COLUMNS)}
FROM pg_temp.incoming_states ours
JOIN ll.ship_state theirs ON theirs.mission_id = ours.mission_id AND theirs.timestamp = ours.timestamp
WHERE theirs.source_file <> %s ORDER BY ours.timestamp LIMIT 1
"""  # noqa: S608  (constants)


def items_insert(files: list[tuple[int, FileRows]]) -> None:
    """Insert the items of files, each with the number of its ledger row.

    Raises:
        ReportRejected: rows of the one file are in already.
        Collision: the same, of several files.
    """
    if not files:
        return
    numbered = [
        _numbered(ledger, items.rows.add_column(0, "row_no", pa.array(range(items.rows.num_rows), pa.int32())))
        for ledger, items in files
    ]
    columns = f"manifest_id, row_no, {ITEM_COLUMNS}"
    copy_in(numbered, into="incoming_items", columns=columns, of="ll.mission_reports")
    missing = _inserted_too_few(_ITEMS, files)
    if missing:
        _refuse(files, f"{missing:,} of its rows are loaded already.")


def states_insert(files: list[tuple[int, FileRows]]) -> None:
    """Insert the ship states of files, each with the number of its ledger row; raises as `items_insert` does."""
    if not files:
        return
    if spans := [states.span for _, states in files if states.span]:
        months_ensure(min(first for first, _ in spans), max(last for _, last in spans))
    if len(files) == 1 and (states := files[0][1]) and free(states):
        straight_in(states)
        return
    numbered = [_numbered(ledger, states.rows) for ledger, states in files]
    columns = f"0::bigint AS manifest_id, {STATE_COLUMNS}"
    copy_in(numbered, into="incoming_states", columns=columns, of="ll.ship_state")
    missing = _inserted_too_few(_STATES, files)
    if not missing:
        return
    why = f"{missing:,} of its ticks are loaded already"
    if len(files) == 1 and (taken := _taken(files[0][1])):
        other, row = taken
        seq, stamp = row.values["seq"], row.values["timestamp"]
        _refuse(files, f"{why}, first seq {seq} at {stamp}, by {other}.", row)
    _refuse(files, f"{why}.")


def _inserted_too_few(statement: str, files: list[tuple[int, FileRows]]) -> int:
    """Insert, and give how many of the files' rows were in already."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [[ledger for ledger, _ in files]])
        inserted: int = cursor.rowcount
    return sum(rows.file.rows for _, rows in files) - inserted


def _taken(states: FileRows) -> tuple[str, Row] | None:
    """The file that has brought a tick of this one, and the first such tick."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [states.file.key])
        found = cursor.fetchone()
        names = [column.name for column in cursor.description]
    if found is None:
        return None
    values: dict[str, Any] = dict(zip(names[1:], found[1:], strict=True))
    number = pc.index(states.rows.column("seq"), values["seq"]).as_py()
    return found[0], Row(states.file.key, number, values)


def _refuse(files: list[tuple[int, FileRows]], why: str, row: Row | None = None) -> NoReturn:
    if len(files) > 1:
        raise Collision(f"{len(files)} reports: {why}")
    raise ReportRejected(Check.ONCE, f"{files[0][1].file.key}: {why}", row)


def _numbered(ledger: int, rows: pa.Table) -> pa.Table:
    """The rows, each with its ledger row's number before it."""
    return rows.add_column(0, "manifest_id", pa.repeat(pa.scalar(ledger, pa.int64()), rows.num_rows))

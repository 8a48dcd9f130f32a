"""The values of a report: tables and manifest in, verdict out. Pure.

The ranges are the contract's own: those of `ShipStateSnapshot`, which a file holds one row a tick of, and the
names and prices of the catalogue.
"""

from __future__ import annotations

from typing import Any, Final, cast

import msgspec.inspect as inspect
import pyarrow as pa
import pyarrow.compute as pc

from ships_client.contracts import CATALOGUE, PLANETS, Manifest, ManifestFile, ShipStateSnapshot
from ships_client.contracts.telemetry import FURTHEST_AHEAD, OLDEST

from .errors import Check, ReportRejected
from .tables import row_of, value_of

_FIELDS: Final = {
    field.name: getattr(field.type, "type", field.type)
    for field in cast(inspect.StructType, inspect.type_info(ShipStateSnapshot)).fields
}
_BOUNDS: Final = {
    name: (kind.ge, kind.le) for name, kind in _FIELDS.items() if isinstance(kind, inspect.IntType | inspect.FloatType)
}
_CHOICES: Final = {
    name: [member.value for member in kind.cls] for name, kind in _FIELDS.items() if isinstance(kind, inspect.EnumType)
} | {"planet": list(PLANETS)}
_ITEMS: Final = [item.name for item in CATALOGUE]
_PRICES: Final = pa.array([item.poko for item in CATALOGUE], pa.int64())


def items_check(table: pa.Table, file: ManifestFile, manifest: Manifest) -> None:
    """Hold the items against mission, catalogue (names and prices in Poko), the report's date and each other.

    Raises:
        ReportRejected: a value is wrong; the sentence names its row and column.
    """
    _of_mission(table, file, manifest)
    _one_of(table, file, "item", _ITEMS)
    price = _PRICES.take(pc.index_in(_text(table, "item"), pa.array(_ITEMS)).combine_chunks())
    _refuse(
        pc.not_equal(table.column("value"), pa.chunked_array([price])),
        table,
        file,
        "value",
        "which is not the item's price in the catalogue",
    )
    _refuse(
        pc.not_equal(table.column("timestamp").cast(pa.date32()), pa.scalar(manifest.date, pa.date32())),
        table,
        file,
        "timestamp",
        f"which is not on the report's date, {manifest.date}",
    )
    _different(table, file)


def states_check(table: pa.Table, file: ManifestFile, manifest: Manifest) -> None:
    """Hold the ship's states against mission, ranges, order of ticks, and the manifest's snapshot.

    Raises:
        ReportRejected: a value is wrong; the sentence names its row and column.
    """
    _of_mission(table, file, manifest)
    for name, (low, high) in _BOUNDS.items():
        column = table.column(name)
        inside = pc.and_(pc.greater_equal(column, low), pc.less_equal(column, high))
        _refuse(pc.invert(inside), table, file, name, f"which is not within {low:,} to {high:,}")
    for name, choices in _CHOICES.items():
        _one_of(table, file, name, choices)
    stamps = table.column("timestamp")
    earliest, latest = manifest.uploaded_at - OLDEST, manifest.uploaded_at + FURTHEST_AHEAD
    inside = pc.and_(
        pc.greater_equal(stamps, pa.scalar(earliest, stamps.type)),
        pc.less_equal(stamps, pa.scalar(latest, stamps.type)),
    )
    _refuse(pc.invert(inside), table, file, "timestamp", f"too far from the upload at {manifest.uploaded_at}")
    for name in ("seq", "timestamp"):
        _rising(table, file, name)
    _ends_with(table, file, manifest.ship_state)


def _of_mission(table: pa.Table, file: ManifestFile, manifest: Manifest) -> None:
    mission = int(manifest.mission_id)
    _refuse(
        pc.not_equal(table.column("mission_id"), mission),
        table,
        file,
        "mission_id",
        f"but the report is of mission {mission}",
    )


def _one_of(table: pa.Table, file: ManifestFile, name: str, choices: list[str]) -> None:
    column, known = table.column(name), pa.array(choices)
    chunks = [_among(chunk, known) for chunk in column.chunks]
    _refuse(
        pc.invert(pc.or_(pa.chunked_array(chunks, pa.bool_()), column.is_null())),
        table,
        file,
        name,
        "which the contract does not know",
    )


def _among(chunk: pa.Array, known: pa.Array) -> pa.Array:
    """Whether each text is one of those known; of a dictionary's, each different one is looked up once."""
    if pa.types.is_dictionary(chunk.type):
        return pc.is_in(chunk.dictionary, known).take(chunk.indices).fill_null(False)
    return pc.is_in(chunk, known)


def _different(table: pa.Table, file: ManifestFile) -> None:
    """Refuse an item that stands there twice: the same thing does not come aboard twice at the same microsecond."""
    stamps = table.column("timestamp")
    if pc.count_distinct(stamps).as_py() == table.num_rows:
        return
    seen: set[tuple[object, object]] = set()
    for row, pair in enumerate(zip(_text(table, "item").to_pylist(), stamps.to_pylist(), strict=True)):
        if pair in seen:
            raise ReportRejected(
                Check.VALUES,
                f"{file.key}: row {row} (the first is 0) repeats another one, {pair[0]!r} at {pair[1]}.",
                row_of(table, row, file),
            )
        seen.add(pair)


def _rising(table: pa.Table, file: ManifestFile, name: str) -> None:
    column = table.column(name).combine_chunks()
    if len(column) < 2:
        return
    standing = pc.less_equal(column.slice(1), column.slice(0, len(column) - 1))
    bad = pa.concat_arrays([pa.array([False]), standing])
    _refuse(bad, table, file, name, "which does not come after the row before it")


def _ends_with(table: pa.Table, file: ManifestFile, snapshot: ShipStateSnapshot) -> None:
    if not table.num_rows:
        return
    last = table.slice(table.num_rows - 1).to_pylist()[0]
    if (last["seq"], last["timestamp"]) != (snapshot.seq, snapshot.timestamp):
        raise ReportRejected(
            Check.AGREEMENT,
            f"{file.key}: ends with seq {last['seq']} at {last['timestamp']}, but the manifest's snapshot is of "
            f"seq {snapshot.seq} at {snapshot.timestamp}.",
            row_of(table, table.num_rows - 1, file),
        )


def _text(table: pa.Table, name: str) -> pa.ChunkedArray:
    return table.column(name).cast(pa.string())


def _refuse(bad: Any, table: pa.Table, file: ManifestFile, name: str, why: str) -> None:
    """Reject the report for the first row where `bad` (booleans, one a row) is true."""
    row = pc.index(bad, pa.scalar(True)).as_py()
    if row < 0:
        return
    value = value_of(table.column(name)[row])
    shown = f"{value}" if not isinstance(value, str) else repr(value[:80])
    raise ReportRejected(
        Check.VALUES, f"{file.key}: {name} of row {row} (the first is 0) is {shown}, {why}.", row_of(table, row, file)
    )

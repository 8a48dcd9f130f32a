"""Ways in which a report can be odd: each takes a good one and gives it back broken."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.parquet import encryption

from ships_client.contracts.reports import DataKind, ReportKind
from telemetry.ingest.limits import LARGEST_FILE, MOST_ROWS
from telemetry.ingest.tables import COLUMNS, arrow_schema

from .reports import Handed, described, item_rows, msgspec_replace, parquet, state_rows

Odd = Callable[[Handed], Handed]


def with_file(report: Handed, kind: DataKind, raw: bytes, rows: int) -> Handed:
    """The report with these bytes as its file of `kind`, and a manifest that says so."""
    report.files[kind] = raw
    file = described(report.id, kind, raw, rows)
    return report.claim(kind, sha256=file.sha256, size=file.size, rows=file.rows)


def good_states(report: Handed) -> list[dict[str, Any]]:
    """The rows of a good report's ship states."""
    last = report.manifest.ship_state
    return state_rows(report.id.mission_id, last.timestamp - dt.timedelta(seconds=last.seq), last.seq + 1)


def good_items(report: Handed) -> list[dict[str, Any]]:
    """The rows of a good report's items."""
    return item_rows(report.id.mission_id, report.id.date)


def truncated(report: Handed) -> Handed:
    """A file of which only the first half came."""
    whole = report.files[DataKind.SHIP_STATE]
    report.files[DataKind.SHIP_STATE] = whole[: len(whole) // 2]
    return report


def gigantic_by_its_word(report: Handed) -> Handed:
    """A manifest that names a file larger than any that is taken."""
    return report.claim(DataKind.SHIP_STATE, size=LARGEST_FILE + 1)


def gigantic_by_its_rows(report: Handed) -> Handed:
    """A manifest that names more rows than are taken."""
    return report.claim(DataKind.SHIP_STATE, rows=MOST_ROWS + 1)


def gigantic_in_truth(report: Handed) -> Handed:
    """A file with more bytes than its manifest says."""
    report.files[DataKind.MISSION] += bytes(4 * 1024 * 1024)
    return report


def encrypted(report: Handed) -> Handed:
    """A file that only who has the key can read."""
    return with_file(report, DataKind.MISSION, _encrypted(report, plaintext_footer=False), 20)


def encrypted_columns(report: Handed) -> Handed:
    """A file whose footer is plain, and whose columns are not."""
    return with_file(report, DataKind.MISSION, _encrypted(report, plaintext_footer=True), 20)


def _encrypted(report: Handed, *, plaintext_footer: bool) -> bytes:
    sink = io.BytesIO()
    properties = encryption.create_encryption_properties(b"0123456789abcdef", plaintext_footer=plaintext_footer)
    table = pa.Table.from_pylist(good_items(report), arrow_schema(COLUMNS[DataKind.MISSION]))
    with pq.ParquetWriter(sink, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
    return sink.getvalue()


def zero_bytes(report: Handed) -> Handed:
    """An empty file where a manifest names 20 items."""
    return with_file(report, DataKind.MISSION, b"", 20)


def zero_byte_manifest(report: Handed) -> Handed:
    """A manifest of no byte."""
    report.raw_manifest = b""
    return report


def csv(report: Handed) -> Handed:
    """Text where parquet should be."""
    return with_file(report, DataKind.MISSION, b"mission_id,item\n1,Sunseed Berry\n", 1)


def zipped(report: Handed) -> Handed:
    """A good parquet file within a zip file."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("items.parquet", report.files[DataKind.MISSION])
    return with_file(report, DataKind.MISSION, sink.getvalue(), 20)


BOMB_ROWS = 1024
BOMB_TEXT = 128 * 1024
"""128 MB of one letter, in a file of some kB."""


def bomb(report: Handed) -> Handed:
    """A small file that says that it unpacks to a very large one."""
    return with_file(report, DataKind.MISSION, _bomb(report), BOMB_ROWS)


def lying_bomb(report: Handed) -> Handed:
    """The same, and it says that it unpacks to little."""
    raw = bytearray(_bomb(report))
    metadata = pq.read_metadata(io.BytesIO(raw))
    for group in range(metadata.num_row_groups):
        size = metadata.row_group(group).total_byte_size
        _say(raw, size, 1000)
    assert pq.read_metadata(io.BytesIO(raw)).row_group(0).total_byte_size == 1000
    return with_file(report, DataKind.MISSION, bytes(raw), BOMB_ROWS)


def _bomb(report: Handed) -> bytes:
    stamp = dt.datetime.combine(report.id.date, dt.time(9), dt.UTC)
    schema = arrow_schema(COLUMNS[DataKind.MISSION])
    values = {"mission_id": report.id.mission_id, "item": "x" * BOMB_TEXT, "value": 1, "timestamp": stamp}
    columns = [pa.repeat(pa.scalar(values[field.name], field.type), BOMB_ROWS) for field in schema]
    sink = io.BytesIO()
    pq.write_table(
        pa.table(columns, schema=schema), sink, compression="zstd", use_dictionary=False, write_statistics=False
    )
    return sink.getvalue()


def _say(raw: bytearray, true: int, said: int) -> None:
    """Write `said` in place of the number `true` of the footer, as a varint of the same length."""
    written = _varint(true)
    place = raw.rindex(written)
    raw[place : place + len(written)] = _varint(said, len(written))


def _varint(number: int, length: int = 0) -> bytes:
    """A number as Thrift's compact protocol writes it (zigzag), padded to `length` bytes."""
    rest, digits = number * 2, bytearray()
    while rest > 0x7F or len(digits) + 1 < length:
        digits.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes(digits) + bytes([rest])


def naive_times(report: Handed) -> Handed:
    """Times of no zone."""
    schema = arrow_schema(COLUMNS[DataKind.MISSION])
    schema = schema.set(3, pa.field("timestamp", pa.timestamp("us"), nullable=False))
    rows = [row | {"timestamp": row["timestamp"].replace(tzinfo=None)} for row in good_items(report)]
    return with_file(report, DataKind.MISSION, parquet(rows, DataKind.MISSION, schema), len(rows))


def times_of_another_zone(report: Handed) -> Handed:
    """The right instants, told in the time of another zone."""
    schema = arrow_schema(COLUMNS[DataKind.MISSION])
    schema = schema.set(3, pa.field("timestamp", pa.timestamp("us", "Asia/Tokyo"), nullable=False))
    rows = good_items(report)
    return with_file(report, DataKind.MISSION, parquet(rows, DataKind.MISSION, schema), len(rows))


def local_times_called_utc(report: Handed) -> Handed:
    """States told nine hours ahead, and called UTC."""
    ahead = dt.timedelta(hours=9)
    rows = [row | {"timestamp": row["timestamp"] + ahead} for row in good_states(report)]
    return with_file(report, DataKind.SHIP_STATE, parquet(rows, DataKind.SHIP_STATE), len(rows))


def from_the_future(report: Handed) -> Handed:
    """A report of the next year, whole and consistent."""
    later = dt.timedelta(days=365)
    rows = [row | {"timestamp": row["timestamp"] + later} for row in good_states(report)]
    snapshot = msgspec_replace(report.manifest.ship_state, timestamp=report.manifest.ship_state.timestamp + later)
    report.manifest = msgspec_replace(
        report.manifest, ship_state=snapshot, uploaded_at=report.manifest.uploaded_at + later
    )
    return with_file(report, DataKind.SHIP_STATE, parquet(rows, DataKind.SHIP_STATE), len(rows))


def from_before_its_date(report: Handed) -> Handed:
    """A manifest written a year before the report's date."""
    report.manifest = msgspec_replace(report.manifest, uploaded_at=report.manifest.uploaded_at - dt.timedelta(days=365))
    return report


def item_twice(report: Handed) -> Handed:
    """The same item at the same time, twice."""
    rows = good_items(report)
    rows.insert(7, rows[6])
    return with_file(report, DataKind.MISSION, parquet(rows, DataKind.MISSION), len(rows))


def tick_twice(report: Handed) -> Handed:
    """The same tick, twice."""
    rows = good_states(report)
    rows.insert(11, rows[10])
    return with_file(report, DataKind.SHIP_STATE, parquet(rows, DataKind.SHIP_STATE), len(rows))


def nul_in_an_item(report: Handed) -> Handed:
    """A text that PostgreSQL would refuse."""
    rows = good_items(report)
    rows[2]["item"] = "Sunseed\x00Berry"
    return with_file(report, DataKind.MISSION, parquet(rows, DataKind.MISSION), len(rows))


def far_future(report: Handed) -> Handed:
    """A time that Python has no room for."""
    schema = arrow_schema(COLUMNS[DataKind.MISSION])
    table = pa.Table.from_pylist(good_items(report), schema)
    table = table.set_column(3, schema.field(3), pa.array([2**62] * 20, pa.int64()).cast(schema.field(3).type))
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return with_file(report, DataKind.MISSION, sink.getvalue(), 20)


def without(report: Handed, kind: ReportKind) -> tuple[ReportKind, ...]:
    """The kinds of objects of a report, but this one."""
    return tuple(one for one in ReportKind if one is not kind)

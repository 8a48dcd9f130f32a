"""A judged report into the schema `ll`: binary COPY into a temporary table, then one insert per table.

The ledger row (ll.manifests) is written in the same transaction, so a report is in as a whole or not at all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import pgpq
import pyarrow as pa
from django.db import connection, transaction

from ships_client.contracts import Manifest as ManifestContract
from ships_client.contracts import ManifestFile
from telemetry.models import Manifest
from telemetry.partitions import months_ensure

from .errors import Check, ReportRejected
from .manifest import ReportId
from .treasures import treasures_insert

BATCH_ROWS: Final = 65_536
"""Rows encoded at once; bounds the memory beside the table itself."""

ITEM_COLUMNS: Final = "mission_id, item, value, timestamp"
STATE_COLUMNS: Final = (
    "mission_id, seq, timestamp, status, ship_condition, normalized_health_total, motor_health, engine_health, "
    "core_health, fuel_health, fuel_prc, temperature_c, radiation_usv, cargo_integrity_prc, "
    "coord_x, coord_y, coord_z, planet"
)


@dataclass(frozen=True)
class FileRows:
    """A file of the report and its judged rows."""

    file: ManifestFile
    rows: pa.Table

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime] | None:
        """Time of the first and the last row, which stand in order; None without rows."""
        if not self.rows.num_rows:
            return None
        stamps = self.rows.column("timestamp")
        return stamps[0].as_py(), stamps[-1].as_py()


@dataclass(frozen=True)
class Report:
    """A report that passed every check, ready to load."""

    id: ReportId
    manifest_key: str
    checksum: str
    manifest: ManifestContract
    items: FileRows | None
    states: FileRows | None


def report_load(report: Report) -> Manifest:
    """Write the report's rows and its ledger row; all or nothing, within the caller's transaction.

    Raises:
        ReportRejected: a tick or row of it is in already, by another report.
        IntegrityError: the ledger holds this manifest already.
    """
    items, states = report.items, report.states
    first, last = (states.span if states else None) or (None, None)
    with transaction.atomic():
        ledger = Manifest.objects.create(
            mission_id=report.id.mission_id,
            mission_date=report.id.date,
            report_no=report.id.report_no,
            manifest_path=report.manifest_key,
            mission_file=items.file.key if items else None,
            ship_state_file=states.file.key if states else None,
            checksum_mission=items.file.sha256 if items else None,
            checksum_ship_state=states.file.sha256 if states else None,
            checksum_manifest=report.checksum,
            rows_mission=items.file.rows if items else 0,
            rows_ship_state=states.file.rows if states else 0,
            upload_time=report.manifest.uploaded_at,
            first_tick_at=first,
            last_tick_at=last,
        )
        if items:
            _items_load(items, ledger)
        if states:
            _states_load(states)
    return ledger


def _items_load(items: FileRows, ledger: Manifest) -> None:
    numbered = items.rows.append_column("row_no", pa.array(range(items.rows.num_rows), pa.int32()))
    _copy(numbered, "incoming_items", like=f"{ITEM_COLUMNS}, row_no", table="ll.mission_reports")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ll.mission_reports (manifest_id, row_no, {ITEM_COLUMNS}, file_checksum, source_file)"  # noqa: S608  (constants)
            f" SELECT %s, row_no, {ITEM_COLUMNS}, %s, %s FROM pg_temp.incoming_items"
            " ON CONFLICT (manifest_id, row_no) DO NOTHING",
            [ledger.pk, items.file.sha256, items.file.key],
        )
        if cursor.rowcount != items.file.rows:
            raise ReportRejected(
                Check.ONCE,
                f"{items.file.key}: {items.file.rows - cursor.rowcount:,} of its rows are loaded already.",
            )
    treasures_insert([ledger.pk])


def _states_load(states: FileRows) -> None:
    if states.span:
        months_ensure(*states.span)
    _copy(states.rows, "incoming_states", like=STATE_COLUMNS, table="ll.ship_state")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ll.ship_state ({STATE_COLUMNS}, file_checksum, source_file)"  # noqa: S608  (constants)
            f" SELECT {STATE_COLUMNS}, %s, %s FROM pg_temp.incoming_states"
            " ON CONFLICT (mission_id, timestamp) DO NOTHING",
            [states.file.sha256, states.file.key],
        )
        missing = states.file.rows - cursor.rowcount
        if not missing:
            return
        cursor.execute(
            "SELECT ours.seq, ours.timestamp, theirs.source_file FROM pg_temp.incoming_states ours"
            " JOIN ll.ship_state theirs USING (mission_id, timestamp)"
            " WHERE theirs.source_file <> %s ORDER BY ours.timestamp LIMIT 1",
            [states.file.key],
        )
        seq, stamp, other = cursor.fetchone()
    raise ReportRejected(
        Check.ONCE,
        f"{states.file.key}: {missing:,} of its ticks are loaded already, first seq {seq} at {stamp}, by {other}.",
    )


def _copy(rows: pa.Table, name: str, *, like: str, table: str) -> None:
    """Fill the temporary table `name`, which has the columns `like` of `table`, with `rows` in that order."""
    texts = [i for i, field in enumerate(rows.schema) if pa.types.is_dictionary(field.type)]
    for position in texts:
        field = rows.schema.field(position)
        rows = rows.set_column(position, field.name, rows.column(position).cast(pa.string()))
    encoder = pgpq.ArrowToPostgresBinaryEncoder(rows.schema)
    with connection.cursor() as cursor:
        # Kept for the connection's life: a table made anew for each report would wear out the catalog.
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {name} ON COMMIT DELETE ROWS AS SELECT {like} FROM {table} LIMIT 0"  # noqa: S608  (constants)
        )
        with cursor.copy(f"COPY pg_temp.{name} FROM STDIN WITH (FORMAT BINARY)") as copy:
            copy.write(encoder.write_header())
            for batch in rows.to_batches(max_chunksize=BATCH_ROWS):
                copy.write(encoder.write_batch(batch))
            copy.write(encoder.finish())

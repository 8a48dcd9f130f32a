"""Reports for measurements of the ingest: made as columns, stored in the bucket, copied as they are."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pgpq
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection

from hocotate_site import objects
from ships_client.contracts import (
    CATALOGUE,
    Condition,
    Manifest,
    ManifestFile,
    ShipStateSnapshot,
    ShipStatus,
    encode_manifest,
)
from ships_client.contracts.reports import DataKind, ReportKind
from telemetry.ingest.manifest import ReportId
from telemetry.ingest.tables import COLUMNS, arrow_schema

ITEMS = 20
CHUNK = 65_536


@dataclass(frozen=True)
class Made:
    """A report: its files' tables and bytes by kind, and its manifest."""

    id: ReportId
    tables: dict[DataKind, pa.Table]
    files: dict[DataKind, bytes]
    manifest: bytes

    @property
    def manifest_key(self) -> str:
        """Key of the manifest."""
        return self.id.key(ReportKind.MANIFEST)


def large(mission: int, rows: int) -> Made:
    """A report of `rows` ticks, a second apart up to now, and no items."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return _made(ReportId(mission, now.date(), 1), {DataKind.SHIP_STATE: _states(mission, now, rows)}, now)


def small(mission: int, number: int) -> Made:
    """A report of ITEMS items and no ticks."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    day = dt.datetime.combine(now.date(), dt.time(8), dt.UTC)
    items = [CATALOGUE[(number + n) % len(CATALOGUE)] for n in range(ITEMS)]
    values = {
        "mission_id": [mission] * ITEMS,
        "item": [item.name for item in items],
        "value": [item.poko for item in items],
        "timestamp": [day + dt.timedelta(minutes=n) for n in range(ITEMS)],
    }
    table = pa.table(values, schema=arrow_schema(COLUMNS[DataKind.MISSION]))
    return _made(ReportId(mission, now.date(), number), {DataKind.MISSION: table}, now)


def store(reports: Sequence[Made]) -> None:
    """Write the reports' objects into the bucket of missions."""

    def put(report: Made) -> None:
        for kind, raw in report.files.items():
            _put(report.id.key(kind), raw)
        _put(report.manifest_key, report.manifest)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(put, reports))


def copied(report: Made, kind: str) -> list[bytes]:
    """The rows of a report's file as a binary COPY writes them, with the columns that the load adds."""
    file = DataKind(kind)
    table = report.tables[file]
    key, digest = report.id.key(file), hashlib.sha256(report.files[file]).hexdigest()
    for name, value in (("file_checksum", digest), ("source_file", key)):
        table = table.append_column(name, pa.repeat(pa.scalar(value), table.num_rows))
    encoder = pgpq.ArrowToPostgresBinaryEncoder(table.schema)
    raw = [encoder.write_header()]
    raw += [encoder.write_batch(batch) for batch in table.to_batches(max_chunksize=CHUNK)]
    return [*raw, encoder.finish()]


def copy(raw: Sequence[bytes], table: str) -> None:
    """Copy encoded rows of ship states into the table."""
    columns = ", ".join([*(column.name for column in COLUMNS[DataKind.SHIP_STATE]), "file_checksum", "source_file"])
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT BINARY)") as copying,
    ):
        for chunk in raw:
            copying.write(chunk)


def history(mission: int, first: int, last: int) -> None:
    """Loaded reports numbered from `first` to `last`, as ledger rows and as uploads, without their rows."""
    report = "%s, date '2000-01-01' + (n / 9999), n %% 9999 + 1"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ll.report_uploads (mission_id, date, report_no, manifest_key, state, failed_check, reason,"  # noqa: S608  (constants)
            f" attempts, announced_at, updated_at) SELECT {report}, 'bench/' || n, 'loaded', '', '', 1, now(), now()"
            " FROM generate_series(%s::int, %s::int) n",
            [mission, first, last],
        )
        cursor.execute(
            "INSERT INTO ll.manifests (mission_id, mission_date, report_no, manifest_path, checksum_manifest, etag,"  # noqa: S608  (constants)
            f" rows_mission, rows_ship_state, upload_time, status) SELECT {report}, 'bench/' || n, md5(n::text),"
            " md5(n::text), 0, 0, now(), 'LOADED' FROM generate_series(%s::int, %s::int) n",
            [mission, first, last],
        )
        cursor.execute("ANALYZE ll.report_uploads, ll.manifests")


def _put(key: str, raw: bytes) -> None:
    objects.object_put(settings.BUCKET_MISSIONS, key, raw, content_type="application/octet-stream")


def _made(report: ReportId, tables: dict[DataKind, pa.Table], now: dt.datetime) -> Made:
    files = {kind: _parquet(table) for kind, table in tables.items()}
    states = tables.get(DataKind.SHIP_STATE, _states(report.mission_id, now, 1))
    last = states.slice(states.num_rows - 1).drop_columns(["mission_id"]).to_pylist()[0]
    last |= {"status": ShipStatus(last["status"]), "ship_condition": Condition(last["ship_condition"])}
    manifest = Manifest(
        version=1,
        mission_id=str(report.mission_id),
        date=report.date,
        report_no=report.report_no,
        files=[
            ManifestFile(
                kind=kind,
                key=report.key(kind),
                sha256=hashlib.sha256(raw).hexdigest(),
                size=len(raw),
                rows=tables[kind].num_rows,
            )
            for kind, raw in files.items()
        ],
        ship_state=ShipStateSnapshot(**last),
        uploaded_at=now,
    )
    return Made(report, tables, files, encode_manifest(manifest))


def _parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _states(mission: int, end: dt.datetime, rows: int) -> pa.Table:
    """Ticks of a ship whose readings drift, as those of a real one do."""
    random = np.random.default_rng(7)

    def drift(start: float, step: float, low: float, high: float) -> Any:
        return np.clip(start + np.cumsum(random.uniform(-step, step, rows)), low, high)

    last = int(end.timestamp() * 1e6)
    stamps = np.arange(last - (rows - 1) * 1_000_000, last + 1, 1_000_000, dtype=np.int64)
    health = drift(0.9, 0.001, 0, 1)
    columns: dict[str, Any] = {
        "mission_id": np.full(rows, mission),
        "seq": np.arange(rows),
        "timestamp": pa.array(stamps, pa.timestamp("us", "UTC")),
        "status": pa.repeat(pa.scalar("OK"), rows),
        "ship_condition": pa.repeat(pa.scalar("GOOD"), rows),
        "normalized_health_total": health,
        "motor_health": health,
        "engine_health": health,
        "core_health": health,
        "fuel_health": health,
        "fuel_prc": drift(60, 0.01, 0, 100),
        "temperature_c": drift(21, 0.05, -100, 200),
        "radiation_usv": drift(5, 0.01, 0, 1e6),
        "cargo_integrity_prc": drift(95, 0.005, 0, 100),
        "coord_x": drift(0, 2.4e6, -1e10, 1e10),
        "coord_y": drift(0, 2.4e6, -1e10, 1e10),
        "coord_z": drift(0, 2.4e6, -1e10, 1e10),
        "planet": pa.nulls(rows, pa.string()),
    }
    return pa.table(columns, schema=arrow_schema(COLUMNS[DataKind.SHIP_STATE]))

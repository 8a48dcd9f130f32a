"""Reports as ships make them, and the ways to break one."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from hocotate_site import object_store
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

BUCKET = "missions"
BEGIN = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=6)
"""First tick of missions whose reports follow each other."""


def state_rows(mission_id: int, start: dt.datetime, ticks: int, first_seq: int = 0) -> list[dict[str, Any]]:
    """One row a tick, a second apart, all healthy."""
    return [
        {
            "mission_id": mission_id,
            "seq": first_seq + tick,
            "timestamp": start + dt.timedelta(seconds=first_seq + tick),
            "status": "OK",
            "ship_condition": "GOOD",
            "normalized_health_total": 0.95,
            "motor_health": 0.9,
            "engine_health": 0.95,
            "core_health": 1.0,
            "fuel_health": 0.99,
            "fuel_prc": 99.0 - 0.01 * tick,
            "temperature_c": 21.5,
            "radiation_usv": 0.4,
            "cargo_integrity_prc": 100.0,
            "coord_x": 2.4e6 * (tick % 600),
            "coord_y": -2.4e6 * (tick % 600),
            "coord_z": 0.0,
            "planet": "Karut" if tick == ticks - 1 else None,
        }
        for tick in range(ticks)
    ]


def item_rows(mission_id: int, date: dt.date, count: int = 20) -> list[dict[str, Any]]:
    """Items of the catalogue in its order, a minute apart from 08:00 on."""
    start = dt.datetime.combine(date, dt.time(8), dt.UTC)
    return [
        {
            "mission_id": mission_id,
            "item": CATALOGUE[n % len(CATALOGUE)].name,
            "value": CATALOGUE[n % len(CATALOGUE)].poko,
            "timestamp": start + dt.timedelta(minutes=n),
        }
        for n in range(count)
    ]


def parquet(rows: list[dict[str, Any]], kind: DataKind, schema: pa.Schema | None = None) -> bytes:
    """Rows as the bytes of a parquet file."""
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema or arrow_schema(COLUMNS[kind])), sink)
    return sink.getvalue()


@dataclass
class Handed:
    """A report as it would be handed in: `objects` by kind, the manifest made of `manifest`."""

    id: ReportId
    files: dict[DataKind, bytes]
    manifest: Manifest
    raw_manifest: bytes | None = None

    def claim(self, kind: DataKind, **changes: Any) -> Handed:
        """The same report whose manifest says something else of a file."""
        files = [msgspec_replace(file, **changes) if file.kind is kind else file for file in self.manifest.files]
        return replace(self, manifest=msgspec_replace(self.manifest, files=files))

    def contents(self) -> dict[ReportKind, bytes]:
        """The bytes of the three objects."""
        raw = self.raw_manifest if self.raw_manifest is not None else encode_manifest(self.manifest)
        return {ReportKind(kind.value): data for kind, data in self.files.items()} | {ReportKind.MANIFEST: raw}

    def put(self, *kinds: ReportKind) -> Handed:
        """Store these objects (all when none is named) with the site's own key."""
        for kind in kinds or tuple(ReportKind):
            object_store.client().put_object(Bucket=BUCKET, Key=self.id.key(kind), Body=self.contents()[kind])
        return self


def msgspec_replace(struct: Any, **changes: Any) -> Any:
    """A copy of a struct with other values."""
    return msgspec.structs.replace(struct, **changes)


def described(report: ReportId, kind: DataKind, raw: bytes, rows: int) -> ManifestFile:
    """What a manifest says of a file."""
    return ManifestFile(
        kind=kind, key=report.key(kind), sha256=hashlib.sha256(raw).hexdigest(), size=len(raw), rows=rows
    )


def nth(mission_id: int, n: int, *, ticks: int = 60, **more: Any) -> Handed:
    """A mission's n-th good report (from 1), with ticks that no other one has, as long as all have as many."""
    return handed(mission_id, report_no=n, start=BEGIN, first_seq=(n - 1) * ticks, ticks=ticks, **more)


def handed(
    mission_id: int,
    *,
    report_no: int = 1,
    ticks: int = 60,
    first_seq: int = 0,
    items: int = 20,
    start: dt.datetime | None = None,
    states: list[dict[str, Any]] | None = None,
    cargo: list[dict[str, Any]] | None = None,
) -> Handed:
    """A good report of `ticks` seconds up to now, or one with the given rows."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    start = start or now - dt.timedelta(seconds=first_seq + ticks)
    report = ReportId(mission_id, now.date(), report_no)
    if states is None:
        states = state_rows(mission_id, start, ticks, first_seq)
    if cargo is None:
        cargo = item_rows(mission_id, report.date, items)
    files = {
        DataKind.MISSION: parquet(cargo, DataKind.MISSION),
        DataKind.SHIP_STATE: parquet(states, DataKind.SHIP_STATE),
    }
    last = {name: value for name, value in states[-1].items() if name != "mission_id"}
    last |= {"status": ShipStatus(last["status"]), "ship_condition": Condition(last["ship_condition"])}
    manifest = Manifest(
        version=1,
        mission_id=str(mission_id),
        date=report.date,
        report_no=report_no,
        files=[
            described(report, DataKind.MISSION, files[DataKind.MISSION], len(cargo)),
            described(report, DataKind.SHIP_STATE, files[DataKind.SHIP_STATE], len(states)),
        ],
        ship_state=ShipStateSnapshot(**last),
        uploaded_at=now,
    )
    return Handed(id=report, files=files, manifest=manifest)

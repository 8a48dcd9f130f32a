"""A made-up past into params and ll: the tables, keys and checks of real reports, by COPY."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pgpq
import pyarrow as pa
from django.db import connection, transaction
from numpy.typing import NDArray

from missions import selectors as missions
from missions.services import PastMission, demo_missions_add, demo_missions_remove
from ships_client.contracts import CATALOGUE
from telemetry.ingest.files import STATE_COLUMNS
from telemetry.ingest.locks import load_turn
from telemetry.ingest.treasures import treasures_insert
from telemetry.models import Manifest, ReportUpload, UploadState
from telemetry.partitions import months_ensure

from .draw import Flight
from .reports import DemoReport, checksum_of, key_of
from .ticks import ticks_counted, ticks_flown

BATCH: Final = 150
"""Flights whose ticks are in memory at once, some 80,000 rows."""

Ticks = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Counts:
    """Rows written."""

    missions: int
    reports: int
    items: int
    states: int


def history_load(rng: np.random.Generator, flights: Sequence[Flight], reports: Sequence[DemoReport]) -> Counts:
    """Write flights and their reports, all or nothing."""
    with transaction.atomic():
        load_turn()
        ids = demo_missions_add([_past(flight, ticks_counted(flight)) for flight in flights])
        manifests = _ledger(reports, ids, flights)
        items = _items(reports, manifests)
        states = _states(rng, flights, reports, ids)
    return Counts(len(ids), len(manifests), items, states)


def history_remove() -> int:
    """Delete all made-up missions with their reports; returns how many missions there were."""
    ours = sorted(missions.demo_mission_ids())
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in ("treasure_reports", "mission_reports", "ship_state", "manifests", "report_uploads"):
                cursor.execute(f"DELETE FROM ll.{table} WHERE mission_id = ANY (%s)", [ours])  # noqa: S608  (constants)
        return demo_missions_remove()


def _past(flight: Flight, ticks: int) -> PastMission:
    return PastMission(
        ship_name=flight.ship,
        captain=flight.captain,
        target=flight.target,
        report_freq_min=flight.interval_min,
        success=flight.lost_in is None,
        ticks=ticks,
        started_at=flight.started_at - dt.timedelta(seconds=1),
        finished_at=flight.started_at + dt.timedelta(seconds=ticks),
    )


def _ledger(reports: Sequence[DemoReport], ids: Sequence[int], flights: Sequence[Flight]) -> list[Manifest]:
    rows, uploads = [], []
    for report in reports:
        mission_id, start = ids[report.flight], flights[report.flight].started_at
        keys = {kind: key_of(mission_id, report, kind) for kind in ("manifest", "mission", "ship_state")}
        rows.append(
            Manifest(
                mission_id=mission_id,
                mission_date=report.date,
                report_no=report.number,
                manifest_path=keys["manifest"],
                mission_file=keys["mission"],
                ship_state_file=keys["ship_state"],
                checksum_mission=checksum_of(keys["mission"]),
                checksum_ship_state=checksum_of(keys["ship_state"]),
                checksum_manifest=checksum_of(keys["manifest"]),
                rows_mission=len(report.items),
                rows_ship_state=report.last - report.first,
                first_tick_at=start + dt.timedelta(seconds=report.first),
                last_tick_at=start + dt.timedelta(seconds=report.last - 1),
                upload_time=report.uploaded_at,
                loaded_at=report.uploaded_at,
            )
        )
        uploads.append(
            ReportUpload(
                mission_id=mission_id,
                date=report.date,
                report_no=report.number,
                manifest_key=keys["manifest"],
                state=UploadState.LOADED,
                announced_at=report.uploaded_at,
            )
        )
    ReportUpload.objects.bulk_create(uploads, batch_size=2000)
    return Manifest.objects.bulk_create(rows, batch_size=2000)


def _items(reports: Sequence[DemoReport], manifests: Sequence[Manifest]) -> int:
    columns = "manifest_id, row_no, mission_id, item, value, timestamp, loaded_at, file_checksum, source_file"
    count = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY ll.mission_reports ({columns}) FROM STDIN") as copy:
        for report, m in zip(reports, manifests, strict=True):
            midnight = dt.datetime.combine(report.date, dt.time(), dt.UTC)
            for number, (item, second) in enumerate(zip(report.items, report.item_seconds, strict=True)):
                kind, at = CATALOGUE[item], midnight + dt.timedelta(seconds=second)
                known = (m.pk, number, m.mission_id, kind.name, kind.poko, at, m.loaded_at)
                copy.write_row((*known, m.checksum_mission, m.mission_file))
                count += 1
    treasures_insert([manifest.pk for manifest in manifests])
    return count


def _states(
    rng: np.random.Generator, flights: Sequence[Flight], reports: Sequence[DemoReport], ids: Sequence[int]
) -> int:
    by_flight: dict[int, list[DemoReport]] = {}
    for report in reports:
        by_flight.setdefault(report.flight, []).append(report)
    months_ensure(min(f.started_at for f in flights), max(report.uploaded_at for report in reports))
    columns = f"{STATE_COLUMNS}, file_checksum, source_file, loaded_at"
    total = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ll.ship_state ({columns}) FROM STDIN WITH (FORMAT BINARY)") as copy,
    ):
        encoder: pgpq.ArrowToPostgresBinaryEncoder | None = None
        for batch in _batches(rng, flights, by_flight, ids):
            if encoder is None:
                encoder = pgpq.ArrowToPostgresBinaryEncoder(batch.schema)
                copy.write(encoder.write_header())
            copy.write(encoder.write_batch(batch))
            total += batch.num_rows
        if encoder is not None:
            copy.write(encoder.finish())
    return total


def _batches(
    rng: np.random.Generator,
    flights: Sequence[Flight],
    by_flight: dict[int, list[DemoReport]],
    ids: Sequence[int],
) -> Iterator[pa.RecordBatch]:
    for begin in range(0, len(flights), BATCH):
        columns: dict[str, list[Any]] = {}
        for n in range(begin, min(begin + BATCH, len(flights))):
            for name, values in _columns(ids[n], flights[n], ticks_flown(rng, flights[n]), by_flight[n]).items():
                columns.setdefault(name, []).append(values)
        yield pa.RecordBatch.from_pydict({name: pa.concat_arrays(parts) for name, parts in columns.items()})


def _columns(mission_id: int, flight: Flight, ticks: Ticks, reports: Sequence[DemoReport]) -> dict[str, pa.Array]:
    """A flight's rows, in the order of STATE_COLUMNS and of what follows them there."""
    count = len(ticks["seq"])
    sizes = [report.last - report.first for report in reports]
    files = [key_of(mission_id, report, "ship_state") for report in reports]
    stamps = np.datetime64(flight.started_at.replace(tzinfo=None), "us") + ticks["seq"] * np.timedelta64(1, "s")
    loaded = np.repeat([np.datetime64(report.uploaded_at.replace(tzinfo=None), "us") for report in reports], sizes)
    made = {
        "mission_id": pa.array(np.full(count, mission_id), pa.int64()),
        "timestamp": pa.array(stamps, pa.timestamp("us", tz="UTC")),
        "planet": pa.array([name or None for name in ticks.pop("on").tolist()], pa.string()),
        "file_checksum": pa.array(np.repeat([checksum_of(file) for file in files], sizes), pa.string()),
        "source_file": pa.array(np.repeat(files, sizes), pa.string()),
        "loaded_at": pa.array(loaded, pa.timestamp("us", tz="UTC")),
    } | {name: pa.array(values) for name, values in ticks.items()}
    order = [*STATE_COLUMNS.split(", "), "file_checksum", "source_file", "loaded_at"]
    return {name: made[name] for name in order}

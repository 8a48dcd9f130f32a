"""Captain's reports: what is in one, and handing it in."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ships_client.client.plans import FlightPlan
from ships_client.client.record import Log
from ships_client.contracts import Manifest, ManifestFile, ReportKind, ShipStateSnapshot, encode_manifest, object_key
from ships_client.contracts.reports import (
    MANIFEST_VERSION,
    MISSION_COLUMNS,
    SHIP_STATE_COLUMNS,
    Column,
    DataKind,
)
from ships_client.contracts.telemetry import Condition, ShipStatus
from ships_client.contracts.world import CATALOGUE, ItemKind
from ships_client.exceptions import HeadquartersError, UploadExpired, UploadRefused
from ships_client.sim.chance import ITEMS, draw_pairs
from ships_client.transports.headquarters import Headquarters, UploadAddress
from ships_client.transports.store import ReportStore

ITEMS_PER_REPORT: Final = 20
_WORK_BEGINS: Final = time(8, tzinfo=UTC)
_WORKING_DAY_S: Final = 9 * 3600
_ADDRESSES_TRIED: Final = 3
_ARROW: Final = {
    "int64": pa.int64(),
    "float64": pa.float64(),
    "string": pa.string(),
    "timestamp[us, UTC]": pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """A report that can be made into files: numbered within its mission, dated by its last tick."""

    mission_id: int
    number: int
    day: date
    items: dict[str, list[Any]]
    log: Log


def make_report(mission_id: int, plan: FlightPlan, number: int, log: Log, *, landed: bool) -> Report:
    """Report `number` of a mission over `log`, with 20 items.

    On the way out these are freight, which the ship carries for customers; treasures are found on the planet, so in
    reports of a ship that has `landed`.
    """
    return Report(mission_id, number, log.day, _items(plan, number, log.day, landed), log)


def hand_in(report: Report, headquarters: Headquarters, store: ReportStore, now: datetime) -> None:
    """Store the report's files, the manifest last, then say that it stands.

    Handing in a report again after a restart changes nothing: its data files are the same, byte for byte, and an object
    that stands already is left as it is.

    Raises:
        HeadquartersError, UploadError: it couldn't be handed in.
    """
    ids = [report.mission_id]
    contents = {
        DataKind.MISSION: _parquet(MISSION_COLUMNS, {"mission_id": ids * len(report.items["item"]), **report.items}),
        DataKind.SHIP_STATE: _parquet(SHIP_STATE_COLUMNS, {"mission_id": ids * len(report.log), **report.log.columns}),
    }
    rows = {DataKind.MISSION: len(report.items["item"]), DataKind.SHIP_STATE: len(report.log)}
    files = [
        ManifestFile(
            kind=kind,
            key=object_key(report.mission_id, report.day, kind.value, report.number),
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            rows=rows[kind],
        )
        for kind, content in contents.items()
    ]
    manifest = Manifest(
        version=MANIFEST_VERSION,
        mission_id=str(report.mission_id),
        date=report.day,
        report_no=report.number,
        files=files,
        ship_state=_snapshot(report.log),
        uploaded_at=now,
    )
    objects = [(ReportKind(file.kind.value), file.key, contents[file.kind]) for file in files]
    key = object_key(report.mission_id, report.day, ReportKind.MANIFEST, report.number)
    objects.append((ReportKind.MANIFEST, key, encode_manifest(manifest)))
    _upload(report, objects, headquarters, store)
    headquarters.report_committed(report.mission_id, report.number, report.day)


def _upload(
    report: Report, objects: list[tuple[ReportKind, str, bytes]], headquarters: Headquarters, store: ReportStore
) -> None:
    for _ in range(_ADDRESSES_TRIED):
        addresses = headquarters.announce_report(report.mission_id, report.number, report.day)
        try:
            for kind, key, content in objects:
                store.put(_address(addresses, kind, key), content)
        except UploadExpired:
            continue
        return
    raise UploadRefused(
        f"The store refused report {report.number} of mission {report.mission_id} with {_ADDRESSES_TRIED} fresh "
        "addresses. Do its clock and headquarters' keys agree?"
    )


def _address(addresses: dict[str, UploadAddress], kind: ReportKind, key: str) -> UploadAddress:
    address = addresses.get(kind.value)
    if address is None or address.key != key:
        raise HeadquartersError(
            f"Headquarters gave the address of {address.key if address else 'nothing'} for {key}. "
            "Do ship and headquarters have the same version?"
        )
    return address


def _items(plan: FlightPlan, number: int, day: date, landed: bool) -> dict[str, list[Any]]:
    kinds = tuple(ItemKind) if landed else (ItemKind.FREIGHT,)
    choice = [item for item in CATALOGUE if item.kind in kinds]
    places = [number * ITEMS_PER_REPORT + i for i in range(ITEMS_PER_REPORT)]
    uniform = draw_pairs(plan.seed, plan.number, places, ITEMS)
    picked = [choice[int(u * len(choice))] for u in uniform[:, 0]]
    morning = datetime.combine(day, _WORK_BEGINS)
    times = sorted(morning + timedelta(seconds=float(u) * _WORKING_DAY_S) for u in uniform[:, 1])
    return {
        "item": [item.name for item in picked],
        "value": [item.poko for item in picked],
        "timestamp": times,
    }


def _parquet(columns: tuple[Column, ...], values: Mapping[str, Any]) -> bytes:
    schema = pa.schema([pa.field(c.name, _ARROW[c.type], nullable=c.nullable) for c in columns])
    table = pa.table({c.name: values[c.name] for c in columns}, schema=schema)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _snapshot(log: Log) -> ShipStateSnapshot:
    last = {name: _plain(column[-1]) for name, column in log.columns.items()}
    last["timestamp"] = log.last_time
    last["status"] = ShipStatus(last["status"])
    last["ship_condition"] = Condition(last["ship_condition"])
    return ShipStateSnapshot(**last)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value

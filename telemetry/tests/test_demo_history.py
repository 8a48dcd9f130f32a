"""A made-up past: plausible, valid by the rules of real reports, and taken out again without a trace."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from missions.models import Mission, ShipToken
from missions.services import mission_register
from ships_client.contracts import Manifest as ManifestContract
from ships_client.contracts import ManifestFile, ShipStateSnapshot
from ships_client.contracts.reports import DataKind
from stack.services.base import Context
from telemetry.demo.draw import Flight, way_ticks
from telemetry.demo.ticks import ticks_counted, ticks_flown
from telemetry.ingest import validate
from telemetry.ingest.files import STATE_COLUMNS
from telemetry.ingest.insert import ITEM_COLUMNS
from telemetry.ingest.tables import COLUMNS, arrow_schema
from telemetry.ingest.treasures import TREASURES
from telemetry.models import Manifest, MissionReport, ReportUpload, ShipState, TreasureReport

from .warehouse import one, rows


def flight(**values: object) -> Flight:
    """A flight to Karut without a mishap."""
    usual = {"ship": "ODYSSEY", "captain": "Olimar", "target": "Karut", "interval_min": 5, "out": way_ticks("Karut")}
    usual |= {"started_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "strikes": (), "lost_in": None}
    return Flight(**{**usual, **values})  # type: ignore[arg-type]


def test_a_flight_goes_out_loads_and_comes_home() -> None:
    ticks = ticks_flown(np.random.default_rng(1), flight())

    assert way_ticks("PNF-404") == 63
    assert way_ticks("Maxima") == 605
    assert len(ticks["seq"]) == ticks_counted(flight()) == 2 * 50 + 30
    assert (ticks["coord_x"].max(), ticks["coord_y"].max()) == (1.2e8, 0.8e8)
    assert [ticks[f"coord_{axis}"][-1] for axis in "xyz"] == [0, 0, 0]
    assert list(ticks["on"]).count("Karut") == 30
    assert ticks["on"][-1] == "Hocotate"
    assert ticks["fuel_prc"][-1] == pytest.approx(98.7)


def test_a_repair_takes_five_ticks_and_a_lost_ship_stays_lost() -> None:
    mended = ticks_flown(np.random.default_rng(1), flight(strikes=(10, 60)))
    lost = ticks_flown(np.random.default_rng(1), flight(strikes=(10, 60), lost_in=3))

    assert list(mended["status"]).count("REPAIR") == 10
    assert list(mended["status"][11:16]) == ["REPAIR"] * 5
    assert mended["cargo_integrity_prc"][-1] == 95
    assert len(lost["seq"]) == 61 + 5 + 30 + 3
    assert (lost["status"][-1], lost["normalized_health_total"][-1]) == ("FAILURE", 0)
    assert list(lost["status"][-3:]) == ["REPAIR", "REPAIR", "FAILURE"]


def read(columns: str, where: str, value: int | str | None, kind: DataKind) -> pa.Table:
    """Rows of ll as the table that a report's file would hold."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM ll.{where}", [value])  # noqa: S608  (the tests' own)
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return pa.Table.from_pylist(found, arrow_schema(COLUMNS[kind]))


def check_as_the_ingest_would(ledger: Manifest) -> None:
    """Put a made-up report through the checks of real ones."""
    states = read(
        STATE_COLUMNS, "ship_state WHERE source_file = %s ORDER BY seq", ledger.ship_state_file, DataKind.SHIP_STATE
    )
    items = read(ITEM_COLUMNS, "mission_reports WHERE manifest_id = %s ORDER BY row_no", ledger.pk, DataKind.MISSION)
    assert (states.num_rows, items.num_rows) == (ledger.rows_ship_state, ledger.rows_mission)
    last = {name: value for name, value in states.to_pylist()[-1].items() if name != "mission_id"}
    file = ManifestFile(kind=DataKind.SHIP_STATE, key="key", sha256="0" * 64, size=1, rows=states.num_rows)
    manifest = ManifestContract(
        version=1,
        mission_id=str(ledger.mission_id),
        date=ledger.mission_date,
        report_no=ledger.report_no,
        files=[file],
        ship_state=ShipStateSnapshot(**last),
        uploaded_at=ledger.upload_time,
    )
    validate.states_check(states, file, manifest)
    validate.items_check(items, file, manifest)


@pytest.mark.usefixtures("tables")
def test_a_past_is_made_valid_and_taken_out_again(backing: Context, token: tuple[ShipToken, str]) -> None:
    real = mission_register(token=token[0], ship_name="ODYSSEY", captain="Olimar", target="Karut", report_freq_min=5)
    said = io.StringIO()
    call_command("demo_history", "--months", "2", "--per-day", "2", stdout=said)

    assert "ship states" in said.getvalue()
    missions = Mission.objects.exclude(pk=real.pk)
    assert 60 < missions.count() < 240
    assert missions.filter(status="FAILURE", phase="LOST").exists()
    assert not missions.exclude(status="FAILURE", phase="LOST").exclude(status="SUCCESS", phase="HOME").exists()
    for ledger in Manifest.objects.order_by("?")[:25]:
        check_as_the_ingest_would(ledger)
    assert TreasureReport.objects.count() == MissionReport.objects.filter(item__in=TREASURES).count()
    fleet = one("sl.mart_fleet_kpis", period="all")
    assert (fleet["nb_missions"], fleet["ticks_kept_pct"]) == (missions.count(), 100)
    assert 60 < fleet["success_rate_pct"] < 95
    assert fleet["total_ticks"] == ShipState.objects.count()
    with pytest.raises(CommandError, match="stands already"):
        call_command("demo_history")

    call_command("demo_history", "--remove", stdout=io.StringIO())

    assert list(Mission.objects.values_list("pk", flat=True)) == [real.pk]
    assert not any(
        model.objects.exists() for model in (Manifest, MissionReport, TreasureReport, ShipState, ReportUpload)
    )
    assert one("sl.mart_fleet_kpis", period="all")["nb_missions"] == 0
    assert [row["mission_id"] for row in rows("bl.mission_summary")] == [real.pk]


@pytest.mark.usefixtures("tables")
def test_a_past_is_not_mixed_with_a_real_one_unless_told(
    backing: Context, mission: Mission, announce: Callable[..., ReportUpload]
) -> None:
    Mission.objects.update(started_at=timezone.now() - dt.timedelta(days=5))

    with pytest.raises(CommandError, match="1 real missions"):
        call_command("demo_history", "--months", "1")
    assert Mission.objects.count() == 1

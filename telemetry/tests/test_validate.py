"""The checks of values, without any server."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ships_client.contracts.reports import DataKind
from telemetry.ingest.errors import Check, ReportRejected
from telemetry.ingest.manifest import file_of
from telemetry.ingest.tables import COLUMNS, arrow_schema, table_read
from telemetry.ingest.validate import items_check, states_check

from .reports import Handed, described, handed, item_rows, parquet, state_rows

START = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=1)


def verdict(report: Handed, kind: DataKind, rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> None:
    """Judge these rows as the report's file of `kind`."""
    raw = parquet(rows, kind, schema)
    file = described(report.id, kind, raw, len(rows))
    check = items_check if kind is DataKind.MISSION else states_check
    check(table_read(raw, file), file, report.manifest)


def refusal(kind: DataKind, rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> ReportRejected:
    """What these rows are refused for, in a report of mission 7."""
    with pytest.raises(ReportRejected) as refused:
        verdict(handed(7, start=START), kind, rows, schema)
    return refused.value


def test_a_good_report_passes() -> None:
    report = handed(7, start=START)

    for kind in DataKind:
        file = file_of(report.manifest, kind)
        assert file is not None
        check = items_check if kind is DataKind.MISSION else states_check
        check(table_read(report.files[kind], file), file, report.manifest)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("mission_id", 8, "mission_id of row 5 (the first is 0) is 8, but the report is of mission 7."),
        ("seq", -1, "seq of row 5 (the first is 0) is -1, which is not within 0 to"),
        ("seq", 4, "seq of row 5 (the first is 0) is 4, which does not come after the row before it."),
        ("timestamp", START, "timestamp of row 5"),
        ("timestamp", START + dt.timedelta(days=2), "too far from the upload"),
        ("timestamp", START - dt.timedelta(days=40), "too far from the upload"),
        ("status", "DANCING", "status of row 5 (the first is 0) is 'DANCING', which the contract does not know."),
        ("ship_condition", "", "is '', which the contract does not know"),
        ("planet", "Earth", "planet of row 5 (the first is 0) is 'Earth'"),
        ("motor_health", 1.01, "is 1.01, which is not within 0 to 1."),
        ("fuel_prc", -0.5, "is -0.5, which is not within 0 to 100."),
        ("temperature_c", float("inf"), "is inf, which is not within -100 to 200."),
        ("coord_z", float("nan"), "coord_z of row 5 (the first is 0) is nan"),
        ("radiation_usv", None, "row 5 (the first is 0) has no radiation_usv; it needs one."),
    ],
)
def test_a_state_outside_the_contract_is_refused_with_its_place_and_value(
    column: str, value: object, words: str
) -> None:
    rows = state_rows(7, START, 60)
    rows[5][column] = value
    schema = pa.schema([field.with_nullable(True) for field in arrow_schema(COLUMNS[DataKind.SHIP_STATE])])

    error = refusal(DataKind.SHIP_STATE, rows, schema)

    assert error.check is Check.VALUES
    assert words in error.reason


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("item", "Moon Cheese", "item of row 2 (the first is 0) is 'Moon Cheese', which the contract does not know."),
        ("value", 101, "value of row 2 (the first is 0) is 101, which is not the item's price in the catalogue."),
        ("timestamp", START - dt.timedelta(days=1), "which is not on the report's date"),
        ("mission_id", 70, "is 70, but the report is of mission 7."),
    ],
)
def test_an_item_outside_the_contract_is_refused(column: str, value: object, words: str) -> None:
    rows = item_rows(7, dt.datetime.now(dt.UTC).date())
    rows[2][column] = value

    assert words in refusal(DataKind.MISSION, rows).reason


def test_a_file_that_ends_elsewhere_than_its_manifest_is_refused() -> None:
    assert "ends with seq 58" in refusal(DataKind.SHIP_STATE, state_rows(7, START, 59)).reason


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.remove(2), "column 2 is timestamp of type timestamp[us, tz=UTC]; the contract has value"),
        (lambda s: s.append(pa.field("mood", pa.string())), "has 5 columns, the contract has 4."),
        (lambda s: s.set(2, pa.field("value", pa.int32())), "column 2 is value of type int32; the contract has value"),
        (lambda s: s.set(3, pa.field("timestamp", pa.timestamp("us"))), "of type timestamp[us]; the contract has"),
        (lambda s: s.set(3, pa.field("timestamp", pa.timestamp("ms", "UTC"))), "of type timestamp[ms, tz=UTC]"),
        (lambda s: s.set(1, pa.field("item", pa.large_string())), "of type large_string"),
    ],
)
def test_a_file_of_other_columns_is_refused(change: Any, words: str) -> None:
    schema = change(arrow_schema(COLUMNS[DataKind.MISSION]))
    rows = item_rows(7, dt.datetime.now(dt.UTC).date())
    if schema.field(-1).type == pa.timestamp("us"):
        rows = [row | {"timestamp": row["timestamp"].replace(tzinfo=None)} for row in rows]

    error = refusal(DataKind.MISSION, rows, schema)

    assert error.check is Check.SCHEMA
    assert words in error.reason


def test_a_report_without_rows_has_nothing_to_refuse() -> None:
    verdict(handed(7, start=START), DataKind.MISSION, [])


@given(st.binary(max_size=400))
def test_no_bytes_at_all_break_the_reader(raw: bytes) -> None:
    file = described(handed(7, start=START, ticks=1, items=1).id, DataKind.MISSION, raw, 1)

    with pytest.raises(ReportRejected) as refused:
        table_read(raw, file)
    assert refused.value.check is Check.SCHEMA


@given(st.integers(0, 59), st.sampled_from(["fuel_prc", "coord_x", "motor_health"]), st.floats(allow_nan=True))
def test_a_float_passes_exactly_within_its_range(row: int, column: str, value: float) -> None:
    low, high = {"fuel_prc": (0, 100), "coord_x": (-1e10, 1e10), "motor_health": (0, 1)}[column]
    rows = state_rows(7, START, 60)
    rows[row][column] = value
    report = handed(7, start=START)

    if low <= value <= high:
        verdict(report, DataKind.SHIP_STATE, rows)
    else:
        with pytest.raises(ReportRejected, match=f"{column} of row {row} "):
            verdict(report, DataKind.SHIP_STATE, rows)

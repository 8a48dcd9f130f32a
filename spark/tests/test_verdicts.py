"""Bytes in, Arrow out: each message becomes one row of exactly one table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ships_client.contracts import Reason
from spark.columns import KAFKA, KEY, TELEMETRY, arrow_schema
from spark.transforms.verdicts import DEAD_LETTER_COLUMNS, accepted, accepted_batches, rejected, rejected_batches
from tests.messages import MISSION, invalid, valid

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_a_valid_message_becomes_a_typed_row() -> None:
    sent = NOW - timedelta(milliseconds=1500)

    row = accepted(batch(valid(seq=7, at=sent))).to_pylist()[0]

    assert row["event_time"] == sent
    assert (row["mission_id"], row["ship_id"], row["seq"], row["phase"]) == (MISSION, "ONION?!", 7, "OUTBOUND")
    assert (row["coord_x"], row["health_motor"], row["malfunctioned_component"]) == (1.5e7, 0.9, None)
    assert (row["kafka_topic"], row["kafka_partition"], row["kafka_offset"]) == ("telemetry.raw", 3, 100)
    assert (row["kafka_time"], row["contract"]) == (NOW, "telemetry/2")


def test_a_message_of_version_1_has_neither_seq_nor_phase() -> None:
    raw = valid(at=NOW).replace(b',"seq":0,"phase":"OUTBOUND"', b"")
    assert b"seq" not in raw

    row = accepted(batch(raw)).to_pylist()[0]

    assert (row["seq"], row["phase"]) == (None, None)


def test_the_tests_have_an_invalid_message_for_every_reason() -> None:
    assert set(invalid()) == set(Reason)


@pytest.mark.parametrize(("reason", "raw"), [(Reason.EMPTY, None), *invalid(NOW).items()])
def test_an_invalid_message_becomes_a_dead_letter_with_its_reason_and_bytes(reason: Reason, raw: bytes | None) -> None:
    row = rejected(batch(raw)).to_pylist()[0]

    assert row["reason"] == reason
    assert row["raw"] == raw
    assert row["detail"]
    assert row["kafka_key"] == b"ONION?!"
    assert (row["kafka_partition"], row["kafka_offset"]) == (3, 100)
    assert accepted(batch(raw)).num_rows == 0


def test_a_replay_reaches_the_same_verdict_however_late_it_is_read() -> None:
    years_ago = datetime(2020, 1, 1, tzinfo=UTC)

    assert accepted(batch(valid(at=years_ago), at=years_ago)).num_rows == 1


def test_the_field_that_is_wrong_is_named() -> None:
    assert rejected(batch(invalid(NOW)[Reason.OUT_OF_RANGE])).to_pylist()[0]["field"] == "fuel_prc"


def test_rows_have_the_columns_of_their_table_also_when_there_are_none() -> None:
    empty = batch()

    assert accepted(empty).schema == arrow_schema((*TELEMETRY, *KAFKA))
    assert rejected(empty).schema == arrow_schema(DEAD_LETTER_COLUMNS)
    assert accepted(batch(b"{")).schema == accepted(empty).schema


def test_a_text_that_is_no_unicode_does_not_end_the_stream() -> None:
    lone_surrogate = valid(at=NOW).replace(b"ONION?!", b"\\ud800")
    not_utf8 = valid(at=NOW).replace(b"ONION?!", b"\xff\xfe")

    rows = rejected(batch(lone_surrogate, not_utf8)).to_pylist()

    assert [row["kafka_offset"] for row in rows] == [100, 101]


raws = st.one_of(
    st.none(),
    st.binary(max_size=200),
    st.sampled_from([valid(at=NOW), *invalid(NOW).values()]),
    st.integers(0, len(valid(at=NOW)) - 1).map(lambda place: valid(at=NOW)[:place] + b"9" + valid(at=NOW)[place + 1 :]),
)


@given(st.lists(raws, max_size=8))
def test_every_message_stands_in_exactly_one_table(messages: list[bytes | None]) -> None:
    batches = [batch(*messages)]

    offsets = [
        row["kafka_offset"]
        for rows in (accepted_batches(batches), rejected_batches(batches))
        for row in pa.Table.from_batches(rows).to_pylist()
    ]

    assert sorted(offsets) == [100 + place for place in range(len(messages))]


def batch(*values: bytes | None, at: datetime = NOW) -> pa.RecordBatch:
    """Messages as Spark hands them over: offsets from 100 in partition 3."""
    count = len(values)
    return pa.RecordBatch.from_arrays(
        [
            pa.array(values, pa.binary()),
            pa.array([b"ONION?!"] * count, pa.binary()),
            pa.array(["telemetry/2"] * count, pa.string()),
            pa.array(["telemetry.raw"] * count, pa.string()),
            pa.array([3] * count, pa.int32()),
            pa.array(range(100, 100 + count), pa.int64()),
            pa.array([at] * count, pa.timestamp("us", tz="UTC")),
        ],
        names=["value", KEY.name, *(column.name for column in KAFKA)],
    )

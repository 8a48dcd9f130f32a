"""SQL over real Iceberg tables: what is asked comes back, what is fenced off does not."""

from __future__ import annotations

import csv
import io
import json
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import boto3
import duckdb
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError
from django.core.management import CommandError, call_command
from pytest_django import Settings

from ships_client.contracts import Reason
from telemetry.lake import (
    LakeAccess,
    LakeEmpty,
    LakeUnavailable,
    Limits,
    MissionSequence,
    Place,
    QueryInvalid,
    QueryRefused,
    QueryTooLarge,
    mission_sequences,
    offsets_by_partition,
    query,
)
from telemetry.lake.output import as_plan
from telemetry.lake.tables import ColumnInfo, described
from tests.messages import invalid

from .lakes import NOW, REFUSED, ROWS


@pytest.fixture
def command_reads_it(access: LakeAccess, settings: Settings) -> None:
    """`manage.py lake` reads this lake."""
    settings.LAKE_CATALOG_READER_URL = access.catalog_url
    settings.LAKE_WAREHOUSE = access.warehouse


def test_what_was_written_is_read(access: LakeAccess) -> None:
    result = query("SELECT count(*) AS rows, max(event_time) AS newest FROM telemetry.raw", access=access)

    assert result.columns == (("rows", "BIGINT"), ("newest", "TIMESTAMP WITH TIME ZONE"))
    assert result.rows == [(ROWS, NOW - timedelta(seconds=1))]
    assert not result.truncated


def test_a_dead_letter_keeps_its_bytes(access: LakeAccess) -> None:
    sql = "SELECT raw FROM telemetry.dead_letters WHERE reason = 'malformed_json'"

    assert query(sql, access=access).rows == [(invalid(NOW)[Reason.MALFORMED_JSON],)]


def test_rows_beyond_the_limit_are_cut_and_it_is_said(access: LakeAccess) -> None:
    result = query("SELECT seq FROM telemetry.raw ORDER BY seq", limits=Limits(rows=3), access=access)

    assert result.rows == [(0,), (1,), (2,)]
    assert result.truncated


def test_tables_are_listed_and_told_by_sql_itself(access: LakeAccess) -> None:
    assert query("SHOW TABLES", access=access).rows == [("dead_letters",), ("raw",)]
    assert query("DESCRIBE telemetry.raw", access=access).rows[0][:2] == ("event_time", "TIMESTAMP WITH TIME ZONE")
    assert query("SUMMARIZE telemetry.raw", access=access).rows[3][:4] == ("seq", "BIGINT", "0", "49")
    assert query("SELECT count(*) FROM raw", access=access).rows == [(ROWS,)]
    listed = query("SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL", access=access)
    assert listed.rows == [("telemetry", "dead_letters"), ("telemetry", "raw")]


def test_columns_of_one_name_are_told_apart(access: LakeAccess) -> None:
    assert [name for name, _ in query("SELECT 1 AS a, 2 AS a, 3 AS a_1", access=access).columns] == [
        "a",
        "a_1",
        "a_1_1",
    ]


def test_a_plan_is_told_and_the_place_of_a_slip_in_it_is_that_of_the_query(access: LakeAccess) -> None:
    plan = query("SELECT count(*) FROM telemetry.raw WHERE seq > 3", access=access, explain="plan")
    ran = query("SELECT count(*) FROM telemetry.raw WHERE seq > 3", access=access, explain="analyze")

    assert "ICEBERG_SCAN" in as_plan(plan)
    assert "Total Time" in as_plan(ran)
    with pytest.raises(QueryInvalid) as slip:
        query("SELECT seq,\n  speed FROM telemetry.raw", access=access, explain="plan")
    assert slip.value.place == Place(line=2, column=3)


def test_an_unknown_column_is_named_with_its_place(access: LakeAccess) -> None:
    with pytest.raises(QueryInvalid, match=r"\"speed\" not found.*\(line 2, column 3\)"):
        query("SELECT seq,\n  speed FROM telemetry.raw", access=access)


@pytest.mark.parametrize(
    "sql",
    [
        "WITH RECURSIVE endless AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM endless) SELECT count(*) FROM endless",
        "SELECT count(*) FROM range(10000000000) a, range(10000000000) b WHERE a.range + b.range = 3",
    ],
)
def test_an_endless_query_is_stopped_in_time(access: LakeAccess, sql: str) -> None:
    began = time.monotonic()

    with pytest.raises(QueryTooLarge, match=r"stopped after 2 s|more than 512 MB"):
        query(sql, limits=Limits(seconds=2), access=access)

    assert time.monotonic() - began < 30


def test_a_query_that_needs_too_much_memory_is_stopped(access: LakeAccess) -> None:
    with pytest.raises(QueryTooLarge, match="more than 64 MB"):
        query("SELECT list(range) FROM range(100000000)", limits=Limits(memory_mb=64), access=access)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('s3://missions/x.csv')",
        "SELECT * FROM duckdb_secrets()",
        "COPY (SELECT 1) TO 's3://telemetry-lake/x.csv'",
        "SET memory_limit = '100GB'",
        "ATTACH '/tmp/x.db'",
    ],
)
def test_duckdb_itself_holds_when_the_fence_is_open(
    access: LakeAccess, sql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["telemetry.lake.engine"], "check", lambda connection, text: None)

    if "duckdb_secrets" in sql:
        assert access.s3_secret_key not in str(query(sql, access=access))
    else:
        with pytest.raises((QueryRefused, QueryInvalid, LakeUnavailable)):
            query(sql, access=access)


def test_the_identity_of_queries_can_not_write(access: LakeAccess) -> None:
    s3 = boto3.client(
        "s3",
        endpoint_url=access.s3_endpoint,
        region_name=access.s3_region,
        aws_access_key_id=access.s3_access_key,
        aws_secret_access_key=access.s3_secret_key,
    )

    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket="telemetry-lake", Key="x", Body=b"x")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_objects_v2(Bucket="missions")
    s3.close()


def test_a_query_leaves_nothing_behind_for_the_next(access: LakeAccess) -> None:
    query("SELECT 1", access=access)

    assert duckdb.sql("SELECT count(*) FROM duckdb_secrets()").fetchall() == [(0,)]


def test_an_empty_lake_says_so(access: LakeAccess) -> None:
    elsewhere = replace(access, catalog="elsewhere")

    with pytest.raises(LakeEmpty, match="No message has been written to the lake yet"):
        query("SELECT 1 FROM telemetry.raw", access=elsewhere)


def test_a_catalog_that_does_not_answer_is_named(access: LakeAccess) -> None:
    away = replace(access, catalog_url="postgresql://lake_reader:x@127.0.0.1:1/lake")

    with pytest.raises(LakeUnavailable, match="catalog does not answer"):
        query("SELECT 1", access=away)


def test_an_object_store_that_does_not_answer_is_named(access: LakeAccess) -> None:
    with pytest.raises(LakeUnavailable, match="object store does not answer"):
        query("SELECT count(*) FROM telemetry.raw", access=replace(access, s3_endpoint="http://127.0.0.1:1"))


def test_offsets_of_both_tables_are_counted_for_the_audit(access: LakeAccess) -> None:
    (partition,) = offsets_by_partition(access)

    assert (partition.partition, partition.committed) == (3, 100 + ROWS + REFUSED)
    assert (partition.raw_rows, partition.dead_rows, partition.rows) == (ROWS, REFUSED, ROWS + REFUSED)
    assert (partition.lowest, partition.highest) == (100, 100 + ROWS + REFUSED - 1)
    assert (partition.doubled, partition.missing) == (0, 0)


def test_sequences_of_missions_are_counted_for_the_audit(access: LakeAccess) -> None:
    assert mission_sequences([42, 43], access) == {42: MissionSequence(42, ROWS, ROWS, 0, ROWS - 1)}
    assert mission_sequences([], access) == {}


@pytest.mark.usefixtures("command_reads_it")
def test_the_command_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("lake", "SELECT ship_id, max(seq) AS last FROM telemetry.raw GROUP BY ship_id")

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["ship_id  last", "-------  ----", "ONION?!    49"]
    assert lines[3].startswith("(1 row, ")


@pytest.mark.usefixtures("command_reads_it")
def test_the_command_prints_csv_and_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    sql = (
        "SELECT kafka_offset, detail, raw, (SELECT min(event_time) FROM telemetry.raw) AS event_time"
        " FROM telemetry.dead_letters ORDER BY kafka_offset LIMIT 1"
    )

    call_command("lake", sql, "--format", "json")
    (row,) = json.loads(capsys.readouterr().out)
    call_command("lake", sql, "--format", "csv")
    (line,) = csv.DictReader(io.StringIO(capsys.readouterr().out))

    assert line["kafka_offset"] == str(row["kafka_offset"])
    assert line["detail"] == row["detail"]
    assert row["event_time"] == line["event_time"] == (NOW - timedelta(seconds=ROWS)).isoformat()


@pytest.mark.usefixtures("command_reads_it")
def test_the_command_answers_a_slip_with_one_sentence() -> None:
    with pytest.raises(CommandError, match=r"^syntax error at or near \"SELEC\" \(line 1, column 1\)\.$"):
        call_command("lake", "SELEC 1")


@pytest.mark.usefixtures("command_reads_it")
def test_the_command_writes_parquet_with_the_types_of_the_lake(tmp_path: Path) -> None:
    file = tmp_path / "raw.parquet"

    call_command("lake", "SELECT * FROM telemetry.raw ORDER BY seq", "--format", "parquet", "--output", str(file))

    table = pq.read_table(file)
    assert table.num_rows == ROWS
    assert str(table.schema.field("event_time").type) == "timestamp[us, tz=UTC]"
    assert table["seq"].to_pylist() == list(range(ROWS))


@pytest.mark.usefixtures("command_reads_it")
def test_the_command_pipes_parquet(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    call_command("lake", "SELECT 1 AS one", "--format", "parquet")

    assert pq.read_table(io.BytesIO(capfdbinary.readouterr().out)).to_pydict() == {"one": [1]}


@pytest.mark.usefixtures("command_reads_it")
def test_the_command_explains(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("lake", "SELECT count(*) FROM telemetry.raw WHERE seq > 3", "--explain")
    assert "ICEBERG_SCAN" in capsys.readouterr().out

    call_command("lake", "SELECT count(*) FROM telemetry.raw WHERE seq > 3", "--explain", "analyze")
    assert "Total Time" in capsys.readouterr().out


@pytest.mark.usefixtures("command_reads_it")
def test_the_command_says_where_it_can_not_write(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be written: Is a directory"):
        call_command("lake", "SELECT 1", "--format", "csv", "--output", str(tmp_path))


@pytest.mark.usefixtures("command_reads_it")
def test_what_json_can_not_hold_comes_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    call_command(
        "lake", "SELECT 'nan'::DOUBLE AS a, 9007199254740993 AS b, 3 AS c, 1.5::DECIMAL(4,2) AS d", "--format", "json"
    )

    assert json.loads(capsys.readouterr().out) == [{"a": "nan", "b": "9007199254740993", "c": 3, "d": "1.50"}]


def test_a_table_before_its_first_commit_is_described_without_figures() -> None:
    metadata = {
        "current-schema-id": 1,
        "schemas": [
            {"schema-id": 0, "fields": []},
            {
                "schema-id": 1,
                "fields": [
                    {"id": 1, "name": "at", "type": "timestamptz", "doc": "When"},
                    {"id": 2, "name": "tags", "type": {"type": "list", "element": "string"}},
                ],
            },
        ],
        "default-spec-id": 0,
        "partition-specs": [{"spec-id": 0, "fields": [{"source-id": 1, "transform": "hour", "name": "at_hour"}]}],
        "current-snapshot-id": -1,
    }

    table = described("telemetry.new", metadata)

    assert (table.rows, table.files, table.bytes, table.committed) == (0, 0, 0, None)
    assert table.columns == (ColumnInfo("at", "timestamptz", "When", "hour"), ColumnInfo("tags", "list", "", ""))

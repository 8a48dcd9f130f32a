"""The fence lets one SELECT over the lake's tables through, and says of anything else why not."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from telemetry.lake.errors import LakeQueryError, QueryInvalid, QueryRefused
from telemetry.lake.fence import LONGEST, check


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM telemetry.raw",
        "FROM telemetry.dead_letters",
        "SELECT 1;",
        "-- a comment\nSELECT 1",
        "WITH newest AS (SELECT max(seq) AS seq FROM telemetry.raw) SELECT * FROM newest, range(3)",
        "SELECT unnest([1, 2]) UNION ALL VALUES (3)",
        "DESCRIBE telemetry.raw",
        "SHOW TABLES",
        "SELECT table_name FROM information_schema.tables",
        "SELECT column_name FROM information_schema.columns",
        "SUMMARIZE telemetry.raw",
        "SHOW ALL TABLES",
    ],
)
def test_one_select_is_let_through(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    check(connection, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "COPY telemetry.raw TO '/tmp/x.csv'",
        "COPY (SELECT 1) TO 's3://telemetry-lake/wh/x.parquet'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 64",
        "RESET threads",
        "CALL pragma_version()",
        "PRAGMA database_list",
        "PRAGMA version",
        "EXPORT DATABASE '/tmp/x'",
        "IMPORT DATABASE '/tmp/x'",
        "CREATE TABLE x AS SELECT 1",
        "CREATE MACRO f() AS 1",
        "CREATE OR REPLACE VIEW telemetry.raw AS SELECT 1",
        "DROP VIEW telemetry.raw",
        "INSERT INTO telemetry.raw VALUES (1)",
        "DELETE FROM telemetry.raw",
        "UPDATE telemetry.raw SET seq = 0",
        "PREPARE x AS SELECT 1",
        "EXECUTE x",
        "CHECKPOINT",
        "VACUUM",
        "USE memory",
        "BEGIN",
        "EXPLAIN SELECT 1",
        "CREATE SECRET s (TYPE s3)",
        "DROP SECRET lake",
    ],
)
def test_a_statement_that_is_no_select_is_refused(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(QueryRefused):
        check(connection, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_csv_auto('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM read_json('/etc/passwd')",
        "SELECT * FROM read_parquet('s3://missions/x.parquet')",
        "SELECT * FROM parquet_metadata('s3://missions/x.parquet')",
        "SELECT * FROM iceberg_scan('s3://missions/x')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM 's3://missions/x.parquet'",
        'SELECT * FROM "x.csv"',
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM which_secret('s3://telemetry-lake/wh', 's3')",
        "SELECT * FROM pg_settings",
        "SELECT * FROM pg_catalog.pg_views",
        "SELECT * FROM duckdb_views",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM information_schema.views",
        "DESCRIBE '/etc/passwd'",
        "SUMMARIZE 'x.csv'",
        "SHOW duckdb_secrets",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('telemetry.raw')",
        "SELECT current_setting('secret_directory')",
        "SELECT getenv('HOME')",
        "SELECT (SELECT count(*) FROM glob('/*'))",
        "SELECT 1 WHERE EXISTS (FROM duckdb_secrets())",
        "WITH hidden AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM hidden",
        "SELECT 1 UNION ALL SELECT size FROM read_blob('/etc/passwd')",
        "SELECT * FROM telemetry.raw JOIN LATERAL (SELECT * FROM glob(ship_id)) ON true",
        "SELECT list_transform([1], x -> (SELECT count(*) FROM glob('/*')))",
    ],
)
def test_a_select_that_reaches_beyond_the_tables_is_refused(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(QueryRefused, match=r"line 1, column \d+"):
        check(connection, sql)


def test_two_statements_are_refused_with_their_number(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryRefused, match="There are 2 statements"):
        check(connection, "SELECT 1; SELECT 2")


@pytest.mark.parametrize("sql", ["", "  ", "-- nothing"])
def test_no_query_is_said_to_be_none(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(QueryRefused, match="There is no query"):
        check(connection, sql)


def test_a_query_without_end_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryRefused, match="at most 100,000"):
        check(connection, "SELECT " + "1 + " * LONGEST + "1")


def test_a_slip_is_shown_with_its_line_and_column(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryInvalid, match=r"near \"telemetry\" \(line 2, column 6\)"):
        check(connection, "SELECT 'ä', *\nFORM telemetry.raw x")


def test_half_a_character_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryInvalid, match="half a character"):
        check(connection, "SELECT '\ud800'")


@pytest.mark.parametrize("depth", [900, 5_000, 20_000])
def test_deep_nesting_is_an_error_and_not_a_crash(connection: duckdb.DuckDBPyConnection, depth: int) -> None:
    with pytest.raises(LakeQueryError, match=r"nested too deeply|depth limit"):
        check(connection, "SELECT " + "1 + " * depth + "1")

"""The tables that the application writes answer the same to DuckDB, PyIceberg and Spark SQL, which may only read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest
from pyiceberg.catalog.sql import SqlCatalog

from spark.tables import TABLES
from spark.tests.lakes import Lake, until
from stack.config import ROOT
from stack.services.base import Context
from telemetry.lake import query
from telemetry.lake.tables import tables
from tests.messages import invalid, valid

pytestmark = pytest.mark.timeout(900)

VALID = 300
BY_SHIP = "SELECT ship_id, count(*), min(seq), max(seq) FROM {raw} GROUP BY ship_id ORDER BY ship_id"
BY_REASON = "SELECT reason, count(*) FROM {dead_letters} GROUP BY reason ORDER BY reason"

SPARK_READER = """
import json, os, sys
from spark.session import start_session
from spark.settings import lake_settings
session = start_session(lake_settings(os.environ))
answers = [[list(row) for row in session.sql(sql).collect()] for sql in sys.argv[1:]]
try:
    session.sql("DELETE FROM fleet.telemetry.raw WHERE seq >= 0")
    refused = ""
except Exception as error:
    refused = str(error)
print(json.dumps({"answers": answers, "refused": refused}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def lake(backing: Context, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake that the application has written: 300 messages, and each kind that is refused."""
    lake = Lake(backing, tmp_path_factory.mktemp("lake"))
    lake.make()
    lake.send(*(valid(seq) for seq in range(VALID)), *invalid().values())
    lake.start()
    until("all messages are written", lambda: lake.rows() == VALID and lake.rows("dead_letters") == len(invalid()))
    lake.kill()
    yield lake
    lake.drop()


def reader(lake: Lake) -> Mapping[str, str]:
    """The application's settings with the identities that may only read."""
    access = lake.access()
    return {
        **lake.environment(),
        "LAKE_CATALOG_URL": access.catalog_url,
        "S3_LAKE_ACCESS_KEY": access.s3_access_key,
        "S3_LAKE_SECRET_KEY": access.s3_secret_key,
    }


def test_duckdb_pyiceberg_and_spark_sql_count_the_same(lake: Lake) -> None:
    access = lake.access()
    duck = [
        [
            list(row)
            for row in query(sql.format(raw="telemetry.raw", dead_letters="telemetry.dead_letters"), access=access).rows
        ]
        for sql in (BY_SHIP, BY_REASON)
    ]
    assert duck[0] == [["ONION?!", VALID, 0, VALID - 1]]
    assert sum(count for _, count in duck[1]) == len(invalid())

    catalog = SqlCatalog(
        "fleet",
        **{
            "uri": access.catalog_url.replace("postgresql:", "postgresql+psycopg2:"),
            "init_catalog_tables": "false",
            "warehouse": access.warehouse,
            "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
            "s3.endpoint": access.s3_endpoint,
            "s3.region": access.s3_region,
            "s3.access-key-id": access.s3_access_key,
            "s3.secret-access-key": access.s3_secret_key,
        },
    )
    raw = catalog.load_table("telemetry.raw").scan().to_arrow().sort_by("ship_id")
    ships = raw.group_by("ship_id").aggregate([([], "count_all"), ("seq", "min"), ("seq", "max")]).sort_by("ship_id")
    letters = catalog.load_table("telemetry.dead_letters").scan(selected_fields=("reason",)).to_arrow()
    reasons = letters.group_by("reason").aggregate([([], "count_all")]).sort_by("reason")
    catalog.engine.dispose()
    assert [[list(row.values()) for row in table.to_pylist()] for table in (ships, reasons)] == duck

    names = {"raw": "fleet.telemetry.raw", "dead_letters": "fleet.telemetry.dead_letters"}
    argv = [sys.executable, "-c", SPARK_READER, *(sql.format(**names) for sql in (BY_SHIP, BY_REASON))]
    done = subprocess.run(argv, cwd=ROOT, env=reader(lake), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stderr.strip().splitlines()[-1])
    assert told["answers"] == duck
    assert told["refused"], "The reader deleted rows."
    assert query("SELECT count(*) FROM telemetry.raw", access=access).rows == [(VALID,)]


def test_the_tables_tell_their_comments_partitioning_and_figures(lake: Lake) -> None:
    told = {table.name: table for table in tables(lake.access())}
    letters, raw = told["telemetry.dead_letters"], told["telemetry.raw"]

    assert told.keys() == {table.identifier.removeprefix("fleet.") for table in TABLES}
    assert (raw.name, raw.comment) == ("telemetry.raw", "Every valid message of topic telemetry.raw")
    assert (raw.rows, letters.rows) == (VALID, len(invalid()))
    assert raw.files >= 1
    assert raw.bytes > 1_000
    event_time, mission_id, *_ = raw.columns
    assert (event_time.type, event_time.partition) == ("timestamptz", "day")
    assert event_time.comment == "When the ship took its readings"
    assert (mission_id.type, mission_id.partition) == ("long", "")

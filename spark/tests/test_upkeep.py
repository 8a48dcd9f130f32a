"""Migrations and upkeep by Spark itself on a real catalog and object store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import boto3
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from spark import derive, migrations
from spark.columns import arrow_schema
from spark.errors import LakeError
from spark.increments import unread
from spark.migrations import MIGRATIONS, migrate, version
from spark.running import SPARK_ERRORS
from spark.tables import (
    DEAD_LETTERS,
    NAMESPACE,
    RAW,
    SHIP_MINUTE,
    TABLES,
    TRACK,
    LakeTable,
    current_id,
    current_snapshot,
    ddl,
    iceberg_table,
)
from spark.tests.lakes import Lake
from spark.tests.sessions import session_of
from spark.upkeep import compact, drop_days, expire, remove_orphans, rewrite_manifests, rows_before
from stack.services.base import Context

pytestmark = [
    pytest.mark.timeout(900),
    # PySpark leaves sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

DAY: Final = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def lake(backing: Context, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake of this module's own."""
    lake = Lake(backing, Path(tmp_path_factory.mktemp("upkeep")))
    lake.make()
    yield lake
    lake.drop()


@pytest.fixture(scope="module")
def session(lake: Lake) -> Iterator[SparkSession]:
    """A session over it."""
    with session_of(lake) as session:
        yield session


def test_a_lake_of_the_first_version_becomes_the_present_one_and_keeps_its_rows(session: SparkSession) -> None:
    session.sql(f"CREATE NAMESPACE {NAMESPACE}")
    migrations._make_streamed(session)
    assert version(session) == 0
    session.sql(f"INSERT INTO {DEAD_LETTERS.identifier} (reason, raw, kafka_offset) VALUES ('empty', X'00', 7)")  # noqa: S608

    migrate(session)

    assert version(session) == MIGRATIONS[-1].number
    for table in TABLES:
        columns = [(c.name(), c.doc()) for c in iceberg_table(session, table).schema().columns()]
        assert columns == [(column.name, column.comment) for column in table.columns]
        types = dict(session.table(table.identifier).dtypes)
        assert types == {column.name: column.type for column in table.columns}
    rows = session.table(DEAD_LETTERS.identifier).select("reason", "kafka_offset", "kafka_key").collect()
    assert [tuple(row) for row in rows] == [("empty", 7, None)]


def test_a_migrated_lake_is_left_alone_and_a_cut_off_step_is_done_again(session: SparkSession) -> None:
    before = {table.name: metadata(session, table) for table in TABLES}

    migrate(session)
    assert {table.name: metadata(session, table) for table in TABLES} == before

    session.sql(f"ALTER NAMESPACE {NAMESPACE} SET DBPROPERTIES ('lake.version' = '1')")
    migrate(session)
    assert version(session) == MIGRATIONS[-1].number


def test_a_lake_of_a_newer_version_is_refused_with_what_to_do(session: SparkSession) -> None:
    session.sql(f"ALTER NAMESPACE {NAMESPACE} SET DBPROPERTIES ('lake.version' = '99')")
    with pytest.raises(LakeError, match="install the newer software"):
        migrate(session)
    session.sql(f"ALTER NAMESPACE {NAMESPACE} SET DBPROPERTIES ('lake.version' = '{MIGRATIONS[-1].number}')")


def test_compaction_leaves_one_sorted_file_a_day_and_the_same_rows(lake: Lake, session: SparkSession) -> None:
    for number in range(12):
        append(session, TRACK, 9 - number % 3, range(number * 5, number * 5 + 5))
        append(session, TRACK, 1, range(number, number + 1), day=DAY + timedelta(days=1))
    before = sorted(rows_of(session, TRACK))

    done = compact(session, TRACK)

    assert (done.rewritten, done.added) == (24, 2)
    assert sorted(rows_of(session, TRACK)) == before
    first_day = [row for row in rows_of(session, TRACK) if row[2] < DAY + timedelta(days=1)]
    assert first_day == sorted(first_day)


def test_snapshots_that_nobody_needs_go_with_their_files(lake: Lake, session: SparkSession) -> None:
    before = objects(lake, TRACK)
    rows = sorted(rows_of(session, TRACK))

    gone = expire(session, TRACK, datetime.now(UTC), needed=None)

    assert gone > 0
    assert len(objects(lake, TRACK)) < len(before)
    assert sorted(rows_of(session, TRACK)) == rows


def test_snapshots_that_another_table_has_still_to_read_stay(lake: Lake, session: SparkSession) -> None:
    append(session, RAW, 1, range(1))
    needed = current_id(session, RAW)
    assert needed is not None
    for number in range(15):
        append(session, RAW, 1, range(number, number + 1))

    assert expire(session, RAW, datetime.now(UTC), needed) == 0
    assert iceberg_table(session, RAW).snapshot(needed) is not None
    assert expire(session, RAW, datetime.now(UTC), None) == 6


def test_files_of_a_writer_that_was_killed_are_removed_and_no_other(lake: Lake, session: SparkSession) -> None:
    store = object_store(lake)
    orphan = f"{lake.name}/telemetry/raw/data/orphan.parquet"
    store.put_object(Bucket="telemetry-lake", Key=orphan, Body=b"left behind")
    rows = sorted(rows_of(session, RAW))

    assert remove_orphans(session, RAW, datetime.now(UTC) - timedelta(hours=1)) == 0
    assert remove_orphans(session, RAW, datetime.now(UTC) + timedelta(minutes=1)) == 1

    assert orphan not in objects(lake, RAW)
    assert sorted(rows_of(session, RAW)) == rows


def test_old_days_go_whole_without_a_file_being_written(lake: Lake, session: SparkSession) -> None:
    kept_day = (DAY + timedelta(days=3)).date()
    append(session, RAW, 5, range(7), day=DAY + timedelta(days=3))
    old = rows_before(session, RAW, kept_day)

    drop_days(session, RAW, kept_day)

    assert sum(old.values()) == 16
    assert rows_before(session, RAW, kept_day) == {}
    assert len(rows_of(session, RAW)) == 7
    summary = iceberg_table(session, RAW).currentSnapshot().summary()
    assert summary.get("added-data-files") is None


def test_a_step_that_another_application_has_overtaken_commits_nothing(
    session: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    extend(session)
    append(session, RAW, 70, range(5))
    narrowed = derive.within

    def overtaken(column: str, values: Iterable[int]) -> str:
        append(session, TRACK, 70, range(5))
        return narrowed(column, values)

    with monkeypatch.context() as patch:
        patch.setattr(derive, "within", overtaken)
        with pytest.raises(SPARK_ERRORS, match="conflicting files"):
            extend(session)

    assert extend(session)
    assert missions_seqs(session, 70) == list(range(5))


def test_rows_that_come_while_a_derived_table_catches_up_wait_for_its_next_round(session: SparkSession) -> None:
    extend(session)
    append(session, RAW, 71, range(3))
    newest = current_id(session, RAW)
    assert newest is not None
    append(session, RAW, 71, range(3, 5))

    assert derive.extend_track(session, newest)
    assert not derive.extend_track(session, newest)
    assert missions_seqs(session, 71) == [0, 1, 2]
    assert extend(session)
    assert missions_seqs(session, 71) == [0, 1, 2, 3, 4]


def test_a_table_that_meets_a_backlog_begins_with_its_oldest_rows(session: SparkSession) -> None:
    backlog, follower = (LakeTable(name, RAW.columns, RAW.partitioning, RAW.order, "") for name in ("old", "new"))
    for table in (backlog, follower):
        session.sql(ddl(table))
    append(session, backlog, 1, range(3))
    oldest = current_id(session, backlog)
    append(session, backlog, 1, range(3, 9))
    newest = current_id(session, backlog)
    assert newest is not None

    increment = unread(session, backlog, follower, newest, 3)

    assert increment is not None
    assert (increment.start, increment.end) == (None, oldest)
    assert increment.read(session, backlog).count() == 3


def test_what_compaction_writes_anew_is_read_past(session: SparkSession) -> None:
    for mission in (72, 73, 74, 75):
        append(session, RAW, mission, range(3))
        extend(session)
    sum_up(session)
    for table in (RAW, TRACK, SHIP_MINUTE):
        compact(session, table)

    assert extend(session)
    assert not extend(session)
    assert sum_up(session)
    assert not sum_up(session)
    assert missions_seqs(session, 72) == [0, 1, 2]


def test_a_week_of_commits_leaves_few_files_and_few_metadata_objects(lake: Lake, session: SparkSession) -> None:
    week = LakeTable("week", RAW.columns, RAW.partitioning, RAW.order, "A week")
    session.sql(ddl(week))
    most_files, most_objects = 0, 0
    for hour in range(0, 7 * 24, 24):
        for number in range(COMMITS_A_ROUND):
            day = DAY + timedelta(hours=hour)
            append(session, week, 1, range(number, number + 1), day=day)
        compact(session, week)
        rewrite_manifests(session, week)
        expire(session, week, datetime.now(UTC), needed=None)
        snapshot = current_snapshot(session, week)
        assert snapshot is not None
        most_files = max(most_files, snapshot.files)
        most_objects = max(most_objects, len(objects(lake, week)))

    assert len(rows_of(session, week)) == 7 * COMMITS_A_ROUND
    assert most_files <= 7 * 4
    assert most_objects <= most_files + OBJECTS_BESIDE


COMMITS_A_ROUND: Final = 10
OBJECTS_BESIDE: Final = 120
"""Objects beside the current data files: 21 metadata files (write.metadata.previous-versions-max), 10 snapshots with
their manifest lists, manifests and the files that only they have."""


def append(session: SparkSession, table: LakeTable, mission: int, seqs: range, day: datetime = DAY) -> None:
    """Commit rows of a mission, a second each."""
    schema = arrow_schema(table.columns)
    known: dict[str, list[Any]] = {
        "mission_id": [mission for _ in seqs],
        "seq": list(seqs),
        "event_time": [day + timedelta(seconds=seq) for seq in seqs],
        "kafka_partition": [mission % 3 for _ in seqs],
    }
    rows = pa.table([pa.array(known.get(f.name, [None for _ in seqs]), f.type) for f in schema], schema=schema)
    session.createDataFrame(rows).coalesce(1).writeTo(table.identifier).append()


def rows_of(session: SparkSession, table: LakeTable) -> list[tuple[int, int, datetime]]:
    """Mission, seq and time of all rows, in the order of the files."""
    rows = session.table(table.identifier).select("mission_id", "seq", "event_time").collect()
    return [(row[0], row[1], row[2].astimezone(UTC)) for row in rows]


def extend(session: SparkSession) -> bool:
    """Take what stands in raw now into track."""
    newest = current_id(session, RAW)
    return newest is not None and derive.extend_track(session, newest)


def sum_up(session: SparkSession) -> bool:
    """Sum up what stands in track now."""
    newest = current_id(session, TRACK)
    return newest is not None and derive.extend_minutes(session, newest)


def missions_seqs(session: SparkSession, mission: int) -> list[int]:
    """What track has of a mission."""
    return sorted(seq for number, seq, _ in rows_of(session, TRACK) if number == mission)


def metadata(session: SparkSession, table: LakeTable) -> str:
    """Where the table's newest metadata lies."""
    return str(iceberg_table(session, table).operations().current().metadataFileLocation())


def object_store(lake: Lake) -> Any:
    """The store, to look behind the lake's back."""
    environment = lake.environment()
    return boto3.client(
        "s3",
        endpoint_url=environment["S3_ENDPOINT_URL"],
        region_name=environment["S3_REGION"],
        aws_access_key_id=environment["S3_LAKE_ACCESS_KEY"],
        aws_secret_access_key=environment["S3_LAKE_SECRET_KEY"],
    )


def objects(lake: Lake, table: LakeTable) -> set[str]:
    """Keys of all objects of a table."""
    pages = (
        object_store(lake)
        .get_paginator("list_objects_v2")
        .paginate(Bucket="telemetry-lake", Prefix=f"{lake.name}/telemetry/{table.name}/")
    )
    return {entry["Key"] for page in pages for entry in page.get("Contents", [])}

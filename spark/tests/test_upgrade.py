"""This version over what the first one left: its tables, and its checkpoints."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from spark import migrations
from spark.tables import NAMESPACE, STREAMED
from spark.tests.lakes import PARTITIONS, Lake, until
from spark.tests.sessions import session_of
from stack.services.base import Context
from tests.messages import valid

pytestmark = [
    pytest.mark.timeout(600),
    # PySpark leaves sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

READ = 5
"""Offsets of each partition that the first version had read."""


@pytest.fixture
def lake(backing: Context, tmp_path: Path) -> Iterator[Lake]:
    """A lake as the first version left it: tables, no number, and a checkpoint in the middle of each partition."""
    lake = Lake(backing, tmp_path)
    lake.make()
    with session_of(lake) as session:
        session.sql(f"CREATE NAMESPACE {NAMESPACE}")
        migrations._make_streamed(session)
    for table in STREAMED:
        leave_checkpoint(lake.folder / "checkpoints" / table.name, lake.name)
    yield lake
    lake.drop()


def test_a_checkpoint_of_the_first_version_goes_on_where_it_ended(lake: Lake) -> None:
    lake.send(*(valid(seq) for seq in range(10 * PARTITIONS)))

    lake.start()
    lake.caught_up()

    found = sorted((row["kafka_partition"], row["kafka_offset"]) for row in lake.contents("raw"))
    assert found == [(part, offset) for part in range(PARTITIONS) for offset in range(READ, 10)]
    until("the tables of this version are filled", lambda: len(lake.contents("track")) == len(found))


def leave_checkpoint(folder: Path, topic: str) -> None:
    """What Spark writes once a batch is committed."""
    offsets = {topic: {str(part): READ for part in range(PARTITIONS)}}
    planned = {"batchWatermarkMs": 0, "batchTimestampMs": 1_764_288_000_000, "conf": {}}
    written = {
        "metadata": json.dumps({"id": str(uuid.uuid4())}),
        "offsets/0": f"v1\n{json.dumps(planned)}\n{json.dumps(offsets)}",
        "commits/0": 'v1\n{"nextBatchWatermarkMs":0}',
    }
    for name, text in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

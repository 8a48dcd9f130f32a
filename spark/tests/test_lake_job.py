"""The application on real servers: each offset stands once in the lake, whatever is killed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from spark.tests.lakes import Lake, pid_is_gone, until
from stack.services.base import Context
from telemetry.lake import LakeEmpty, query
from tests.messages import invalid, valid

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def lake(backing: Context, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake of this module's own; each test leaves its application stopped."""
    lake = Lake(backing, Path(tmp_path_factory.mktemp("lake")))
    lake.make()
    yield lake
    lake.drop()


@pytest.fixture(autouse=True)
def _nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that fails leaves no application to the next."""
    lake: Lake = request.getfixturevalue("lake")
    yield
    lake.kill()


def test_each_message_stands_once_with_its_verdict_although_jvm_and_driver_are_killed(lake: Lake) -> None:
    refused = list(invalid().items()) * 100
    lake.send(*(valid(seq) for seq in range(1000)), *(raw for _, raw in refused))
    with pytest.raises(LakeEmpty):
        query("SELECT 1 FROM telemetry.raw", access=lake.access())

    lake.start()
    until("a first part is committed", lake.rows)
    assert lake.kill_jvm() == 1

    lake.send(*(valid(seq) for seq in range(1000, 2000)))
    lake.start()
    until("the queries run again", lambda: lake.metric("lake_batch_seconds"))
    kill_driver(lake)

    lake.start()
    lake.caught_up()
    lake.assert_each_offset_stands_once()
    seqs = query("SELECT count(*), count(DISTINCT seq), min(seq), max(seq) FROM telemetry.raw", access=lake.access())
    assert seqs.rows == [(2000, 2000, 0, 1999)]
    reasons = query("SELECT reason, count(*) FROM telemetry.dead_letters GROUP BY reason", access=lake.access())
    assert dict(reasons.rows) == Counter(reason for reason, _ in refused)
    stop(lake)


def test_a_second_application_waits_until_the_first_has_ended(lake: Lake) -> None:
    lake.start()
    until("the first runs", lambda: lake.metric("lake_loop_timestamp_seconds").get(""))
    environment = {**lake.environment(), "LAKE_METRICS_PORT": str(lake.metrics_port + 1)}
    said = lake.folder / "second.log"
    with said.open("wb") as log:
        second = subprocess.Popen(
            [sys.executable, "-u", "-m", "spark.jobs.lake"], env=environment, stdout=log, stderr=log
        )
    try:
        until("it is told to wait", lambda: "only one may write" in said.read_text())
        assert "Both queries run" not in said.read_text()
        stop(lake)
        until("the second takes over", lambda: "Both queries run" in said.read_text())
    finally:
        second.send_signal(signal.SIGTERM)
        try:
            ended = second.wait(20)
        finally:
            second.kill()
            second.wait()
    assert ended == 0


def test_a_lost_checkpoint_neither_doubles_nor_loses_a_row(lake: Lake) -> None:
    shutil.rmtree(lake.folder / "checkpoints", ignore_errors=True)
    lake.send(*(valid(seq) for seq in range(2000, 2300)), *invalid().values())

    lake.start()
    lake.caught_up()

    lake.assert_each_offset_stands_once()
    stop(lake)


def kill_driver(lake: Lake) -> None:
    """kill -9 of the driver; its JVM must follow, or two could write."""
    assert lake.process is not None
    jvm = until("the JVM runs", lake.jvm)
    lake.process.kill()
    lake.process.wait(10)
    until("the JVM is gone", lambda: pid_is_gone(jvm.pid), 15)


def stop(lake: Lake) -> None:
    """SIGTERM ends the application cleanly, in time."""
    assert lake.process is not None
    lake.process.send_signal(signal.SIGTERM)
    assert lake.process.wait(15) == 0
    lake.process = None

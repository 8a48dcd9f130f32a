"""The same application on a cluster: a standalone master and two workers, from the same wheel."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pyspark
import pytest

from spark.tests.lakes import Lake, until
from stack.services.base import Context, inherited
from tests.messages import invalid, valid

pytestmark = pytest.mark.timeout(600)

SPARK_CLASS = Path(pyspark.__file__).parent / "bin/spark-class"
LOOPBACK = "127.0.0.1"


@pytest.fixture
def lake(backing: Context, tmp_path: Path) -> Iterator[Lake]:
    """A lake whose application runs on a cluster of two workers."""
    with cluster(backing, tmp_path) as master:
        lake = Lake(backing, tmp_path, more={"SPARK_MASTER": master, "SPARK_LOCAL_IP": LOOPBACK})
        lake.make()
        yield lake
        lake.drop()


def test_two_workers_write_each_message_once_also_after_one_of_them_dies(lake: Lake) -> None:
    lake.send(*(valid(seq) for seq in range(1500)), *invalid().values())
    lake.start()
    lake.caught_up()
    assert len(executors(lake)) == 2

    lake.send(*(valid(seq) for seq in range(1500, 3000)))
    os.kill(executors(lake)[0], 9)
    lake.send(*(valid(seq) for seq in range(3000, 3500)))

    lake.caught_up()
    lake.assert_each_offset_stands_once()
    until("the track has all", lambda: len(lake.contents("track")) == 3500)


def executors(lake: Lake) -> list[int]:
    """Processes that work for this lake's application: each has a folder of its own under its worker's."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "cwd"])
        if "org.apache.spark.executor.CoarseGrainedExecutorBackend" in (process.info["cmdline"] or [])
        and (process.info["cwd"] or "").startswith(str(lake.folder))
    ]


@contextmanager
def cluster(context: Context, folder: Path) -> Iterator[str]:
    """A master and two workers of a core each; the master's address."""
    port = free_port()
    master = f"spark://{LOOPBACK}:{port}"
    with ExitStack() as stack:
        stack.enter_context(part(context, folder, "master.Master", "--host", LOOPBACK, "--port", str(port)))
        until("the master answers", lambda: answers(port))
        for number in range(2):
            arguments = ["--host", LOOPBACK, "--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"w{number}")]
            stack.enter_context(part(context, folder, "worker.Worker", *arguments, master))
        yield master


@contextmanager
def part(context: Context, folder: Path, name: str, *arguments: str) -> Iterator[None]:
    """A process of the cluster."""
    env = {
        **inherited(),
        "JAVA_HOME": context.settings["JAVA_HOME"],
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_DAEMON_MEMORY": "256m",
    }
    argv = [str(SPARK_CLASS), f"org.apache.spark.deploy.{name}", "--webui-port", "0", *arguments]
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(argv, env=env, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.kill()
            process.wait(20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens on a port."""
    with socket.socket() as client:
        return client.connect_ex((LOOPBACK, port)) == 0

"""A lake of a test's own on real servers: database, topic, folder of the bucket, checkpoints, and its application."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import psutil
import psycopg
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import Consumer, NewTopic
from psycopg import sql
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.table import StaticTable

from stack.config import ROOT
from stack.services.base import Context, inherited
from stack.services.postgres import superuser_url
from telemetry.lake import LakeAccess, LakeEmpty, Limits, offsets_by_partition, query
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.offsets import committed_offsets

PARTITIONS = 3
ALL = Limits(rows=100_000, seconds=60)
START_S = 150
"""What a start of Spark may take on a machine that is busy with other tests."""


T = TypeVar("T")


def until(what: str, found: Callable[[], T | None], seconds: float = START_S) -> T:
    """Wait until `found` answers with something true."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, f"Not within {seconds:.0f} s: {what}"
        time.sleep(0.2)
    return value


@dataclass
class Lake:
    """The lake, and its application once it is started."""

    context: Context
    folder: Path
    name: str = field(default_factory=lambda: f"lake_test_{uuid.uuid4().hex[:8]}")
    process: subprocess.Popen[bytes] | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    """Further settings of its application."""

    def make(self) -> None:
        """The database and the topic."""
        with psycopg.connect(superuser_url(self.context), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {} owner lake").format(sql.Identifier(self.name)))
        with psycopg.connect(superuser_url(self.context, self.name), autocommit=True) as connection:
            connection.execute(
                "alter default privileges for role lake in schema public grant select on tables to lake_reader"
            )
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        topic = NewTopic(
            self.name,
            num_partitions=PARTITIONS,
            replication_factor=1,
            config={"message.timestamp.type": "LogAppendTime"},
        )
        admin.create_topics([topic])[self.name].result(30)

    def drop(self) -> None:
        """End the application and remove the database and the topic."""
        self.kill()
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        admin.delete_topics([self.name])[self.name].result(30)
        with psycopg.connect(superuser_url(self.context), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(self.name)))

    @property
    def bootstrap(self) -> str:
        """Kafka's address."""
        return self.context.settings["KAFKA_BOOTSTRAP"]

    @property
    def metrics_port(self) -> int:
        """Where the test's application serves its metrics: away from the platform's own."""
        return int(self.context.settings["LAKE_METRICS_PORT"]) + 50

    @property
    def log(self) -> Path:
        """What the application says."""
        return self.folder / "lake.log"

    @property
    def warehouse(self) -> str:
        """The folder of the bucket."""
        return f"s3://telemetry-lake/{self.name}"

    def access(self) -> LakeAccess:
        """How SQL reaches it."""
        return LakeAccess.of({**self.environment(), "LAKE_CATALOG_READER_URL": self._reader_url})

    @property
    def _reader_url(self) -> str:
        return self._database(self.context.settings["LAKE_CATALOG_READER_URL"])

    @contextmanager
    def writer(self) -> Iterator[SqlCatalog]:
        """PyIceberg's catalog, to write without Spark."""
        environment = self.environment()
        catalog = SqlCatalog(
            "fleet",
            **{
                "uri": environment["LAKE_CATALOG_URL"].replace("postgresql:", "postgresql+psycopg2:"),
                "warehouse": self.warehouse,
                "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
                "s3.endpoint": environment["S3_ENDPOINT_URL"],
                "s3.region": environment["S3_REGION"],
                "s3.access-key-id": environment["S3_LAKE_ACCESS_KEY"],
                "s3.secret-access-key": environment["S3_LAKE_SECRET_KEY"],
            },
        )
        try:
            yield catalog
        finally:
            catalog.engine.dispose()

    def environment(self) -> Mapping[str, str]:
        """The environment of its application."""
        return {
            **inherited(),
            **self.context.settings,
            "LAKE_TOPIC": self.name,
            "LAKE_CATALOG_URL": self._database(self.context.settings["LAKE_CATALOG_URL"]),
            "LAKE_WAREHOUSE": self.warehouse,
            "LAKE_CHECKPOINTS": f"file:{self.folder / 'checkpoints'}",
            "LAKE_METRICS_PORT": str(self.metrics_port),
            "SPARK_UI_PORT": str(int(self.context.settings["SPARK_UI_PORT"]) + 50),
            "SPARK_LOCAL_DIR": str(self.folder / "spark"),
            "LAKE_TRIGGER_SECONDS": "1",
            "LAKE_MAX_OFFSETS_PER_TRIGGER": "700",
            "LAKE_DERIVE_SECONDS": "1",
            "LAKE_MINUTE_SECONDS": "1",
            **self.more,
        }

    def start(self) -> None:
        """Start the application."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-m", "spark.jobs.lake"],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """kill -9 of the application and its JVM, if it runs."""
        if self.process is not None:
            jvm = self.jvm()
            self.process.kill()
            self.process.wait(10)
            if jvm is not None:
                jvm.kill()
            self.process = None

    def jvm(self) -> psutil.Process | None:
        """The JVM of the application."""
        assert self.process is not None
        try:
            children = psutil.Process(self.process.pid).children()
            return next((child for child in children if child.name() == "java"), None)
        except psutil.NoSuchProcess:
            return None

    def kill_jvm(self) -> int:
        """kill -9 of the JVM; the status with which the application ends."""
        assert self.process is not None
        until("the JVM runs", self.jvm).kill()
        return self.process.wait(10)

    def metric(self, name: str) -> dict[str, float]:
        """Samples of a metric by their labels' text; empty while there is none."""
        try:
            text = httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics", trust_env=False).text
        except httpx.TransportError:
            return {}
        lines = (line.rpartition(" ") for line in text.splitlines() if line.startswith(name))
        return {labels.removeprefix(name): float(value) for labels, _, value in lines}

    def rows(self, table: str = "raw") -> float:
        """Rows of a table as the application counts them."""
        return self.metric("lake_rows_total").get(f'{{table="{table}"}}', 0)

    def send(self, *values: bytes | None) -> None:
        """Put messages on the topic, spread over its partitions."""
        producer = Producer({"bootstrap.servers": self.bootstrap, "linger.ms": 20})
        failures: list[str] = []
        for number, value in enumerate(values):
            producer.produce(
                self.name,
                value,
                partition=number % PARTITIONS,
                headers=[("contract", b"telemetry/2")],
                on_delivery=lambda error, _: failures.append(str(error)) if error else None,
            )
            producer.poll(0)
        assert producer.flush(60) == 0
        assert not failures

    def contents(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table, as PyIceberg reads them; none while there is no table."""
        access = self.access()
        try:
            found = metadata_locations(access).get(table)
        except LakeEmpty:
            found = None
        if found is None:
            return []
        store = {
            "s3.endpoint": access.s3_endpoint,
            "s3.access-key-id": access.s3_access_key,
            "s3.secret-access-key": access.s3_secret_key,
            "s3.region": access.s3_region,
        }
        rows: list[dict[str, Any]] = StaticTable.from_metadata(found, store).scan().to_arrow().to_pylist()
        return rows

    def ends(self) -> dict[int, int]:
        """The next offset of each partition in Kafka."""
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "ends"})
        try:
            return {
                number: consumer.get_watermark_offsets(TopicPartition(self.name, number), timeout=10)[1]
                for number in range(PARTITIONS)
            }
        finally:
            consumer.close()

    def caught_up(self) -> None:
        """Wait until both queries have committed all that Kafka holds."""
        ends = self.ends()
        until("the lake has caught up", lambda: committed_offsets(self.access()) == ends)

    def assert_each_offset_stands_once(self) -> None:
        """Every offset of Kafka, in exactly one row of one table."""
        found = query(
            "SELECT kafka_partition, kafka_offset FROM telemetry.raw"
            " UNION ALL SELECT kafka_partition, kafka_offset FROM telemetry.dead_letters",
            limits=ALL,
            access=self.access(),
        )
        ends = self.ends()
        assert sorted(found.rows) == [(part, offset) for part, end in ends.items() for offset in range(end)]
        for partition in offsets_by_partition(self.access()):
            assert (partition.doubled, partition.missing) == (0, 0)
            assert partition.rows == ends[partition.partition]

    def _database(self, url: str) -> str:
        parts = urlsplit(url)
        return parts._replace(path=f"/{self.name}").geturl()


def pid_is_gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True

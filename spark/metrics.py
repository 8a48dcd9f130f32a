"""What the application shows to Prometheus, at METRICS_ADDRESS."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from threading import Lock

from prometheus_client import CollectorRegistry, Gauge, start_http_server
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from spark.tables import Snapshot


class LakeMetrics:
    """The gauges of the lake, each set from what was committed."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._rows = TableRows()
        self.registry.register(self._rows)
        self._loop = self._gauge("lake_loop_timestamp_seconds", "When the queries were last seen alive, unix time")
        self._commit = self._gauge("lake_last_commit_timestamp_seconds", "Last commit, unix time", "table")
        self._files = self._gauge("lake_data_files", "Data files of the table", "table")
        self._offset = self._gauge(
            "lake_committed_offset", "Next Kafka offset that the table's query reads", "table", "partition"
        )
        self._rate = self._gauge("lake_input_rows_per_second", "Messages read a second", "table")
        self._batch = self._gauge("lake_batch_seconds", "Duration of the last micro-batch", "table")

        self._derived = self._gauge("lake_derived_timestamp_seconds", "When track had read all of raw, unix time")
        self._upkeep = self._gauge("lake_upkeep_seconds", "Duration of the last upkeep of its kind", "table", "task")

    def serve(self, port: int, address: str = "127.0.0.1") -> None:
        """Answer Prometheus.

        Raises:
            OSError: the port is taken.
        """
        start_http_server(port, addr=address, registry=self.registry)

    def loop_turned(self) -> None:
        """All queries are alive."""
        self._loop.set(time.time())

    def committed(self, table: str, snapshot: Snapshot) -> None:
        """A table's newest snapshot."""
        self._rows.set(table, snapshot.rows)
        self._commit.labels(table).set(snapshot.committed)
        self._files.labels(table).set(snapshot.files)

    def derived(self) -> None:
        """The derived tables have read what there was."""
        self._derived.set(time.time())

    def kept(self, table: str, task: str, seconds: float) -> None:
        """A task of upkeep was done in so many seconds."""
        self._upkeep.labels(table, task).set(seconds)

    def progressed(self, table: str, next_offsets: Mapping[int, int], rows_per_second: float, seconds: float) -> None:
        """A micro-batch of `seconds` ended before `next_offsets`, by partition."""
        for partition, offset in next_offsets.items():
            self._offset.labels(table, partition).set(offset)
        self._rate.labels(table).set(rows_per_second)
        self._batch.labels(table).set(seconds)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)


class TableRows(Collector):
    """lake_rows_total: the rows of each table, so a counter that no restart sets back."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lock = Lock()

    def set(self, table: str, rows: int) -> None:
        """A table has so many rows."""
        with self._lock:
            self._counts[table] = rows

    def collect(self) -> Iterator[CounterMetricFamily]:
        """One sample a table."""
        family = CounterMetricFamily("lake_rows", "Rows of the table", labels=["table"])
        with self._lock:
            for table, rows in self._counts.items():
                family.add_metric([table], rows)
        yield family

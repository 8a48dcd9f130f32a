"""A lake without its application: what stands on a topic of its own is committed only as far as a test says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from confluent_kafka import Message, Producer, TopicPartition
from confluent_kafka.cimpl import Consumer

from ships_client.contracts import Telemetry, decode, encode
from spark.ledger import Ledger
from spark.settings import lake_settings
from spark.tests.lakes import PARTITIONS, Lake
from telemetry.history.columns import EXPORTED

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCHEMA = pa.schema([*EXPORTED, ("kafka_partition", pa.int32()), ("kafka_offset", pa.int64())])


@dataclass
class Tracks:
    """Sends messages as ships do, and commits them to telemetry.raw in steps."""

    lake: Lake
    taken: int = 0

    def send(self, messages: Iterable[Telemetry]) -> None:
        """Put messages on the topic, each on the partition of its ship."""
        producer = Producer(
            {
                "bootstrap.servers": self.lake.bootstrap,
                "partitioner": "murmur2_random",  # as ships' own producers have it
                "queue.buffering.max.messages": 1_000_000,
            }
        )
        for message in messages:
            producer.produce(self.lake.name, encode(message), key=message.ship_id.encode())
        assert producer.flush(60) == 0

    def stored(self) -> list[Message]:
        """All messages of the topic by partition and offset, as the broker has them."""
        consumer = Consumer({"bootstrap.servers": self.lake.bootstrap, "group.id": "all", "enable.partition.eof": True})
        try:
            consumer.assign([TopicPartition(self.lake.name, number, 0) for number in range(PARTITIONS)])
            found, ended = [], 0
            while ended < PARTITIONS:
                for message in consumer.consume(10_000, timeout=5):
                    if message.error() is None:
                        found.append(message)
                    else:
                        ended += 1
            return sorted(found, key=lambda message: (message.partition() or 0, message.offset() or 0))
        finally:
            consumer.close()

    def commit(self, *, note: bool = True) -> None:
        """Append all that is on the topic and was not committed; without `note` the lake doesn't tell yet."""
        stored = self.stored()
        self.append(row(message) for message in stored[self.taken :])
        self.taken = len(stored)
        if note:
            self.note("raw", self.lake.ends())

    def append(self, rows: Iterable[dict[str, object]], table: str = "raw") -> None:
        """Append rows to a table; made when it is missing."""
        with self.lake.writer() as catalog:
            catalog.create_namespace_if_not_exists("telemetry")
            target = catalog.create_table_if_not_exists(f"telemetry.{table}", schema=SCHEMA)
            target.append(pa.Table.from_pylist(list(rows), SCHEMA))

    def append_table(self, rows: pa.Table) -> None:
        """Append rows of SCHEMA to telemetry.raw."""
        with self.lake.writer() as catalog:
            catalog.load_table("telemetry.raw").append(rows)

    def note(self, table: str, offsets: dict[int, int]) -> None:
        """Note how far a table has come."""
        Ledger(lake_settings(self.lake.environment())).note_progress(table, offsets)


def taken_at(message: Message) -> datetime:
    """When the broker took a message."""
    return EPOCH + timedelta(milliseconds=message.timestamp()[1])


def row(message: Message) -> dict[str, object]:
    """The row of a message in the lake."""
    told = decode(message.value(), taken_at(message))
    values = json.loads(encode(told))
    health = {f"health_{part}": value for part, value in values.pop("health_scores").items()}
    return {
        **values,
        **health,
        "event_time": told.timestamp,
        "mission_id": int(told.mission_id),
        "kafka_time": taken_at(message),
        "kafka_partition": message.partition(),
        "kafka_offset": message.offset(),
    }


def each_once(rows: Sequence[dict[str, object]], mission_id: int) -> list[dict[str, object]]:
    """A mission's messages, each once, the first that came, in the order of time: the oracle of a whole track."""
    first: dict[object, dict[str, object]] = {}
    for candidate in rows:
        if candidate["mission_id"] == mission_id:
            seq = candidate.get("seq")
            first.setdefault(("seq", seq) if seq is not None else ("time", candidate["event_time"]), candidate)
    return sorted(first.values(), key=lambda kept: (kept["event_time"], -1 if kept.get("seq") is None else kept["seq"]))

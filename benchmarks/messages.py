"""A load of valid messages for measurements of the lake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from ships_client.contracts import examples
from ships_client.contracts.telemetry import CONTRACT_HEADER, TOPIC, Telemetry, encode
from stack.bootstrap.topics import TOPICS

SHIPS = 1000


@contextmanager
def own_topic(bootstrap: str) -> Iterator[str]:
    """A topic like telemetry.raw that holds no message of an earlier run; deleted at the end."""
    client, name = AdminClient({"bootstrap.servers": bootstrap}), f"bench.{uuid4().hex[:8]}"
    partitions, config = TOPICS[TOPIC]
    for made in client.create_topics([NewTopic(name, partitions, replication_factor=1, config=config)]).values():
        made.result(timeout=20)
    try:
        yield name
    finally:
        for gone in client.delete_topics([name]).values():
            gone.result(timeout=20)


def produce(bootstrap: str, topic: str, count: int) -> None:
    """Put `count` valid messages of a thousand ships on a topic, as ships send them: key, header, zstd.

    Raises:
        RuntimeError: the broker did not take them all within two minutes.
    """
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "compression.type": "zstd",
            "linger.ms": 50,
            "queue.buffering.max.messages": 500_000,
        }
    )
    example = msgspec.json.decode(examples.valid()["v2"], type=Telemetry)
    for number in range(count):
        seq, ship = divmod(number, SHIPS)
        message = msgspec.structs.replace(
            example,
            timestamp=datetime.now(UTC),
            mission_id=str(10**9 + ship),
            ship_id=f"BENCH_{ship:04}",
            seq=seq,
            coord_x=1e5 * seq + ship,
            motor_temp_c=round(90 + ship % 7 + (seq % 100) / 100, 2),
            engine_pressure_kpa=round(325 + ship % 11 - (seq % 90) / 50, 2),
        )
        while True:
            try:
                producer.produce(topic, encode(message), key=message.ship_id.encode(), headers=[CONTRACT_HEADER])
                break
            except BufferError:
                producer.poll(0.2)
        if number % 5000 == 0:
            producer.poll(0)
    if left := producer.flush(120):
        raise RuntimeError(f"Kafka has not taken {left:,} of {count:,} messages within two minutes.")

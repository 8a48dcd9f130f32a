"""A load of valid messages for measurements of the lake."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from confluent_kafka import Producer

from ships_client.contracts import examples
from ships_client.contracts.telemetry import CONTRACT_HEADER, TOPIC, Telemetry, encode

SHIPS = 1000


def produce(bootstrap: str, count: int) -> None:
    """Put `count` valid messages of a thousand ships on telemetry.raw, as ships send them: key, header, zstd.

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
                producer.produce(TOPIC, encode(message), key=message.ship_id.encode(), headers=[CONTRACT_HEADER])
                break
            except BufferError:
                producer.poll(0.2)
        if number % 5000 == 0:
            producer.poll(0)
    if left := producer.flush(120):
        raise RuntimeError(f"Kafka has not taken {left:,} of {count:,} messages within two minutes.")

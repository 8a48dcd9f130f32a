"""What a ship may not do, tried as one, in the ships' image (fly.sh): exit 1 and a line for each thing that works."""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

REFUSED = {"TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED"}
PATIENCE_S = 20


def kafka() -> dict[str, object]:
    """The settings that ships have."""
    env = os.environ
    return {
        "bootstrap.servers": env["KAFKA_BOOTSTRAP"],
        "security.protocol": env["KAFKA_SECURITY_PROTOCOL"],
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": env["KAFKA_USER"],
        "sasl.password": env["KAFKA_PASSWORD"],
        **({"ssl.ca.location": env["KAFKA_CA_FILE"]} if env.get("KAFKA_CA_FILE") else {}),
    }


def reads() -> bool:
    """Whether it is let read telemetry, its own included."""
    consumer = Consumer({**kafka(), "group.id": "radar.ship", "auto.offset.reset": "earliest"})
    try:
        consumer.assign([TopicPartition("telemetry.raw", 0, 0)])
        message = consumer.poll(PATIENCE_S)
        error = None if message is None else message.error()
        return error is None or error.name() not in REFUSED
    except KafkaException as error:
        return error.args[0].name() not in REFUSED
    finally:
        consumer.close()


def writes(topic: str) -> bool:
    """Whether a message is taken."""
    outcome: list[object] = []
    producer = Producer({**kafka(), "message.timeout.ms": PATIENCE_S * 1000})
    producer.produce(topic, b"{}", on_delivery=lambda error, _: outcome.append(error))
    producer.flush(PATIENCE_S + 5)
    return outcome == [None]


def answer(method: str, path: str) -> int:
    """What the door of the object store says."""
    door = urlsplit(os.environ["DOOR"])
    kind = HTTPSConnection if door.scheme == "https" else HTTPConnection
    connection = kind(door.netloc, timeout=PATIENCE_S)
    try:
        connection.request(method, path, body=b"" if method == "PUT" else None)
        return connection.getresponse().status
    finally:
        connection.close()


def main() -> int:
    """Try everything; the exit status."""
    done = []
    if reads():
        done.append("A ship reads telemetry.raw.")
    done += [f"A ship writes to {topic}." for topic in ("telemetry.dlq", "stack.health") if writes(topic)]
    signed = "X-Amz-Signature=" + "0" * 64
    for method, path in (
        ("GET", "/"),
        ("GET", "/missions/"),
        ("GET", f"/missions/1?{signed}"),
        ("DELETE", f"/missions/1?{signed}"),
        ("PUT", "/missions/1"),
        ("PUT", f"/missions/1?{signed}"),
        ("PUT", f"/telemetry-lake/1?{signed}"),
        ("PUT", f"/logs/1?{signed}"),
    ):
        status = answer(method, path)
        if status not in (400, 401, 403, 405):
            done.append(f"{method} {path} at the store's door answers {status}.")
    sys.stdout.write("".join(f"{line}\n" for line in done) or "All of it was refused.\n")
    return 1 if done else 0


if __name__ == "__main__":
    sys.exit(main())

"""How far each consumer of telemetry.raw is behind, asked of Kafka and of the consumers' own metrics."""

from __future__ import annotations

import re
import time
from typing import Final, Self

import httpx
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from benchmarks.limits import Freshness, Look
from ships_client.contracts.telemetry import TOPIC
from stack.bootstrap.topics import TOPICS
from stack.config import LOOPBACK
from stack.services.base import Context

TRACKER_GROUP: Final = "telemetry.tracker"
PATIENCE_S: Final = 10.0


class Consumers:
    """Of a platform whose topic began with the radar that runs: radar, tracker and lake writer. Use it as a context.

    `scrape_ms` is how long the radar's last answer took.
    """

    def __init__(self, context: Context) -> None:
        self.scrape_ms = 0.0
        self.derived_s: float | None = None
        """Since when the derived tables of the lake have not held all that raw holds; None before they ever did."""
        self._settings = context.settings
        self._freshness = Freshness()
        self._partitions = [TopicPartition(TOPIC, number) for number in range(TOPICS[TOPIC][0])]
        # It only asks what the group has committed: who never subscribes is no member.
        bootstrap = context.settings["KAFKA_BOOTSTRAP"]
        self._kafka = Consumer({"bootstrap.servers": bootstrap, "group.id": TRACKER_GROUP, "enable.auto.commit": False})
        self._http = httpx.Client(timeout=PATIENCE_S, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()
        self._kafka.close()

    def look(self) -> Look:
        """Ask all of them now.

        Raises:
            httpx.HTTPError: radar or lake writer did not answer within PATIENCE_S.
            KafkaException: Kafka did not.
        """
        # Consumers first: what is sent meanwhile makes a lag greater, and never less than none.
        shown = self._radar()
        tracked, written = self._tracker(), self._lake()
        at, ends = time.monotonic(), self._ends()
        sent = sum(ends.values())
        lags = {
            "radar": sent - shown,
            "tracker": sent - tracked,
            "lake": sent - sum(written.values()),
        }
        return Look(at, sent, lags, self._freshness.age_s(at, ends, written))

    def _radar(self) -> int:
        asked = time.monotonic()
        text = self._metrics("FLEET_METRICS_PORT")
        self.scrape_ms = 1000 * (time.monotonic() - asked)
        return int(value(text, "radar_messages_total") or 0)

    def _tracker(self) -> int:
        """Messages that its group has committed; a partition of which it has committed none has no offset."""
        told = self._kafka.committed(self._partitions, timeout=PATIENCE_S)
        for partition in told:
            if partition.error is not None:
                raise KafkaException(partition.error)
        return sum(max(0, partition.offset) for partition in told)

    def _ends(self) -> dict[int, int]:
        found = {}
        for partition in self._partitions:
            marks = self._kafka.get_watermark_offsets(partition, timeout=PATIENCE_S)
            if marks is None:
                raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
            found[partition.partition] = int(marks[1])
        return found

    def _lake(self) -> dict[int, int]:
        text = self._metrics("LAKE_METRICS_PORT")
        derived = value(text, "lake_derived_timestamp_seconds")
        self.derived_s = time.time() - derived if derived else None
        return committed(text)

    def _metrics(self, port: str) -> str:
        answer = self._http.get(f"http://{LOOPBACK}:{self._settings[port]}/metrics")
        answer.raise_for_status()
        return answer.text


def value(text: str, name: str) -> float | None:
    """The one sample of a metric without labels; None when there is none.

    A large fleet has thousands of lines; a parser would go through all of them.
    """
    found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


def committed(text: str) -> dict[int, int]:
    """The next offsets of telemetry.raw in the lake, by partition, as the lake writer tells them."""
    found: dict[int, int] = {}
    for labels, offset in re.findall(r"^lake_committed_offset\{([^}]*)\} (\S+)$", text, re.MULTILINE):
        named = dict(re.findall(r'(\w+)="([^"]*)"', labels))
        if named["table"] == "raw":
            found[int(named["partition"])] = int(float(offset))
    return found

"""A thousand invalid messages disturb nobody: all are dead letters with their reasons."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from confluent_kafka import Producer

from ships_client.contracts import examples
from stack.testing import RunningPlatform
from tests.fleets import flying, lake, newest_age, ships_in_flight, ships_on_radar, until

pytestmark = [pytest.mark.platform, pytest.mark.timeout(600)]

COUNT = 1000


def test_invalid_messages_become_dead_letters_and_the_fleet_flies_on(platform: RunningPlatform, tmp_path: Path) -> None:
    with flying(platform, tmp_path / "fleet.log", "--ships", "20", "--seed", "5", "--spread", "1", "--keep"):
        until("twenty ships are in flight", lambda: ships_in_flight(platform) >= 20, 90)
        before, known = process_starts(platform), reasons_in_lake(platform)
        sent = send_poison(platform)
        newest_ages: list[float] = []

        def arrived() -> bool:
            newest_ages.append(newest_age(platform))
            return reasons_in_lake(platform) - known == sent

        until("every invalid message is a dead letter with its reason", arrived, 120, every=1)
        assert process_starts(platform) == before
        assert ships_on_radar(platform) >= 20
        assert max(newest_ages) < 5
    assert len(sent) >= 10
    platform.audit("--wait", "90")


def poison() -> dict[str, bytes]:
    """An invalid message of every reason; those about time are made for now."""
    kinds = {str(reason): raw for reason, raw in examples.invalid().items()}
    for reason, shift in (("too_far_ahead", timedelta(hours=1)), ("too_old", -timedelta(days=31))):
        message = {**json.loads(examples.valid()["v2"]), "timestamp": (datetime.now(UTC) + shift).isoformat()}
        kinds[reason] = json.dumps(message).encode()
    return kinds


def send_poison(platform: RunningPlatform) -> Counter[str]:
    """Send invalid messages of every kind in turn; returns how many of each reason."""
    kinds = sorted(poison().items())
    producer = Producer({"bootstrap.servers": platform.env["KAFKA_BOOTSTRAP"]})
    failures: list[str] = []
    sent: Counter[str] = Counter()
    for number in range(COUNT):
        reason, raw = kinds[number % len(kinds)]
        producer.produce(
            "telemetry.raw",
            raw,
            key=b"POISON",
            on_delivery=lambda error, _: failures.append(str(error)) if error else None,
        )
        sent[reason] += 1
    assert producer.flush(30) == 0
    assert not failures
    return sent


def reasons_in_lake(platform: RunningPlatform) -> Counter[str]:
    rows = lake(platform, "SELECT reason, count(*) AS n FROM telemetry.dead_letters GROUP BY reason")
    return Counter({row["reason"]: row["n"] for row in rows})


def process_starts(platform: RunningPlatform) -> dict[str, tuple[int, int]]:
    return {name: (info["pid"], info["start"]) for name, info in platform.supervisor.states().items()}

"""A ship of a newer version sends what headquarters can't read: a gap that is seen, mended, and closed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from confluent_kafka import Consumer, Message, Producer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # it ships no types

from ships_client.contracts import encode
from stack.testing import RunningPlatform
from tests.fleets import flying, until
from tests.messages import message

pytestmark = [pytest.mark.platform, pytest.mark.timeout(900)]

TOPIC = "telemetry.raw"
LAST = 59
UNREADABLE = range(20, 26)


def test_a_message_that_can_t_be_read_is_a_gap_until_its_letter_is_mended_and_replayed(
    platform: RunningPlatform,
) -> None:
    mission = registered(platform)
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=LAST + 1)
    fly(platform, mission, began)
    complete(platform, mission)

    found = until("the lake has all that could be read", lambda: settled(platform, mission, LAST + 1 - 6), 120)
    (gap,) = found["lake"]["gaps"]
    assert (gap["first_seq"], gap["last_seq"]) == (UNREADABLE.start, UNREADABLE.stop - 1)
    assert datetime.fromisoformat(gap["since"]) == began + timedelta(seconds=UNREADABLE.start - 1)
    assert datetime.fromisoformat(gap["until"]) == began + timedelta(seconds=UNREADABLE.stop)

    chosen = ["dead_letters", "replay", "--mission", str(mission), "--contract", "telemetry/3"]
    mend = [*chosen, "--reason", "unknown_field", "--drop", "crew"]
    until("the letters are in the lake", lambda: "6 letters match: 6 would be" in said(platform, *mend), 60)
    assert "6 letters match: 6 were sent" in said(platform, *mend, "--send")
    assert "6 were sent before" in said(platform, *mend, "--send")

    found = until("the gap is closed", lambda: settled(platform, mission, LAST + 1), 120)
    assert (found["whole"], found["lake"]["gaps"], found["lake"]["sent_again"]) == (True, [], 0)
    assert found["lake"]["late"] >= len(UNREADABLE)


def test_what_ships_send_names_its_contract_and_passes_that_version_in_the_registry(
    platform: RunningPlatform, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.json"
    arguments = ["--ships", "2", "--speed", "50", "--seed", "11", "--summary", str(summary)]
    with flying(platform, tmp_path / "fleet.log", *arguments) as fleet:
        assert fleet.wait(timeout=300) == 0, (tmp_path / "fleet.log").read_text()[-3000:]
    flown = {mission["mission_id"]: mission["last_seq"] for mission in json.loads(summary.read_text())["missions"]}

    messages = [
        one for one in on_topic(platform) if json.loads(one.value() or b"{}").get("mission_id") in map(str, flown)
    ]

    assert len(messages) == sum(last + 1 for last in flown.values())
    with SchemaRegistryClient({"url": platform.env["REGISTRY_URL"]}) as registry:
        for contract in {contract_of(one) for one in messages}:
            name, version = contract.split("/")
            assert name == "telemetry"
            schema = registry.get_version(f"{TOPIC}-value", int(version)).schema
            assert schema is not None
            judge = Draft7Validator(json.loads(schema.schema_str or ""))
            for one in messages:
                judge.validate(json.loads(one.value() or b""))


def test_every_mission_that_flew_is_told_to_be_whole(platform: RunningPlatform, tmp_path: Path) -> None:
    summary = tmp_path / "summary.json"
    arguments = ["--ships", "2", "--speed", "50", "--seed", "12", "--los", "30-60", "--summary", str(summary)]
    with flying(platform, tmp_path / "fleet.log", *arguments) as fleet:
        assert fleet.wait(timeout=300) == 0, (tmp_path / "fleet.log").read_text()[-3000:]
    flown: Sequence[dict[str, Any]] = json.loads(summary.read_text())["missions"]

    for mission in flown:
        number, last = int(mission["mission_id"]), mission["last_seq"]
        found = until("the lake has all of it", partial(settled, platform, number, last + 1), 120)
        assert (found["whole"], found["lake"]["missing"], found["sent"]["final"]) == (True, 0, True)


def contract_of(found: Message) -> str:
    headers: Any = found.headers()
    return str(dict(headers)["contract"].decode())


def on_topic(platform: RunningPlatform) -> list[Message]:
    """All valid JSON objects on the topic."""
    consumer = Consumer({"bootstrap.servers": platform.env["KAFKA_BOOTSTRAP"], "group.id": "test.look"})
    partitions = list(consumer.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions)
    ends = {n: consumer.get_watermark_offsets(TopicPartition(TOPIC, n), timeout=10)[1] for n in partitions}
    consumer.assign([TopicPartition(TOPIC, n, 0) for n in partitions])
    found: list[Message] = []
    seen = dict.fromkeys(partitions, 0)
    while any(seen[n] < ends[n] for n in partitions):
        for one in consumer.consume(1000, timeout=5):
            seen[one.partition() or 0] = (one.offset() or 0) + 1
            found.append(one)
    consumer.close()
    return [one for one in found if (one.value() or b"").startswith(b'{"timestamp"')]


def registered(platform: RunningPlatform) -> int:
    body = {"ship_name": "ONION?!", "captain": "Olimar", "target": "Karut", "report_freq_min": 5}
    return int(called(platform, "missions", body)["mission_id"])


def complete(platform: RunningPlatform, mission: int) -> None:
    called(platform, f"missions/{mission}/complete", {"status": "SUCCESS", "last_seq": LAST})


def called(platform: RunningPlatform, path: str, body: dict[str, object]) -> dict[str, Any]:
    answer = httpx.post(
        f"{platform.site_url}/api/v1/{path}",
        json=body,
        headers={"Authorization": f"Bearer {platform.env['HOCOTATE_TOKEN']}"},
        trust_env=False,
    )
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def fly(platform: RunningPlatform, mission: int, began: datetime) -> None:
    """A message a second, as they were taken; some have a field of a version to come."""
    producer = Producer({"bootstrap.servers": platform.env["KAFKA_BOOTSTRAP"]})
    for seq in range(LAST + 1):
        raw = encode(message(mission, seq, at=began + timedelta(seconds=seq)))
        newer = seq in UNREADABLE
        producer.produce(
            TOPIC,
            raw[:-1] + b',"crew":3}' if newer else raw,
            key=b"ONION?!",
            headers=[("contract", b"telemetry/3" if newer else b"telemetry/2")],
        )
    assert producer.flush(30) == 0


def settled(platform: RunningPlatform, mission: int, messages: int) -> dict[str, Any] | None:
    """The mission's completeness once the lake holds so many messages and is not behind."""
    answer = httpx.get(f"{platform.site_url}/api/v1/missions/{mission}/completeness", timeout=30, trust_env=False)
    found: dict[str, Any] = answer.raise_for_status().json()
    there = found["lake"] is not None and found["lake"]["messages"] == messages and found["kafka"]["arriving"] == 0
    return found if there else None


def said(platform: RunningPlatform, *arguments: str) -> str:
    done = platform.manage(*arguments)
    return done.stdout + done.stderr

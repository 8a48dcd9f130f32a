"""The tracker on a real Kafka and a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from django.db import OperationalError, connection
from pytest_django.fixtures import Settings

from hocotate_site import kafka
from missions.models import Mission, ShipToken
from missions.services import Progress, mission_register, missions_record_progress
from ships_client.contracts import Phase, Reason, encode
from stack.config import ROOT
from stack.services.base import Context
from telemetry import tracker
from tests.messages import invalid, message

from .worker import eventually, site_env

PARTITIONS = 3


@pytest.fixture
def topics(backing: Context, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Topics and a group of the test's own."""
    unique = uuid.uuid4().hex[:12]
    settings.TOPIC_RAW, settings.TOPIC_DEAD_LETTERS = f"test.raw.{unique}", f"test.dlq.{unique}"
    monkeypatch.setattr(tracker, "GROUP", f"test.tracker.{unique}")
    admin = AdminClient({"bootstrap.servers": settings.KAFKA_BOOTSTRAP})
    config = {"message.timestamp.type": "LogAppendTime"}
    made = admin.create_topics(
        [
            NewTopic(settings.TOPIC_RAW, PARTITIONS, 1, config=config),
            NewTopic(settings.TOPIC_DEAD_LETTERS, 1, 1, config=config),
        ]
    )
    for future in made.values():
        future.result(10)
    yield
    for future in admin.delete_topics([settings.TOPIC_RAW, settings.TOPIC_DEAD_LETTERS]).values():
        future.result(10)


class Fleet:
    """Sends telemetry and reads what became of it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer = Producer({"bootstrap.servers": settings.KAFKA_BOOTSTRAP, "linger.ms": 5})

    def send(self, *values: bytes, key: str = "ONION?!") -> None:
        """Send and wait until the broker has them."""
        for value in values:
            self._producer.produce(self._settings.TOPIC_RAW, value, key)
        assert self._producer.flush(10) == 0

    def dead_letters(self) -> list[dict[str, Any]]:
        """All letters on the topic so far."""
        reader = self._reader()
        here = TopicPartition(self._settings.TOPIC_DEAD_LETTERS, 0, 0)
        _, end = reader.get_watermark_offsets(here, timeout=10)
        reader.assign([here])
        letters: list[dict[str, Any]] = []
        while len(letters) < end:
            letters += [json.loads(found.value() or b"") for found in reader.consume(1000, timeout=5)]
        reader.close()
        return letters

    def lag(self) -> int:
        """Messages whose offsets the tracker has not committed."""
        reader = self._reader()
        parts = [TopicPartition(self._settings.TOPIC_RAW, n) for n in range(PARTITIONS)]
        committed = {p.partition: max(p.offset, 0) for p in reader.committed(parts, timeout=10)}
        ends = {p.partition: reader.get_watermark_offsets(p, timeout=10)[1] for p in parts}
        reader.close()
        return sum(ends[n] - committed[n] for n in ends)

    def _reader(self) -> Consumer:
        return Consumer({"bootstrap.servers": self._settings.KAFKA_BOOTSTRAP, "group.id": tracker.GROUP})


@pytest.fixture
def fleet(topics: None, settings: Settings) -> Fleet:
    """A fleet on the test's topics."""
    return Fleet(settings)


@contextmanager
def tracking() -> Iterator[None]:
    """A tracker in a thread of its own, stopped cleanly at the end; its errors fail the test."""
    stop, errors = kafka.Stop(), []

    def work() -> None:
        from django.conf import settings

        try:
            tracker.run(kafka.consumer(tracker.GROUP, [settings.TOPIC_RAW]), kafka.producer(), stop)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.request()
        thread.join(20)
    assert not thread.is_alive()
    assert errors == []


def now() -> dt.datetime:
    """The present, as messages carry it."""
    return dt.datetime.now(dt.UTC)


def reached(mission: Mission, seq: int) -> bool:
    """Whether the registry knows the mission to be at `seq`."""
    mission.refresh_from_db()
    return mission.last_seq == seq


def test_missions_learn_how_far_they_are(fleet: Fleet, mission: Mission, token: tuple[ShipToken, str]) -> None:
    other = mission_register(token=token[0], ship_name="GALAXIA", captain="Louie", target="Maxima", report_freq_min=5)
    at = now()
    fleet.send(*(encode(message(mission.mission_id, seq, at=at)) for seq in range(50)))
    fleet.send(encode(message(other.mission_id, 9, at=at, phase=Phase.RETURNING)), key="GALAXIA")

    with tracking():
        eventually(lambda: reached(mission, 49) and reached(other, 9), "both missions are up to date")
        eventually(lambda: fleet.lag() == 0, "offsets are committed")

    assert (mission.phase, other.phase) == (Phase.OUTBOUND, Phase.RETURNING)
    assert mission.last_message_at == at


def test_a_thousand_invalid_messages_are_buried_and_do_not_hold_up_valid_ones(fleet: Fleet, mission: Mission) -> None:
    at = now()
    reasons = [reason for reason in Reason for _ in range(91)]
    with tracking():
        fleet.send(encode(message(mission.mission_id, 0, at=at)))
        eventually(lambda: reached(mission, 0), "the tracker reads")
        refused = invalid(at)
        fleet.send(*(refused[reason] for reason in reasons))
        fleet.send(encode(message(mission.mission_id, 1, at=now())))
        began = time.monotonic()
        eventually(lambda: reached(mission, 1), "the valid message got through", 10)
        took = time.monotonic() - began
        eventually(lambda: fleet.lag() == 0, "offsets are committed")

    letters = fleet.dead_letters()
    assert sorted(letter["reason"] for letter in letters) == sorted(reason.value for reason in reasons)
    assert len({(letter["partition"], letter["offset"]) for letter in letters}) == len(reasons)
    assert took < 5


def test_a_restarted_tracker_goes_on_where_it_stopped(fleet: Fleet, mission: Mission) -> None:
    at = now()
    fleet.send(invalid(at)[Reason.EMPTY], encode(message(mission.mission_id, 0, at=at)))
    with tracking():
        eventually(lambda: reached(mission, 0) and fleet.lag() == 0, "the first messages are worked off")

    fleet.send(invalid(at)[Reason.TOO_OLD], encode(message(mission.mission_id, 1, at=at)))
    assert fleet.lag() == 2
    with tracking():
        eventually(lambda: reached(mission, 1) and fleet.lag() == 0, "what came meanwhile is worked off")

    assert [letter["reason"] for letter in fleet.dead_letters()] == ["empty", "too_old"]


def test_while_the_database_is_away_nothing_is_committed_and_nothing_lost(
    fleet: Fleet, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = threading.Event()
    tries = 0

    def record(progress: list[Progress]) -> int:
        nonlocal tries
        tries += 1
        if not back.is_set():
            raise OperationalError("connection refused")
        return missions_record_progress(progress)

    monkeypatch.setattr(tracker, "missions_record_progress", record)
    fleet.send(encode(message(mission.mission_id, 3, at=now())))
    with tracking():
        eventually(lambda: tries >= 2, "the tracker tried again")
        assert fleet.lag() == 1
        back.set()
        eventually(lambda: reached(mission, 3) and fleet.lag() == 0, "the batch is worked off")


def test_a_lost_connection_is_replaced(fleet: Fleet, mission: Mission) -> None:
    at = now()
    with tracking():
        fleet.send(encode(message(mission.mission_id, 0, at=at)))
        eventually(lambda: reached(mission, 0), "the tracker writes")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 1
        fleet.send(encode(message(mission.mission_id, 1, at=at)))
        eventually(lambda: reached(mission, 1), "the tracker writes again")


def test_the_command_waits_for_kafka_shows_that_it_turns_and_stops_when_asked(
    transactional_db: None, backing: Context, free_port: int
) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_tracker"],
        cwd=ROOT,
        env=site_env(KAFKA_BOOTSTRAP="127.0.0.1:1", TRACKER_METRICS_PORT=str(free_port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )

    def turned() -> bool:
        try:
            text = httpx.get(f"http://127.0.0.1:{free_port}/metrics").text
        except httpx.TransportError:
            return False
        line = next(line for line in text.splitlines() if line.startswith("tracker_loop_timestamp_seconds "))
        return abs(float(line.split()[1]) - time.time()) < 5

    try:
        eventually(turned, "the loop turns")
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, b"Traceback" in said) == (0, False)

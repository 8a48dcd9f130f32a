"""manage.py trace on a real lake, a real Kafka, a real PostgreSQL and a real Valkey."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis
from confluent_kafka import Producer
from django.core.management import CommandError, call_command
from pytest_django import Settings

from hocotate_logs.trace_id import trace_id
from hocotate_site import traces
from missions.models import Mission
from ships_client.contracts import encode
from spark.tests.lakes import PARTITIONS, Lake
from spark.tests.test_verdicts import batch
from spark.transforms.verdicts import accepted, rejected
from stack.services.base import Context
from telemetry.history.keys import partition_of
from tests.messages import message

from .lake_rows import append, make_tables, note_progress

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
SHIP = b"ONION?!"


@pytest.fixture
def lake(backing: Context, tmp_path: Path, settings: Settings) -> Iterator[Lake]:
    """An empty lake and a topic of the test's own, which the command reads."""
    lake = Lake(backing, tmp_path)
    lake.make()
    make_tables(lake)
    access = lake.access()
    settings.LAKE_CATALOG_READER_URL, settings.LAKE_WAREHOUSE = access.catalog_url, access.warehouse
    settings.TOPIC_RAW = lake.name
    yield lake
    lake.drop()


def said(mission: Mission, seq: int, *, fuel: float = 99.5) -> bytes:
    """Message `seq`, a tick a second; a fuel above 100 breaks the contract."""
    raw = encode(message(mission.mission_id, seq, at=NOW + dt.timedelta(seconds=seq)))
    return raw.replace(b'"fuel_prc":99.5', b'"fuel_prc":%g' % fuel)


def put(lake: Lake, *values: bytes) -> None:
    """Send messages as the ship does: all to its own partition."""
    producer = Producer({"bootstrap.servers": lake.bootstrap})
    for value in values:
        number = partition_of(SHIP, PARTITIONS)
        producer.produce(lake.name, value, key=SHIP, partition=number, headers=[("contract", b"telemetry/2")])
    assert producer.flush(30) == 0


def traced(*arguments: object) -> dict[str, Any]:
    """What the command prints as JSON, its steps by place."""
    out = StringIO()
    try:
        call_command("trace", *map(str, arguments), "--format", "json", stdout=out)
    finally:
        found: dict[str, Any] = json.loads(out.getvalue()) if out.getvalue() else {}
    return found | {"steps": {step["place"]: step for step in found["steps"]}}


def test_a_message_of_the_lake_is_told_from_its_row_with_where_it_stood_in_kafka(lake: Lake, mission: Mission) -> None:
    Mission.objects.filter(pk=mission.pk).update(last_seq=4)
    taken = NOW + dt.timedelta(seconds=5)
    append(lake, "raw", [accepted(batch(said(mission, 3), at=taken))], at=NOW - dt.timedelta(minutes=1))
    between = dt.datetime.now(dt.UTC)
    append(lake, "raw", [accepted(batch(said(mission, 4), said(mission, 4), at=taken))], at=between)

    found = traced(mission.mission_id, 3)
    again = traced(trace_id(mission.mission_id, 4))

    steps = found["steps"]
    assert found["trace_id"] == trace_id(mission.mission_id, 3)
    assert steps["ship's tick"]["at"] == (NOW + dt.timedelta(seconds=3)).isoformat()
    assert steps["registry"]["facts"]["ship"] == "ONION?!"
    assert steps["Kafka"]["facts"] == {"place": "3-100", "contract": "telemetry/2", "after_ms": 2000}
    assert steps["tracker"]["facts"]["last_seq"] == 4
    assert (steps["lake raw"]["found"], steps["lake raw"]["facts"]) == ("there", {"rows": 1})
    assert {steps[place]["found"] for place in ("lake track", "lake ship_minute")} == {"not yet"}
    assert (steps["radar's frame"]["found"], "--watch" in steps["radar's frame"]["note"]) == ("unknown", True)
    raw = again["steps"]["lake raw"]
    assert (raw["facts"]["rows"], "came 2 times" in raw["note"]) == (2, True)
    assert isinstance(raw["facts"]["snapshot"], int)


def test_a_message_that_the_lake_has_not_committed_is_found_in_kafka(lake: Lake, mission: Mission) -> None:
    put(lake, said(mission, 0), said(mission, 1), said(mission, 2, fuel=900))
    note_progress(lake, dict.fromkeys(range(PARTITIONS), 0))

    steps = traced(mission.mission_id, 1)["steps"]
    refused = traced(mission.mission_id, 2)["steps"]

    number = partition_of(SHIP, PARTITIONS)
    assert steps["Kafka"]["facts"]["place"] == f"{number}-1"
    assert steps["ship's tick"]["at"] == (NOW + dt.timedelta(seconds=1)).isoformat()
    assert (steps["lake raw"]["found"], "this one is 1 further" in steps["lake raw"]["note"]) == ("not yet", True)
    assert steps["tracker"]["found"] == "not yet"
    assert "out_of_range at fuel_prc" in refused["Kafka"]["note"]
    assert refused["dead letter"]["found"] == "not yet"


def test_a_message_that_was_refused_is_found_among_the_dead_letters(lake: Lake, mission: Mission) -> None:
    letters = rejected(batch(said(mission, 4, fuel=900), said(mission, 5, fuel=900), at=NOW))
    append(lake, "dead_letters", [letters], at=NOW)

    step = traced(mission.mission_id, 5)["steps"]["dead letter"]

    assert step["facts"] == {
        "place": "3-101",
        "reason": "out_of_range",
        "field": "fuel_prc",
        "contract": "telemetry/2",
    }
    assert "manage.py dead_letters show 3-101" in step["note"]


def test_a_message_that_is_nowhere_is_said_to_be_so_with_why(lake: Lake, mission: Mission) -> None:
    put(lake, said(mission, 0))
    out = StringIO()

    with pytest.raises(CommandError, match="met neither in Kafka nor in the lake"):
        call_command("trace", str(mission.mission_id), "55", "--width", "200", stdout=out)

    assert "It has not come: the newest of the mission is none yet." in out.getvalue()
    with pytest.raises(CommandError, match="met neither in Kafka nor in the lake"):
        call_command("trace", "900", "1", stdout=out)
    assert "No such mission is registered" in out.getvalue()


def test_the_frame_that_showed_it_is_told_where_the_mission_was_traced_then(
    lake: Lake, mission: Mission, queue: redis.Redis
) -> None:
    put(lake, *(said(mission, seq) for seq in range(4)))
    for seq, frame in ((0, 10), (2, 12)):
        at = int(NOW.timestamp() * 1000) + seq * 1000 + 80
        note = traces.Shown(mission.mission_id, "ONION?!", seq, frame, at, latency_ms=80)
        queue.zadd(traces.notes_of(mission.mission_id), {msgspec.json.encode(note): seq})

    frames = [traced(mission.mission_id, seq)["steps"]["radar's frame"] for seq in range(4)]

    assert [step["found"] for step in frames] == ["there", "absent", "there", "unknown"]
    assert frames[2]["facts"] == {"frame": 12, "after_ms": 80}
    assert "frame 12 shows seq 2" in frames[1]["note"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["x", "1"], "'x' is no number of a mission"),
        (["1"], "no trace id; it has 32"),
        (["0", "1"], "missions count from 1"),
        (["1", "-5"], "seq from 0"),
        (["1", "2", "--watch"], "leave SEQ out"),
        (["x", "--watch"], "'x' is no number of a mission"),
        (["900", "--watch"], "There is no mission 900"),
    ],
)
def test_what_cannot_be_traced_is_a_sentence(tables: None, arguments: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        call_command("trace", *arguments)


def test_the_radar_can_be_told_to_log_for_a_while(mission: Mission, queue: redis.Redis) -> None:
    out = StringIO()

    call_command("trace", str(mission.mission_id), "--log", "60", stdout=out)

    assert "The radar logs for 60 s" in out.getvalue()
    assert queue.zrange(traces.LIST, 0, -1) == [str(mission.mission_id).encode()]
    with pytest.raises(CommandError, match="--log is 0; give more than 0"):
        call_command("trace", str(mission.mission_id), "--log", "0")

"""A mission's history over HTTP: the lake up to its last commit, Kafka from there on, each message once."""

from __future__ import annotations

import asyncio
import csv
import io
import random
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pyarrow.parquet as pq
import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient, Client
from pytest_django import Settings

from missions.models import Mission
from ships_client.contracts import Telemetry
from spark.tests.lakes import PARTITIONS, Lake
from stack.services.base import Context
from telemetry.history import tail
from telemetry.history.columns import EXPORTED, READINGS
from telemetry.history.keys import partition_of
from telemetry.history.reading import chosen_table
from tests.messages import message

from .tracks import Tracks, each_once, row, taken_at

Result = TypeVar("Result")


@pytest.fixture
def tracks(backing: Context, tmp_path: Path, settings: Settings) -> Iterator[Tracks]:
    """A lake and a topic of the test's own, which the site reads."""
    lake = Lake(backing, tmp_path)
    lake.make()
    access = lake.access()
    settings.LAKE_CATALOG_READER_URL = access.catalog_url
    settings.LAKE_WAREHOUSE = access.warehouse
    settings.TOPIC_RAW = lake.name
    yield Tracks(lake)
    lake.drop()


def flight(mission: Mission, count: int, *, seed: int = 1) -> list[Telemetry]:
    """A flight whose readings vary: a hole, a silence, and messages of version 1 among it."""
    chance = random.Random(seed)
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=count + 60)
    made = []
    for seq in range(count):
        if count // 3 <= seq < count // 3 + 4:
            continue
        pause = 30 if seq > count // 2 else 0
        said = message(
            mission.mission_id, None if seq % 50 == 20 else seq, at=began + timedelta(seconds=seq + pause), phase=None
        )
        made.append(
            msgspec.structs.replace(
                said,
                ship_id=mission.ship_name,
                motor_temp_c=round(90 + chance.gauss(0, 3), 3),
                fuel_prc=round(100 - seq * 0.01, 2),
            )
        )
    return made


def arriving(messages: list[Telemetry], seed: int = 2) -> list[Telemetry]:
    """As they reach the broker: some twice, some late."""
    chance = random.Random(seed)
    late = sorted(range(len(messages)), key=lambda place: place + (40 if chance.random() < 0.1 else 0))
    found = [messages[place] for place in late]
    for again in chance.sample(messages, len(messages) // 10):
        found.insert(chance.randrange(len(found)), again)
    return found


def other_ship(count: int) -> list[Telemetry]:
    """Messages of a mission that is not asked for, of a ship on the same partition."""
    name = next(
        f"OTHER_{number}"
        for number in range(1000)
        if partition_of(f"OTHER_{number}".encode(), PARTITIONS) == partition_of(b"ONION?!", PARTITIONS)
    )
    return [msgspec.structs.replace(message(77, seq), ship_id=name) for seq in range(count)]


def get(client: Client, mission: Mission, suffix: str = "", **query: Any) -> Any:
    """Ask for a mission's telemetry; `begin` stands for `from`."""
    if "begin" in query:
        query["from"] = query.pop("begin")
    return client.get(f"/api/v1/missions/{mission.mission_id}/telemetry{suffix}", query)


def ms(time: datetime) -> float:
    """A time as the answer tells it."""
    return round(time.timestamp() * 1e6) / 1e3


def assert_is(answer: dict[str, Any], track: list[dict[str, Any]]) -> None:
    """The answer holds exactly this track, in all six readings."""
    assert answer["rows"] == len(track)
    assert set(answer["series"]) == set(READINGS)
    for name, series in answer["series"].items():
        assert series["at"] == [ms(row["event_time"]) for row in track]
        assert series["value"] == [row[name] for row in track]
        assert series["seq"] == [row.get("seq") for row in track]


def test_lake_and_tail_are_one_track(client: Client, mission: Mission, tracks: Tracks) -> None:
    sent = arriving(flight(mission, 300))
    tracks.send([*sent[:150], *other_ship(20)])
    tracks.commit()
    tracks.send(sent[120:250])  # a ship that starts again sends again what it is not sure of
    tracks.commit(note=False)  # committed, but the lake has not told yet
    tracks.send([*sent[250:], *other_ship(20)])
    before = datetime.now(UTC)

    answer = get(client, mission).json()

    track = each_once([row(stored) for stored in tracks.stored()], mission.mission_id)
    assert len(track) == 296
    assert_is(answer, track)
    assert answer["source"]["lake"] > 200
    assert answer["source"]["tail"] == len(track) - answer["source"]["lake"]
    assert before <= datetime.fromisoformat(answer["complete_until"]) <= datetime.now(UTC)
    assert not answer["thinned"]
    assert answer["gap_count"] == len(answer["gaps"]) == 2
    hole, silence = answer["gaps"]
    assert hole["missing"] == 4
    assert silence["end"] - silence["begin"] == 31_000


def test_the_track_is_read_once_it_is_there(client: Client, mission: Mission, tracks: Tracks) -> None:
    sent = arriving(flight(mission, 120))
    tracks.send(sent[:100])
    held = each_once([row(stored) for stored in tracks.stored()], mission.mission_id)
    tracks.append(held, "track")
    for table in ("raw", "track"):  # raw has no rows here: what comes of the lake comes of track
        tracks.note(table, tracks.lake.ends())
    tracks.send(sent[100:])

    answer = get(client, mission).json()

    assert_is(answer, each_once([row(stored) for stored in tracks.stored()], mission.mission_id))
    assert answer["source"]["lake"] == len(held)


@pytest.mark.parametrize(
    ("noted", "table"),
    [
        ({"raw": {0: 900, 1: 50}, "track": {0: 890, 1: 50}}, "track"),
        ({"raw": {0: 900_000}, "track": {0: 10}}, "raw"),
        ({"raw": {0: 900}}, "raw"),
        ({}, "raw"),
    ],
)
def test_a_track_that_is_missing_or_far_behind_gives_way_to_raw(noted: dict[str, dict[int, int]], table: str) -> None:
    assert chosen_table(noted) == (table, noted.get(table, {}))


def test_a_mission_that_the_lake_has_nothing_of_comes_from_kafka(
    client: Client, mission: Mission, tracks: Tracks
) -> None:
    tracks.send(flight(mission, 50))

    answer = get(client, mission).json()

    assert_is(answer, each_once([row(stored) for stored in tracks.stored()], mission.mission_id))
    assert answer["source"] == {"lake": 0, "tail": answer["rows"], "tail_read": answer["rows"]}


def test_a_mission_without_a_message_is_empty_and_complete(client: Client, mission: Mission, tracks: Tracks) -> None:
    answer = get(client, mission).json()

    assert answer["rows"] == 0
    assert answer["complete_until"] is not None
    assert answer["series"]["fuel_prc"] == {"at": [], "value": [], "seq": [], "breaks": []}


def test_a_tail_that_is_too_long_is_told(
    client: Client, mission: Mission, tracks: Tracks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "MOST_MESSAGES", 40)
    tracks.send(flight(mission, 90))

    answer = get(client, mission).json()

    read = [row(stored) for stored in tracks.stored()][:40]
    assert answer["source"] == {"lake": 0, "tail": 40, "tail_read": 40}
    assert datetime.fromisoformat(answer["complete_until"]) == read[-1]["kafka_time"]
    assert_is(answer, each_once(read, mission.mission_id))


def test_without_kafka_the_answer_says_how_far_it_goes(
    client: Client, mission: Mission, tracks: Tracks, settings: Settings, free_port: int
) -> None:
    tracks.send(flight(mission, 60))
    tracks.commit()
    held = [row(stored) for stored in tracks.stored()]
    settings.KAFKA_BOOTSTRAP = f"127.0.0.1:{free_port}"

    answer = get(client, mission).json()

    assert_is(answer, each_once(held, mission.mission_id))
    newest = taken_at(tracks.stored()[-1])
    assert datetime.fromisoformat(answer["complete_until"]) == newest


def test_without_the_catalog_it_is_refused_with_a_sentence(
    client: Client, mission: Mission, tracks: Tracks, settings: Settings, free_port: int
) -> None:
    settings.LAKE_CATALOG_READER_URL = f"postgresql://lake_reader:x@127.0.0.1:{free_port}/lake"

    answer = get(client, mission)

    assert answer.status_code == 503
    assert "catalog does not answer" in answer.json()["detail"]


def test_a_span_and_points_and_columns_can_be_asked_for(client: Client, mission: Mission, tracks: Tracks) -> None:
    sent = flight(mission, 200)
    tracks.send(sent[:120])
    tracks.commit()
    tracks.send(sent[120:])
    begin, end = sent[10].timestamp, sent[150].timestamp

    whole = get(client, mission, begin=begin.isoformat(), to=end.isoformat(), columns="fuel_prc,health_core").json()
    few = get(client, mission, begin=begin.isoformat(), to=end.isoformat(), points=20).json()

    assert whole["rows"] == few["rows"] == 140
    assert list(whole["series"]) == ["fuel_prc", "health_core"]
    assert whole["series"]["fuel_prc"]["at"][0] == ms(begin)
    assert whole["series"]["fuel_prc"]["at"][-1] == ms(sent[149].timestamp)
    assert few["thinned"]
    motor = few["series"]["motor_temp_c"]
    assert 10 <= len(motor["at"]) <= 20
    assert max(motor["value"]) == max(said.motor_temp_c for said in sent[10:150])
    assert min(motor["value"]) == min(said.motor_temp_c for said in sent[10:150])
    assert (motor["at"][0], motor["at"][-1]) == (ms(begin), ms(sent[149].timestamp))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"begin": "yesterday"}, "from is 'yesterday'; it must be a time with its zone in ISO 8601"),
        ({"to": "2026-11-25T08:00:00"}, "to is '2026-11-25T08:00:00'; it must be a time with its zone"),
        ({"begin": "2026-11-25T08:00:00Z", "to": "2026-11-25T08:00:00Z"}, "must be earlier than to"),
        ({"points": "1"}, "points is '1'"),
        ({"points": "10001"}, "points is '10001'"),
        ({"points": "many"}, "points is 'many'"),
        ({"columns": "status"}, "columns names 'status', which is not there; choose of"),
        ({"columns": ","}, "columns names none"),
        ({"begin": "0001-01-01T00:00:00+14:00"}, "from is '0001-01-01T00:00:00+14:00'"),
        ({"columns": "seq;DROP TABLE raw"}, "columns names 'seq;DROP TABLE raw'"),
    ],
)
def test_a_bad_parameter_is_refused_with_a_sentence(
    client: Client, mission: Mission, query: dict[str, str], said: str
) -> None:
    answer = get(client, mission, **query)

    assert answer.status_code == 422
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("suffix", ["", ".csv", ".parquet"])
def test_an_unknown_mission_is_not_found(client: Client, tables: None, suffix: str) -> None:
    answer = client.get(f"/api/v1/missions/424242/telemetry{suffix}")

    assert answer.status_code == 404
    assert "There is no mission 424242" in answer.json()["detail"]


async def body(answer: Any) -> bytes:
    """All that a stream sends."""
    return b"".join([piece async for piece in answer])


async def downloaded(mission: Mission, suffix: str, **query: str) -> tuple[Any, bytes]:
    """The answer and its whole body."""
    answer = await AsyncClient().get(f"/api/v1/missions/{mission.mission_id}/telemetry{suffix}", query)
    if not getattr(answer, "streaming", False):
        return answer, answer.content
    return answer, await body(answer)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it, and let go of the database connection that its thread holds."""

    async def cleanly() -> Result:
        try:
            return await work
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(cleanly())


def test_exports_hold_the_whole_track(mission: Mission, tracks: Tracks) -> None:
    sent = arriving(flight(mission, 300))
    tracks.send(sent[:200])
    tracks.commit()
    tracks.send(sent[180:])

    as_csv, text = run(downloaded(mission, ".csv"))
    as_parquet, raw = run(downloaded(mission, ".parquet", columns="seq,event_time,motor_temp_c"))

    track = each_once([row(stored) for stored in tracks.stored()], mission.mission_id)
    assert as_csv["Content-Disposition"] == f'attachment; filename="mission-{mission.mission_id}-telemetry.csv"'
    assert as_csv["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(io.StringIO(text.decode())))
    assert lines[0].keys() == set(EXPORTED.names)
    assert [line["seq"] for line in lines] == ["" if r.get("seq") is None else str(r["seq"]) for r in track]
    assert [datetime.fromisoformat(line["event_time"]) for line in lines] == [r["event_time"] for r in track]
    assert [float(line["motor_temp_c"]) for line in lines] == [r["motor_temp_c"] for r in track]
    assert {line["ship_id"] for line in lines} == {mission.ship_name}
    table = pq.read_table(io.BytesIO(raw))
    assert table.column_names == ["seq", "event_time", "motor_temp_c"]
    assert table.column("seq").to_pylist() == [r.get("seq") for r in track]
    assert table.column("event_time").to_pylist() == [r["event_time"] for r in track]
    assert as_parquet["Content-Disposition"].endswith('telemetry.parquet"')


def test_as_many_exports_as_may_run_at_once_are_counted_until_their_ends(
    mission: Mission, tracks: Tracks, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks.send(flight(mission, 30))
    path = f"/api/v1/missions/{mission.mission_id}/telemetry.csv"

    async def many() -> tuple[list[int], str, int]:
        client = AsyncClient()
        open_ones = [await client.get(path) for _ in range(4)]
        refused = await client.get(path)
        open_ones[0].close()
        await body(open_ones[1])
        again = [await client.get(path) for _ in range(2)]
        codes = [answer.status_code for answer in [*open_ones, *again]]
        for answer in [*open_ones, *again]:
            answer.close()
        return codes, refused.json()["detail"], refused.status_code

    codes, said, refused = run(many())

    assert codes == [200] * 6
    assert refused == 503
    assert said == "4 exports are under way, and no more run at once; ask again later."


def test_the_track_is_read_unless_it_lies_far_behind() -> None:
    near, far = {"raw": {0: 50_000}, "track": {0: 49_000}}, {"raw": {0: 50_000}, "track": {0: 1_000}}

    assert chosen_table(near) == ("track", {0: 49_000})
    assert chosen_table(far) == ("raw", {0: 50_000})
    assert chosen_table({"raw": {0: 5, 1: 90_000}, "track": {0: 5}}) == ("raw", {0: 5, 1: 90_000})
    assert chosen_table({"raw": {0: 5}}) == ("raw", {0: 5})
    assert chosen_table({}) == ("raw", {})


def test_a_ship_s_partition_is_the_one_that_its_producer_chooses(tracks: Tracks) -> None:
    names = [f"SS_{number}" + "ÄÖ"[: number % 3] for number in range(40)]
    tracks.send([msgspec.structs.replace(message(5, number), ship_id=name) for number, name in enumerate(names)])

    for stored in tracks.stored():
        assert partition_of(stored.key() or b"", PARTITIONS) == stored.partition()

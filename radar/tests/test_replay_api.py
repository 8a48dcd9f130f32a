"""The replay over HTTP, from a real lake: what it shows, what it refuses, and who may ask."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from msgspec.structs import replace
from pytest_django import Settings

from missions.models import Mission as Registered
from missions.services import token_create
from radar.records import pack, unpack
from radar.replay import api, window
from radar.replay.turns import Kept, Turns
from radar.tests.factories import EPOCH, message, mission, ms
from radar.tests.replays import decoded, fleet, live, shown
from radar.tracks import Mission
from ships_client.contracts import Component, MissionStatus, ShipStatus, Telemetry
from spark.columns import SHIP_MINUTE, arrow_schema
from spark.tests.lakes import Lake
from stack.services.base import Context
from telemetry.tests.tracks import Tracks

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/api/v1/radar/replay"


@pytest.fixture
def tracks(backing: Context, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tracks]:
    """A lake and a topic of the test's own, which the site reads, and nothing kept of other tests."""
    lake = Lake(backing, tmp_path)
    lake.make()
    access = lake.access()
    settings.LAKE_CATALOG_READER_URL = access.catalog_url
    settings.LAKE_WAREHOUSE = access.warehouse
    settings.TOPIC_RAW = lake.name
    settings.RADAR_PUBLIC = True
    for name in ("WINDOWS", "SPANS"):
        monkeypatch.setattr(api, name, Kept(30, 2**20))
    yield Tracks(lake)
    lake.drop()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE params.missions, params.ship_tokens CASCADE")


def register(known: Sequence[Mission], messages: Sequence[Telemetry]) -> None:
    """Have the registry know these missions as their messages and ends tell."""
    token, _secret = token_create(name="test fleet")
    for one in known:
        times = [said.timestamp for said in messages if int(said.mission_id) == one.mission_id]
        Registered.objects.create(
            mission_id=one.mission_id,
            ship_name=one.ship,
            captain=one.captain,
            target=one.target,
            report_freq_min=5,
            status=one.status,
            last_message_at=max(times),
            finished_at=None if one.ended is None else datetime.fromtimestamp(one.ended / 1000, UTC),
            registered_by=token,
        )
        Registered.objects.filter(mission_id=one.mission_id).update(started_at=min(times))


def record(tracks: Tracks, messages: Sequence[Telemetry]) -> None:
    """Have the lake hold these messages."""
    tracks.send(messages)
    tracks.commit()


def summed_up(tracks: Tracks, minutes: Sequence[dict[str, Any]]) -> None:
    """Have the lake's ship_minute hold these rows; what they don't say is null."""
    schema = arrow_schema(SHIP_MINUTE)
    with tracks.lake.writer() as catalog:
        table = catalog.create_table_if_not_exists("telemetry.ship_minute", schema=schema)
        table.append(pa.Table.from_pylist([dict.fromkeys(schema.names) | one for one in minutes], schema))


def asked(client: Client, what: str, **query: str | int) -> Any:
    return client.get(PATH + what, {"from": EPOCH.isoformat(), **query})


def get(client: Client, begin: datetime, **query: Any) -> Any:
    return client.get(PATH, {"from": begin.isoformat(), **query})


def test_a_window_shows_what_the_live_radar_showed(client: Client, tracks: Tracks) -> None:
    messages, known = fleet(11)
    register(known, messages)
    record(tracks, messages)

    answer = get(client, EPOCH, seconds=120, step=2)

    assert answer["Content-Type"] == "application/vnd.msgpack"
    told = decoded(answer.content)
    assert (told.begin, told.step, told.until, len(told.moments)) == (ms(0), 2_000, ms(120), 61)
    at = [ms(2 * number) for number in range(61)]
    for moment, ships, expected in zip(at, shown(told), live(messages, known, at), strict=True):
        assert ships.keys() == expected.keys()
        for name, track in expected.items():
            assert ships[name]._replace(slot=0) == unpack(pack(0, track), moment)
    assert {event.kind for event in told.events} >= {"repair", "mended"}
    assert all(ms(-60) < event.at <= ms(120) for event in told.events)


def test_a_window_at_the_edge_of_the_record_ends_there(client: Client, tracks: Tracks) -> None:
    now = datetime.now(UTC)
    own = mission()
    messages = [message(seq, of=own, at=now - timedelta(seconds=60 - seq)) for seq in range(50)]
    register([own], messages)
    record(tracks, messages)

    told = decoded(get(client, now - timedelta(seconds=30), seconds=600, step=10).content)

    # The broker took all of them just now, at once; so the record is whole up to now.
    assert now.timestamp() * 1000 - 1000 <= told.until < now.timestamp() * 1000 + 20_000
    assert len(told.moments) == (told.until - told.begin) // 10_000 + 1


def test_a_window_is_kept_for_a_moment(client: Client, tracks: Tracks, monkeypatch: pytest.MonkeyPatch) -> None:
    messages, known = fleet(2)
    register(known, messages)
    record(tracks, messages)
    first = get(client, EPOCH).content
    monkeypatch.setattr(api, "window_answer", None)

    assert get(client, EPOCH).content == first
    with pytest.raises(TypeError):
        get(client, EPOCH, seconds=30)


def test_the_span_tells_repairs_failures_and_gaps(client: Client, tracks: Tracks) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)

    def minute(ago: int, ship: str = "SS_DOLPHIN", **more: int) -> dict[str, Any]:
        begin = now - timedelta(minutes=ago)
        times = {"minute": begin, "first_time": begin, "last_time": begin + timedelta(seconds=59)}
        return {**times, "ship_id": ship, "mission_id": 7, "messages": 60, "gaps": 0, "repairs": 0, **more}

    # Minutes 14 to 12 ago are missing; one repair goes over a minute's end.
    said = [minute(ago) for ago in (18, 17, 16, 15, 11, 10)]
    said += [minute(9, repairs=3), minute(8, repairs=2), minute(7, gaps=20, messages=40), minute(6, gaps=1), minute(5)]
    flown = [message(seq, of=mission(7), at=now - timedelta(minutes=19 - seq)) for seq in range(15)]
    lost = replace(mission(8, "SS_MOTH"), status=MissionStatus.FAILURE, ended=_ms(now - timedelta(minutes=3)))
    register([mission(7), lost], [*flown, message(0, of=lost, at=now - timedelta(minutes=4))])
    record(tracks, [message(20, of=mission(7), at=datetime.now(UTC))])
    summed_up(tracks, said)

    span = client.get(f"{PATH}/span", {"seconds": 1800}).json()

    assert _ms(now) <= span["now"] <= _ms(datetime.now(UTC))
    assert span["now"] - span["begin"] == 1_800_000
    assert span["earliest"] == _ms(now - timedelta(minutes=18))
    assert span["now"] - 20_000 < span["latest"] <= span["now"]
    assert span["marks"] == [
        {"at": _ms(now - timedelta(minutes=9)), "kind": "repair", "ship": "SS_DOLPHIN", "mission": 7, "many": 1},
        {"at": _ms(now - timedelta(minutes=3)), "kind": "failure", "ship": "SS_MOTH", "mission": 8, "many": 1},
    ]
    assert span["gaps"] == [
        {"begin": _ms(now - timedelta(minutes=14)), "end": _ms(now - timedelta(minutes=11)), "missing": None},
        {"begin": _ms(now - timedelta(minutes=7)), "end": _ms(now - timedelta(minutes=5)), "missing": 21},
    ]
    assert len(span["bars"]) == 120
    assert sum(span["bars"]) == pytest.approx(sum(one["messages"] for one in said), abs=20)


def test_marks_that_lie_close_together_are_one(client: Client, tracks: Tracks) -> None:
    now = datetime.now(UTC)
    lost = [
        replace(mission(number), status=MissionStatus.FAILURE, ended=_ms(now) - 3_600_000 - number)
        for number in range(1, 6)
    ]
    register(lost, [message(0, of=one, at=now) for one in lost])
    record(tracks, [message(0, of=mission(9))])

    marks = client.get(f"{PATH}/span").json()["marks"]

    assert sum(mark["many"] for mark in marks) == 5
    assert len(marks) <= 2
    assert marks[-1]["mission"] == 1


def test_a_ship_s_readings_are_a_second_apart(client: Client, tracks: Tracks) -> None:
    own = mission(7)
    half = timedelta(seconds=0.5)
    messages = [
        message(seq, of=own, at=EPOCH + seq * half, status=ShipStatus.OK, fault=Component.ENGINE if seq == 10 else None)
        for seq in range(41)
    ]
    register([own], messages)
    record(tracks, messages)

    answer = asked(client, "/ship", mission=7, seconds=10).json()

    rows = [dict(zip(answer["columns"], values, strict=True)) for values in answer["rows"]]
    assert [found["at"] for found in rows] == [ms(0.5 + second) for second in range(10)]
    assert [found["seq"] for found in rows] == list(range(1, 21, 2))
    assert rows[0]["engine"] == 325.0
    assert rows[0]["dist"] == messages[1].distance_from_hocotate_km
    assert [rows[0][f"health_{part}"] for part in ("motor", "engine", "core", "fuel")] == [1.0] * 4


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "from is missing; send it."),
        ({"from": "yesterday"}, "from is 'yesterday'; it must be a time with its zone in ISO 8601"),
        ({"from": "2026-11-25T08:00:00"}, "from is '2026-11-25T08:00:00'; it must be a time with its zone"),
        ({"from": "2999-01-01T00:00:00Z"}, "from is 2999-01-01T00:00:00Z, which has not been yet"),
        ({"from": "2026-11-25T08:00:00Z", "seconds": "601"}, "seconds is '601': input should be less than or equal"),
        ({"from": "2026-11-25T08:00:00Z", "step": "0"}, "step is '0'"),
        ({"from": "2026-11-25T08:00:00Z", "seconds": "10", "step": "4"}, "seconds must be a multiple of step"),
        ({"from": "2026-11-25T08:00:00Z", "seconds": "600"}, "has 600 moments; at most 120 are answered"),
        ({"from": "0001-01-01T00:00:00+14:00"}, "from is '0001-01-01T00:00:00+14:00'"),
    ],
)
def test_a_bad_parameter_is_refused_with_a_sentence(
    client: Client, settings: Settings, query: dict[str, str], said: str
) -> None:
    settings.RADAR_PUBLIC = True

    answer = client.get(PATH, query)

    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_a_window_that_holds_too_much_is_refused(
    client: Client, tracks: Tracks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "MOST_ROWS", 100)
    messages, known = fleet(11)
    register(known, messages)
    record(tracks, messages)

    answer = get(client, EPOCH, seconds=60)

    assert answer.status_code == 413
    assert answer.json()["detail"] == "The window holds more than 100 messages; ask for fewer seconds than 60."


def test_one_person_asks_one_question_at_a_time(
    client: Client, tracks: Tracks, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(1, 0.05)
    monkeypatch.setattr(api, "TURNS", turns)
    with turns.taken("address 127.0.0.1"):
        own = get(client, EPOCH)
    with turns.taken("user 4"):
        full = get(client, EPOCH)

    assert (own.status_code, full.status_code) == (429, 429)
    assert own.json()["detail"].startswith("Another question of yours")
    assert full.json()["detail"].startswith("1 questions to the record are being answered")
    assert get(client, EPOCH).status_code == 404


@pytest.mark.parametrize("what", ["", "/span", "/ship"])
def test_who_may_not_watch_the_radar_may_not_replay_it(
    client: Client, tracks: Tracks, settings: Settings, what: str
) -> None:
    settings.RADAR_PUBLIC = False
    refused = asked(client, what, mission=7)
    client.force_login(User.objects.create_user("louie"))
    answered = asked(client, what, mission=7)

    assert refused.status_code == 401
    assert "sign in at /login/" in refused.json()["detail"]
    assert answered.status_code == 404
    assert answered.json()["detail"].startswith("Nothing has been recorded yet")


def test_without_the_lake_it_is_refused_with_a_sentence(client: Client, tracks: Tracks, settings: Settings) -> None:
    settings.LAKE_CATALOG_READER_URL = "postgresql://lake_reader:x@127.0.0.1:1/lake"

    answer = get(client, EPOCH)

    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("The record can't be reached. The lake's catalog does not answer")


def test_answers_are_kept_for_their_time_and_the_oldest_go_first() -> None:
    now = [0.0]
    kept = Kept(10, 10, lambda: now[0])
    kept.put("a", b"12345")
    now[0] = 6.0
    kept.put("b", b"12345")

    assert (kept.get("a"), kept.get("b")) == (b"12345", b"12345")
    kept.put("c", b"1")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (None, b"12345", b"1")
    now[0] = 16.5
    assert kept.get("b") is None


def _ms(time: datetime) -> int:
    return int(time.timestamp() * 1000)

"""A mission's completeness from a real registry, Kafka, lake and warehouse; by API and as a panel."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from django.test import Client
from pytest_django.fixtures import Settings

from missions.demo import PastMission, demo_missions_add
from missions.models import Mission
from missions.services import Progress, missions_record_progress
from ships_client.contracts import Phase, ShipStatus, encode
from spark.tests.lakes import Lake
from spark.transforms.verdicts import accepted
from stack.services.base import Context
from telemetry.completeness import kafka as completeness_kafka
from telemetry.completeness import selectors
from telemetry.ingest.run import report_ingest
from telemetry.models import ReportUpload
from tests.messages import message

from .lake_rows import append, make_tables, note_progress
from .reports import handed

T0 = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=2)
LATE = range(212, 237)
LOST = range(402, 410)
END = 753
PARTITION = 1


@pytest.fixture(scope="module")
def lake(backing: Context, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """An empty lake of this module's own."""
    lake = Lake(backing, Path(tmp_path_factory.mktemp("lake")))
    lake.make()
    make_tables(lake)
    yield lake
    lake.drop()


@pytest.fixture
def site(lake: Lake, settings: Settings) -> Iterator[None]:
    """The site reads this lake, and a topic of the test's own."""
    access = lake.access()
    settings.LAKE_CATALOG_READER_URL, settings.LAKE_WAREHOUSE = access.catalog_url, access.warehouse
    settings.TOPIC_RAW = f"test.raw.{uuid.uuid4().hex[:12]}"
    admin = AdminClient({"bootstrap.servers": settings.KAFKA_BOOTSTRAP})
    config = {"message.timestamp.type": "LogAppendTime"}
    admin.create_topics([NewTopic(settings.TOPIC_RAW, 3, 1, config=config)])[settings.TOPIC_RAW].result(10)
    note_progress(lake, {0: 0, 1: 0, 2: 0})
    yield
    admin.delete_topics([settings.TOPIC_RAW])[settings.TOPIC_RAW].result(10)


def at(seq: int) -> dt.datetime:
    """When tick `seq` was."""
    return T0 + dt.timedelta(seconds=seq)


def telemetry(mission: Mission, seq: int, *, numbered: bool = True) -> bytes:
    """What the ship says at a tick: 350 s out, 45 s there, and back, with a repair on the way out."""
    phase = Phase.OUTBOUND if seq < 350 else Phase.ON_PLANET if seq < 395 else Phase.RETURNING
    said = message(mission.mission_id, seq if numbered else None, at=at(seq), phase=phase if numbered else None)
    raw = encode(said)
    if 128 <= seq <= 132:
        raw = raw.replace(b'"status":"OK"', f'"status":"{ShipStatus.REPAIR}"'.encode())
        raw = raw.replace(b'"malfunctioned_component":null', b'"malfunctioned_component":"engine_pressure_kpa"')
    return raw


def kafka_batch(values: Sequence[bytes], times: Sequence[dt.datetime], first: int) -> pa.RecordBatch:
    """Messages as Spark hands them over, each taken at its own time."""
    count = len(values)
    return pa.RecordBatch.from_pydict(
        {
            "value": pa.array(values, pa.binary()),
            "contract": pa.array(["telemetry/2"] * count),
            "kafka_topic": pa.array(["telemetry.raw"] * count),
            "kafka_partition": pa.array([PARTITION] * count, pa.int32()),
            "kafka_offset": pa.array(range(first, first + count), pa.int64()),
            "kafka_time": pa.array(times, pa.timestamp("us", tz="UTC")),
        }
    )


def written(lake: Lake, mission: Mission, seqs: Sequence[int], *, numbered: bool = True) -> None:
    """These ticks stand in the lake; LATE ones came 24 s after their time."""
    values = [telemetry(mission, seq, numbered=numbered) for seq in seqs]
    times = [at(seq) + dt.timedelta(seconds=24 if seq in LATE else 0.2) for seq in seqs]
    append(lake, "raw", [accepted(kafka_batch(values, times, 0))], at=at(END))


def flown(mission: Mission, last: int | None, *, ended: bool = False) -> None:
    """What the registry knows of the flight."""
    missions_record_progress([Progress(mission.mission_id, Phase.RETURNING, last, at(last or 0))])
    Mission.objects.filter(pk=mission.pk).update(started_at=T0 - dt.timedelta(seconds=2))
    if ended:
        Mission.objects.filter(pk=mission.pk).update(
            status="SUCCESS", phase="HOME", final_seq=last, finished_at=at((last or 0) + 1)
        )


def sent_to_kafka(settings: Settings, *values: bytes) -> None:
    producer = Producer({"bootstrap.servers": settings.KAFKA_BOOTSTRAP})
    for value in values:
        producer.produce(settings.TOPIC_RAW, value, partition=PARTITION)
    assert producer.flush(10) == 0


def asked(client: Client, mission: Mission) -> dict[str, Any]:
    answer = client.get(f"/api/v1/missions/{mission.mission_id}/completeness")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def panel(client: Client, mission: Mission) -> str:
    answer = client.get(f"/missions/{mission.mission_id}/completeness/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def iso(moment: dt.datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def test_gaps_and_late_messages_are_told_as_ranges_of_seq_and_time(
    site: None, lake: Lake, mission: Mission, client: Client
) -> None:
    held = [seq for seq in range(END) if seq not in LOST]
    written(lake, mission, [*held, 0, 1])
    flown(mission, END - 1, ended=True)

    found = asked(client, mission)

    assert found["problems"] == {}
    assert found["sent"] == {"highest_seq": END - 1, "messages": END, "final": True}
    assert found["whole"] is False
    in_lake = found["lake"]
    assert (in_lake["rows"], in_lake["messages"], in_lake["sent_again"]) == (747, 745, 2)
    assert (in_lake["lowest_seq"], in_lake["highest_seq"], in_lake["missing"], in_lake["late"]) == (0, 752, 8, 25)
    gap = {"first_seq": 402, "last_seq": 409, "messages": 8, "arriving": False}
    assert in_lake["gaps"] == [gap | {"since": iso(at(401)), "until": iso(at(410))}]
    late = {"first_seq": 212, "last_seq": 236, "since": iso(at(212)), "until": iso(at(236)), "delay_s": 24.0}
    assert in_lake["late_stretches"] == [late]
    assert found["kafka"] == {"messages": 747, "arriving": 0, "behind": 0}

    shown = panel(client, mission)
    assert "745 of 753 messages." in shown
    assert "8 missing: seq 402 to 409." in shown
    assert "25 came up to 24 s late: seq 212 to 236." in shown
    assert "2 sent again, counted once." in shown
    assert "engine pressure, mended in 5 s" in shown
    assert f"{at(401):%Y-%m-%d %H:%M:%S}" in shown
    assert 'style="' not in shown


def test_a_whole_mission_is_said_to_be_whole(site: None, lake: Lake, mission: Mission, client: Client) -> None:
    written(lake, mission, range(100))
    flown(mission, 99, ended=True)

    found = asked(client, mission)

    assert (found["whole"], found["lake"]["missing"], found["lake"]["gaps"]) == (True, 0, [])
    assert "100 of 100 messages. </span>" not in panel(client, mission)
    assert "None came twice." in panel(client, mission)


def test_messages_that_only_kafka_holds_are_on_the_way_and_not_missing(
    site: None, lake: Lake, mission: Mission, client: Client, settings: Settings
) -> None:
    written(lake, mission, range(50))
    other = telemetry(mission, 7).replace(f'"{mission.mission_id}"'.encode(), b'"999999"')
    sent_to_kafka(settings, *(telemetry(mission, seq) for seq in range(50, 58)), b"broken", other)
    flown(mission, 59)

    found = asked(client, mission)

    assert found["kafka"]["arriving"] == 8
    assert found["kafka"]["behind"] == 10
    assert found["lake"]["missing"] == 2
    assert [(gap["first_seq"], gap["last_seq"]) for gap in found["lake"]["gaps"]] == [(58, 59)]
    assert "8 on the way to the lake." in panel(client, mission)


def test_a_lake_that_is_too_far_behind_is_not_looked_through_and_it_is_said(
    site: None,
    lake: Lake,
    mission: Mission,
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(completeness_kafka, "MOST_READ", 5)
    written(lake, mission, [0, 1, 4])
    sent_to_kafka(settings, *(telemetry(mission, seq) for seq in range(5, 12)))
    flown(mission, 11)

    found = asked(client, mission)

    assert found["kafka"] == {"messages": None, "arriving": None, "behind": 7}
    assert found["lake"]["missing"] == 2
    assert [(gap["first_seq"], gap["arriving"]) for gap in found["lake"]["gaps"]] == [(2, False), (5, True)]
    assert "What comes after seq 4 may be on its way" in panel(client, mission)


def test_messages_of_version_1_show_their_silences(site: None, lake: Lake, mission: Mission, client: Client) -> None:
    written(lake, mission, [*range(30), *range(60, 90)], numbered=False)
    flown(mission, None, ended=True)

    found = asked(client, mission)

    assert found["whole"] is None
    assert (found["lake"]["without_seq"], found["lake"]["missing"]) == (60, None)
    (gap,) = found["lake"]["gaps"]
    assert (gap["first_seq"], gap["messages"]) == (None, None)
    assert (gap["since"], gap["until"]) == (iso(at(29)), iso(at(60)))
    assert "60 messages. </span>" not in panel(client, mission)
    assert "1 silence of more than 5 s." in panel(client, mission)


def test_a_ships_clock_that_is_days_wrong_makes_nothing_missing(
    site: None, lake: Lake, mission: Mission, client: Client
) -> None:
    written(lake, mission, range(20))
    flown(mission, 19, ended=True)
    registered = T0 + dt.timedelta(days=3)
    Mission.objects.filter(pk=mission.pk).update(started_at=registered, finished_at=registered)

    assert asked(client, mission)["whole"] is True


@pytest.mark.usefixtures("bucket", "queue")
def test_the_warehouse_is_held_against_what_its_reports_cover(
    site: None, lake: Lake, mission: Mission, client: Client, announce: Callable[..., ReportUpload]
) -> None:
    for report_no, first in ((1, 0), (2, 90)):
        upload = announce(handed(mission.mission_id, report_no=report_no, first_seq=first, ticks=60, start=T0).put())
        report_ingest(upload.pk)
    announce(handed(mission.mission_id, report_no=3))

    held = asked(client, mission)["warehouse"]

    assert (held["rows"], held["rows_in_reports"], held["reports"], held["waiting"]) == (120, 120, 2, 1)
    assert (held["lowest_seq"], held["highest_seq"], held["missing"]) == (0, 149, 30)
    assert [(gap["first_seq"], gap["last_seq"]) for gap in held["gaps"]] == [(60, 89)]


def test_while_the_lake_is_away_the_rest_is_told(
    site: None, lake: Lake, mission: Mission, client: Client, settings: Settings
) -> None:
    flown(mission, 9)
    settings.LAKE_CATALOG_READER_URL = "postgresql://nobody@127.0.0.1:1/nothing"

    found = asked(client, mission)

    assert found["lake"] is None
    assert found["problems"]["lake"] == "The lake's catalog does not answer."
    assert "127.0.0.1" not in str(found["problems"])
    assert found["sent"]["highest_seq"] == 9
    shown = panel(client, mission)
    assert "What the lake holds can't be told now." in shown
    assert client.get(f"/missions/{mission.mission_id}/").status_code == 200


def test_while_kafka_is_away_the_rest_is_told(
    site: None, lake: Lake, mission: Mission, client: Client, settings: Settings
) -> None:
    written(lake, mission, range(5))
    flown(mission, 4)
    settings.KAFKA_BOOTSTRAP = "127.0.0.1:1"

    found = asked(client, mission)

    assert (found["kafka"], found["lake"]["messages"], found["whole"]) == (None, 5, True)
    assert found["problems"]["kafka"] == "Kafka does not answer."


def test_more_than_two_at_a_time_wait_and_are_told_so_in_the_end(
    site: None, lake: Lake, mission: Mission, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PATIENCE_S", 0.1)
    written(lake, mission, range(5))
    flown(mission, 4)
    with selectors._turns, selectors._turns:
        found = asked(client, mission)
        assert (found["kafka"], found["lake"], found["sent"]["highest_seq"]) == (None, None, 4)
        assert found["problems"]["lake"] == "Others ask at this moment; try again in a few seconds."

    assert asked(client, mission)["whole"] is True


def test_a_mission_without_messages_says_so(site: None, lake: Lake, mission: Mission, client: Client) -> None:
    found = asked(client, mission)

    assert (found["sent"]["messages"], found["lake"]["rows"], found["whole"]) == (None, 0, None)
    assert "The lake holds no message of this mission yet." in panel(client, mission)


def test_a_mission_that_is_not_there_is_a_404_in_a_sentence(site: None, tables: None, client: Client) -> None:
    answer = client.get("/api/v1/missions/4711/completeness")
    assert (answer.status_code, answer.json()["detail"]) == (
        404,
        "There is no mission 4711; GET /api/v1/missions lists them all.",
    )
    assert client.get("/missions/4711/completeness/").status_code == 404


def test_a_made_up_mission_is_said_to_be_so_and_misses_nothing(
    site: None, lake: Lake, mission: Mission, client: Client
) -> None:
    flown(mission, END - 1, ended=True)
    ended = Mission.objects.get(pk=mission.pk)
    (number,) = demo_missions_add(
        [
            PastMission(
                *("SS_DOLPHIN", "Olimar", "Koppai", 5, True, END),
                started_at=ended.started_at,
                finished_at=ended.finished_at or T0,
            )
        ]
    )
    made_up = Mission.objects.get(pk=number)

    found = asked(client, made_up)

    assert found["sent"]["messages"] is None
    assert (found["whole"], found["lake"]["missing"], found["lake"]["gaps"]) == (None, None, [])
    assert "demo_history made this mission up" in panel(client, made_up)
    assert "missing" not in panel(client, made_up).partition("<table")[0].partition("</header>")[2]
    assert asked(client, mission)["sent"]["messages"] == END

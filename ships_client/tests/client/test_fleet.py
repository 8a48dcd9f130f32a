"""Whole flights, against librdkafka's in-memory broker and a headquarters with its store in memory."""

import hashlib
import io
import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from ships_client import (
    Event,
    Fleet,
    FlightPlan,
    Headquarters,
    Journal,
    OneFlight,
    ReportStore,
    Roster,
    Summary,
    TelemetryProducer,
)
from ships_client.client import Kind
from ships_client.client.fleet import FAREWELL_S, Plans
from ships_client.contracts import (
    CATALOGUE,
    MissionStatus,
    Phase,
    Telemetry,
    decode,
    decode_manifest,
    object_key,
)
from ships_client.contracts.telemetry import TOPIC
from ships_client.contracts.world import ItemKind
from ships_client.exceptions import Refused
from ships_client.transports import Mission

Answer = httpx.Response | None


class Registry:
    """Headquarters and store in memory, behind httpx; `upset` may answer before they do."""

    def __init__(self) -> None:
        self.missions: dict[int, dict[str, Any]] = {}
        self.objects: dict[str, bytes] = {}
        self.committed: list[tuple[int, int]] = []
        self.calls: list[str] = []
        self.upset: Callable[[httpx.Request], Answer] = lambda request: None
        self._keys: dict[str, int] = {}
        self._lock = threading.Lock()

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def add(self, mission_id: int, ship: str, started_at: str) -> None:
        self.missions[mission_id] = {
            "mission_id": mission_id,
            "ship_name": ship,
            "status": "RUNNING",
            "started_at": started_at,
            "last_seq": None,
        }

    def _answer(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            return self.upset(request) or self._served(request)

    def _served(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.calls.append(f"{request.method} {path}")
        if request.method == "PUT":
            if path in self.objects:
                return httpx.Response(412)
            self.objects[path] = request.content
            return httpx.Response(200)
        body = json.loads(request.content or b"{}")
        if path == "/api/v1/missions":
            key = request.headers["Idempotency-Key"]
            if key not in self._keys:
                self._keys[key] = len(self.missions) + 1
                self.add(self._keys[key], body["ship_name"], f"start {self._keys[key]}")
            return httpx.Response(201, json=self.missions[self._keys[key]])
        found = re.fullmatch(r"/api/v1/missions/(\d+)(?:/(\w+))?(?:/(\d+)/committed)?", path)
        assert found, path
        mission_id, what, number = int(found[1]), found[2], found[3]
        if mission_id not in self.missions:
            return httpx.Response(404, json={"detail": "No such mission."})
        mission = self.missions[mission_id]
        if what == "uploads":
            return httpx.Response(201, json={"uploads": self._addresses(mission_id, body), "expires_in": 900})
        if what == "reports":
            self.committed.append((mission_id, int(number)))
            return httpx.Response(202)
        if what == "complete":
            if mission["status"] != "RUNNING":
                return httpx.Response(409, json={"detail": "It has ended.", "status": mission["status"]})
            mission.update(body)
        return httpx.Response(200, json=mission)

    def _addresses(self, mission_id: int, body: dict[str, Any]) -> list[dict[str, Any]]:
        day = datetime.fromisoformat(body["date"]).date()
        keys = {
            kind: object_key(mission_id, day, kind, body["report_no"]) for kind in ("mission", "ship_state", "manifest")
        }
        return [
            {"kind": kind, "key": key, "url": f"http://s3.test/{key}", "headers": {"If-None-Match": "*"}}
            for kind, key in keys.items()
        ]


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def bootstrap() -> Iterator[str]:
    cluster = Producer({"bootstrap.servers": "127.0.0.1:1", "test.mock.num.brokers": 1})
    broker = next(iter(cluster.list_topics(timeout=10).brokers.values()))
    yield f"{broker.host}:{broker.port}"
    cluster.flush(0)


class Watched:
    """A fleet, what it told, and a way to stop it at an event."""

    def __init__(
        self, registry: Registry, bootstrap: str, plans: Plans, *, berths: int = 1, speed: float = 500, **options: Any
    ) -> None:
        self.events: list[Event] = []
        self.stop = threading.Event()
        self.stop_when: Callable[[Event], bool] = lambda event: False
        self.fleet = Fleet(
            berths=berths,
            seed=7,
            plans=plans,
            headquarters=Headquarters("http://hq.test/register_mission", "secret", http=registry.client()),
            store=ReportStore(http=registry.client()),
            producer=TelemetryProducer(bootstrap, stop=self.stop),
            stop=self.stop,
            speed=speed,
            listener=self._hear,
            **options,
        )

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        if self.stop_when(event):
            self.stop.set()

    def told(self, kind: Kind) -> list[str]:
        return [event.text for event in self.events if event.kind is kind]


def one(target: str = "PNF-404", *, one_way: bool = False, number: int = 1) -> OneFlight:
    return OneFlight(FlightPlan(7, number, "ONION?!", "Olimar", target, 1, one_way))


def messages(bootstrap: str, count: int) -> dict[str, list[Telemetry]]:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "test", "auto.offset.reset": "earliest"})
    partitions = consumer.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions
    consumer.assign([TopicPartition(TOPIC, partition, 0) for partition in partitions])
    by_mission: dict[str, list[Telemetry]] = defaultdict(list)
    for record in consumer.consume(count, timeout=30):
        message = decode(record.value(), datetime.now(UTC))
        by_mission[message.mission_id].append(message)
    consumer.close()
    return by_mission


def tables(registry: Registry, kind: str) -> list[list[dict[str, Any]]]:
    keys = sorted(key for key in registry.objects if f"/{kind}_" in key)
    return [pq.read_table(io.BytesIO(registry.objects[key])).to_pylist() for key in keys]


def only(summary: Summary) -> Any:
    (mission,) = summary.missions
    return mission


def test_a_flight_sends_every_tick_once_and_closes_its_mission_last(registry: Registry, bootstrap: str) -> None:
    mission = only(Watched(registry, bootstrap, one()).fleet.run())
    assert mission.status is MissionStatus.SUCCESS
    assert mission.sent == mission.acknowledged == mission.last_seq + 1
    sent = messages(bootstrap, mission.sent)["1"]
    assert [message.seq for message in sent] == list(range(mission.last_seq + 1))
    times = [message.timestamp for message in sent]
    assert times == sorted(set(times))
    assert [message.mission_status for message in sent[:-1]] == [None] * mission.last_seq
    assert (sent[-1].mission_status, sent[-1].phase) == (MissionStatus.SUCCESS, Phase.HOME)
    assert registry.missions[1]["status"] == "SUCCESS"
    assert registry.missions[1]["last_seq"] == mission.last_seq
    assert registry.calls[-1] == "POST /api/v1/missions/1/complete"


def test_reports_hold_every_tick_once_and_twenty_items_each(registry: Registry, bootstrap: str) -> None:
    mission = only(Watched(registry, bootstrap, one()).fleet.run())
    rows = [row for table in tables(registry, "ship_state") for row in table]
    sent = messages(bootstrap, mission.sent)["1"]
    assert [row["seq"] for row in rows] == [message.seq for message in sent]
    assert [row["timestamp"] for row in rows] == [message.timestamp for message in sent]
    assert [row["fuel_prc"] for row in rows] == [message.fuel_prc for message in sent]
    assert [row["status"] for row in rows] == [message.status.value for message in sent]
    assert {row["planet"] for row in rows} == {None, "Hocotate", "PNF-404"}
    assert (rows[0]["planet"], rows[-1]["planet"]) == ("Hocotate", "Hocotate")
    reports = tables(registry, "mission")
    assert [len(items) for items in reports] == [20] * mission.reports
    assert mission.items == 20 * mission.reports
    assert registry.committed == [(1, number + 1) for number in range(mission.reports)]


def test_treasures_are_found_on_the_planet_and_times_lie_in_the_working_day(registry: Registry, bootstrap: str) -> None:
    Watched(registry, bootstrap, one()).fleet.run()
    treasures = {item.name for item in CATALOGUE if item.kind is ItemKind.TREASURE}
    worth = {item.name: item.poko for item in CATALOGUE}
    first, *later = tables(registry, "mission")
    assert not treasures & {row["item"] for row in first}
    assert treasures & {row["item"] for table in later for row in table}
    for row in [row for table in (first, *later) for row in table]:
        assert row["value"] == worth[row["item"]]
        assert 8 <= row["timestamp"].hour < 17


def test_the_manifest_is_written_last_and_names_the_files_as_they_are(registry: Registry, bootstrap: str) -> None:
    Watched(registry, bootstrap, one()).fleet.run()
    puts = [call.removeprefix("PUT ") for call in registry.calls if call.startswith("PUT")]
    for files in zip(*[iter(puts)] * 3, strict=True):
        assert [file.rsplit("/")[-1].split("_1_")[0] for file in files] == [
            "mission",
            "ship_state",
            "manifest",
        ]
        manifest = decode_manifest(registry.objects[files[2]])
        for named, path in zip(manifest.files, files, strict=False):
            content = registry.objects[path]
            assert f"/{named.key}" == path
            assert (named.sha256, named.size) == (hashlib.sha256(content).hexdigest(), len(content))
            assert named.rows == pq.read_table(io.BytesIO(content)).num_rows


def test_a_flight_is_repeated_by_its_seed_and_number(registry: Registry, bootstrap: str) -> None:
    first = only(Watched(registry, bootstrap, one()).fleet.run())
    again = only(Watched(registry, bootstrap, one()).fleet.run())
    sent = messages(bootstrap, first.sent + again.sent)

    def course(mission_id: str) -> list[tuple[object, ...]]:
        return [(m.seq, m.coord_x, m.motor_temp_c, m.status) for m in sent[mission_id]]

    assert course(first.mission_id) == course(again.mission_id) != []


def test_a_one_way_mission_ends_on_the_planet(registry: Registry, bootstrap: str) -> None:
    mission = only(Watched(registry, bootstrap, one(one_way=True)).fleet.run())
    last = messages(bootstrap, mission.sent)["1"][-1]
    assert (last.phase, last.mission_status) == (Phase.ON_PLANET, MissionStatus.SUCCESS)
    assert last.seq is not None
    assert last.seq >= 63


def test_a_fleet_flies_all_its_ships_and_its_lost_ones_fall_silent(registry: Registry, bootstrap: str) -> None:
    plans = Roster(seed=7, report_freq_min=1, targets=["PNF-404", "Nijo", "Sozor"])
    summary = Watched(registry, bootstrap, plans, berths=25).fleet.run()
    assert summary.totals.missions == 25
    assert summary.totals.success + summary.totals.failure == 25
    assert summary.totals.failure > 0
    assert summary.totals.sent == summary.totals.acknowledged
    sent = messages(bootstrap, summary.totals.sent)
    for mission in summary.missions:
        of_ship = sent[mission.mission_id]
        assert sorted(m.seq or 0 for m in of_ship) == list(range((mission.last_seq or 0) + 1))
        assert of_ship[-1].mission_status is mission.status
        assert (of_ship[-1].phase is Phase.LOST) == (mission.status is MissionStatus.FAILURE)
        assert {m.ship_id for m in of_ship} == {mission.ship}


def test_a_kept_fleet_starts_a_mission_as_one_ends(registry: Registry, bootstrap: str) -> None:
    plans = Roster(seed=7, report_freq_min=1, targets=["Nijo"], keep=True)
    watched = Watched(registry, bootstrap, plans, berths=2)
    watched.stop_when = lambda event: len(watched.told(Kind.LAUNCHED)) == 6
    watched.fleet.run()
    ships = {event.ship for event in watched.events if event.kind is Kind.LAUNCHED}
    assert ships == {"HOCOTATE_SHIP", "SS_DOLPHIN"}
    assert {mission["status"] for mission in registry.missions.values()} <= {"SUCCESS", "FAILURE"}


def test_an_outage_of_headquarters_and_store_only_delays(registry: Registry, bootstrap: str) -> None:
    calls = 0

    def upset(request: httpx.Request) -> Answer:
        nonlocal calls
        calls += 1
        return httpx.Response(503) if calls % 3 else None

    registry.upset = upset
    watched = Watched(registry, bootstrap, one("Nijo"))
    mission = only(watched.fleet.run())
    assert watched.told(Kind.WAITING)
    assert mission.sent == mission.acknowledged
    assert sum(len(table) for table in tables(registry, "ship_state")) == mission.sent
    assert registry.missions[1]["status"] == mission.status.value


def test_expired_addresses_are_asked_for_anew(registry: Registry, bootstrap: str) -> None:
    expired: list[str] = []

    def upset(request: httpx.Request) -> Answer:
        if request.method == "PUT" and "ship_state" in request.url.path and request.url.path not in expired:
            expired.append(request.url.path)
            return httpx.Response(403)
        return None

    registry.upset = upset
    watched = Watched(registry, bootstrap, one("Nijo"))
    mission = only(watched.fleet.run())
    assert len(expired) == mission.reports > 1
    assert watched.told(Kind.TROUBLE) == []


def test_a_report_that_is_refused_is_told_and_the_mission_still_ends(registry: Registry, bootstrap: str) -> None:
    registry.upset = lambda request: httpx.Response(400, text="no") if request.method == "PUT" else None
    watched = Watched(registry, bootstrap, one("Nijo"))
    summary = watched.fleet.run()
    assert only(summary).reports == 0
    assert summary.totals.troubles == len(watched.told(Kind.TROUBLE)) > 0
    assert "isn't handed in" in watched.told(Kind.TROUBLE)[0]
    assert registry.missions[1]["status"] in ("SUCCESS", "FAILURE")


def test_a_fault_in_an_errand_ends_the_fleet_and_is_not_hidden(registry: Registry, bootstrap: str) -> None:
    def upset(request: httpx.Request) -> Answer:
        raise ZeroDivisionError("a fault of the program")

    registry.upset = upset
    with pytest.raises(ZeroDivisionError, match="a fault of the program"):
        Watched(registry, bootstrap, one()).fleet.run()


def test_a_refused_registration_ends_the_fleet_with_its_sentence(registry: Registry, bootstrap: str) -> None:
    registry.upset = lambda request: httpx.Response(401, json={"detail": "This token is unknown."})
    with pytest.raises(Refused, match="This token is unknown"):
        Watched(registry, bootstrap, one()).fleet.run()


def test_a_stopped_fleet_gives_up_its_ships_and_leaves_no_mission_running(
    registry: Registry, bootstrap: str, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "fleet.json")
    plans = Roster(seed=7, report_freq_min=1, targets=["Maxima"], keep=True)
    watched = Watched(registry, bootstrap, plans, berths=10, speed=50, journal=journal)
    watched.stop_when = lambda event: event.kind is Kind.REPORT
    summary = watched.fleet.run()
    told = {event.at for event in watched.events}
    assert (max(told) - min(e.at for e in watched.events if e.kind is Kind.REPORT)).total_seconds() < FAREWELL_S
    assert {mission["status"] for mission in registry.missions.values()} == {"FAILURE"}
    assert journal.missions() == []
    sent = messages(bootstrap, summary.totals.sent)
    for mission in summary.missions:
        last = sent[mission.mission_id][-1]
        assert (last.phase, last.mission_status, last.seq) == (Phase.LOST, MissionStatus.FAILURE, mission.last_seq)
        assert [m.seq for m in sent[mission.mission_id]] == list(range((mission.last_seq or 0) + 1))


def test_missions_that_cannot_be_closed_in_time_stay_in_the_journal(
    registry: Registry, bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ships_client.client.fleet.FAREWELL_S", 0.5)
    registry.upset = lambda request: httpx.Response(503) if request.url.path.endswith("/complete") else None
    journal = Journal(tmp_path / "fleet.json")
    watched = Watched(registry, bootstrap, Roster(seed=7, report_freq_min=1), berths=2, journal=journal)
    watched.stop_when = lambda event: event.kind is Kind.REPORT
    watched.fleet.run()
    journal.close()
    again = Journal(tmp_path / "fleet.json")
    assert sorted(mission.mission_id for mission in again.missions()) == [1, 2]
    assert watched.told(Kind.TROUBLE)[-1] == "2 missions couldn't be closed in time; the next start closes them."
    again.close()


def test_missions_left_behind_by_a_killed_fleet_are_closed_and_no_others(
    registry: Registry, bootstrap: str, tmp_path: Path
) -> None:
    registry.add(1, "SS_MOTH", "yesterday")
    registry.add(2, "SS_KITTY", "today, in a new registry")
    registry.add(3, "SS_COMET", "yesterday")
    registry.missions[3]["status"] = "SUCCESS"
    journal = Journal(tmp_path / "fleet.json")
    for number, ship in enumerate(["SS_MOTH", "SS_KITTY", "SS_COMET", "SS_ORION"], 1):
        journal.add(Mission(number, ship, MissionStatus.RUNNING, "yesterday"))
    Watched(registry, bootstrap, one("Nijo"), journal=journal).fleet.run()
    assert [registry.missions[number]["status"] for number in (1, 2, 3)] == ["FAILURE", "RUNNING", "SUCCESS"]
    assert registry.missions[1]["last_seq"] is None
    assert journal.missions() == []


def test_launches_are_spread(registry: Registry, bootstrap: str) -> None:
    watched = Watched(registry, bootstrap, Roster(seed=7, report_freq_min=1, targets=["Nijo"]), berths=3, spread_s=0.2)
    watched.fleet.run()
    launched = [event.at for event in watched.events if event.kind is Kind.LAUNCHED]
    assert (launched[-1] - launched[0]).total_seconds() > 0.3

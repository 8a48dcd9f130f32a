"""What whole flights are tested against: a headquarters in memory, librdkafka's own broker, a real recorder."""

import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from confluent_kafka import Consumer, TopicPartition

from ships_client import Event, Fleet, FlightPlan, Headquarters, Kind, Recorder, ReportStore, Summary, TelemetryProducer
from ships_client.client.orders import Orders
from ships_client.client.pilot import begin
from ships_client.contracts import Telemetry, decode, object_key
from ships_client.contracts.telemetry import TOPIC

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
        if path == "/api/v1/missions/bulk":
            return httpx.Response(201, json={"missions": [self._registered(wanted) for wanted in body["missions"]]})
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

    def _registered(self, wanted: dict[str, Any]) -> dict[str, Any]:
        key = wanted["idempotency_key"]
        if key not in self._keys:
            self._keys[key] = len(self.missions) + 1
            self.add(self._keys[key], wanted["ship_name"], f"start {self._keys[key]}")
        return self.missions[self._keys[key]]

    def _addresses(self, mission_id: int, body: dict[str, Any]) -> list[dict[str, Any]]:
        day = datetime.fromisoformat(body["date"]).date()
        keys = {
            kind: object_key(mission_id, day, kind, body["report_no"]) for kind in ("mission", "ship_state", "manifest")
        }
        return [
            {"kind": kind, "key": key, "url": f"http://s3.test/{key}", "headers": {"If-None-Match": "*"}}
            for kind, key in keys.items()
        ]


class Watched:
    """A fleet, what it told, and a way to stop it at an event."""

    def __init__(
        self, registry: Registry, bootstrap: str, recorder: Recorder, plans: Any = None, **options: Any
    ) -> None:
        self.events: list[Event] = []
        self.stop = threading.Event()
        self.stop_when: Callable[[Event], bool] = lambda event: False
        orders = Orders.recorded(recorder.standing.header.options, {})
        self.recorder = recorder
        self.fleet = Fleet(
            plans=plans or orders.plans(),
            recorder=recorder,
            headquarters=Headquarters(
                "http://hq.test/register_mission", "secret", http=registry.client(), patience_s=2
            ),
            store=ReportStore(http=registry.client(), patience_s=2),
            producer=TelemetryProducer(bootstrap),
            stop=self.stop,
            **{"speed": 500, "los": orders.silent_ticks, "listener": self._hear, **options},
        )

    def run(self) -> Summary:
        """Fly, and close the recorder."""
        with self.recorder:
            return self.fleet.run()

    def told(self, kind: Kind) -> list[str]:
        """The sentences of a kind."""
        return [event.text for event in self.events if event.kind is kind]

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        if self.stop_when(event):
            self.stop.set()


@pytest.fixture
def registry() -> Registry:
    """A fresh headquarters."""
    return Registry()


@pytest.fixture
def prepare(registry: Registry, bootstrap: str, tmp_path: Path) -> Callable[..., Watched]:
    """Makes a fleet of some orders, or of one ship, or of a recorder that is given, ready to run."""

    def make(orders: Orders | FlightPlan | Recorder, **options: Any) -> Watched:
        if isinstance(orders, FlightPlan):
            orders = Orders.for_ship(orders)
        if isinstance(orders, Orders):
            orders = begin(tmp_path / f"recorder-{len(list(tmp_path.iterdir()))}", orders)
        return Watched(registry, bootstrap, orders, **options)

    return make


@pytest.fixture
def received(bootstrap: str) -> Callable[[int], dict[str, list[Telemetry]]]:
    """Reads so many messages off the topic, by mission."""

    def read(count: int) -> dict[str, list[Telemetry]]:
        consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "test", "auto.offset.reset": "earliest"})
        partitions = consumer.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions
        consumer.assign([TopicPartition(TOPIC, partition, 0) for partition in partitions])
        by_mission: dict[str, list[Telemetry]] = defaultdict(list)
        for record in consumer.consume(count, timeout=30):
            message = decode(record.value(), datetime.now(UTC))
            by_mission[message.mission_id].append(message)
        consumer.close()
        return by_mission

    return read

"""The whole radar on real servers: a registered ship's message reaches a hub, and nothing is dropped silently."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from channels.db import database_sync_to_async
from confluent_kafka import Producer
from django.conf import settings
from prometheus_client import REGISTRY

from hocotate_site import exposition
from hocotate_site.kafka import Stop
from hocotate_site.traces import shown_from
from missions.models import Mission as MissionRow
from missions.models import ShipToken
from radar.hub import Hub
from radar.layer import channel_layer
from radar.process import HEARTBEAT_S, LOCK_S, Radar, run
from radar.records import Seen
from radar.tests.conftest import Valkey
from radar.tests.factories import message, mission
from radar.tests.sent import facts_of, seen_of
from radar.tests.test_hub import until, web
from radar.tests.test_stream import produce
from radar.tracks import Mission
from radar.wire import History, decode_incoming
from ships_client.contracts import MissionStatus, encode
from telemetry.tracing.watch import watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest_asyncio.fixture
async def headquarters(topic: str, valkey: Valkey, transactional_db: None) -> AsyncIterator[Radar]:
    stop = Stop()
    radar = Radar(stop, channel_layer())
    task = asyncio.create_task(radar.run())
    yield radar
    stop.request()
    await asyncio.wait_for(task, 20)


@database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
def registered(ship: str = "SS_DOLPHIN") -> Mission:
    token, _made = ShipToken.objects.get_or_create(name="test", sha256="0" * 64)
    row = MissionRow.objects.create(
        ship_name=ship, captain="Olimar", target="Koppai", report_freq_min=1, registered_by=token
    )
    return mission(row.mission_id, ship)


@database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
def ended(flown: Mission) -> None:
    MissionRow.objects.filter(mission_id=flown.mission_id).update(
        status=MissionStatus.FAILURE.value, finished_at=datetime.now(UTC)
    )


def fly(topic: str, *seqs: int, of: Mission) -> None:
    produce(topic, *(encode(message(seq, of=of, at=datetime.now(UTC))) for seq in seqs))


def shown(hub: Hub, ship: str = "SS_DOLPHIN") -> Seen | None:
    return seen_of(hub.replica, ship, made=int(time.time() * 1000))


def x_of(hub: Hub) -> int | None:
    """How far the ship has come along the first axis, in ticks."""
    seen = shown(hub)
    return round(seen.x / 2.4e6) if seen else None


def counts(hub: Hub) -> tuple[int, int, int]:
    last = hub.replica.last
    return (0, 0, 0) if last is None else (last.counts.messages, last.counts.unknown, last.counts.invalid)


async def test_a_ship_that_registers_and_flies_is_shown_with_its_captain_and_its_gauges(
    headquarters: Radar, topic: str
) -> None:
    async with web() as hub:
        flown = await registered()
        fly(topic, 0, 1, of=flown)
        await until(lambda: x_of(hub) == 1, within_s=30)

    facts = facts_of(hub.replica, "SS_DOLPHIN")
    assert facts is not None
    assert (facts.captain, facts.target) == ("Olimar", "Koppai")
    written = "".join(piece for source in exposition.SOURCES for piece in source())
    assert f'ship_coord_x{{ship_id="SS_DOLPHIN",mission_id="{flown.mission_id}"}} 2400000.0\n' in written
    totals = {"status": "RUNNING", "phase": "OUTBOUND"}
    assert REGISTRY.get_sample_value("fleet_missions", totals) == 1
    assert (REGISTRY.get_sample_value("radar_latency_seconds_count") or 0) > 0
    assert (REGISTRY.get_sample_value("radar_loop_timestamp_seconds") or 0) > 0
    age = REGISTRY.get_sample_value("radar_newest_event_age_seconds")
    assert age is not None
    assert 0 <= age < 60


async def test_a_new_radar_knows_what_was_flown_before_it_started(
    topic: str, valkey: Valkey, transactional_db: None
) -> None:
    flown = await registered()
    fly(topic, *range(30), of=flown)
    stop = Stop()
    radar = Radar(stop, channel_layer())
    task = asyncio.create_task(radar.run())
    try:
        async with web() as hub:
            await until(lambda: x_of(hub) == 29, within_s=30)
            history = decode_incoming(await hub.history("SS_DOLPHIN"))
    finally:
        stop.request()
        await asyncio.wait_for(task, 20)

    assert isinstance(history, History)
    assert history.mission == flown.mission_id
    assert history.rows


async def test_a_mission_that_is_watched_tells_of_each_message_when_it_came_and_which_frame_showed_it(
    headquarters: Radar, topic: str
) -> None:
    flown = await registered()
    row = MissionRow(mission_id=flown.mission_id, ship_name=flown.ship)
    ship = Producer({"bootstrap.servers": settings.KAFKA_BOOTSTRAP, "partitioner": "murmur2_random"})
    task = asyncio.create_task(asyncio.to_thread(lambda: list(watch(row, seconds=4, stop=Stop()))))
    seq = 0
    while not task.done():
        said = encode(message(seq, of=flown, at=datetime.now(UTC)))
        ship.produce(topic, said, key=flown.ship, headers=[("contract", b"telemetry/2")])
        assert ship.flush(10) == 0
        seq += 1
        await asyncio.sleep(0.25)
    met = await task

    assert len(met) > 5
    seqs = [one.arrival.asked.seq for one in met]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    assert all(one.frame is not None for one in met)
    assert all(0 <= one.as_json()["kafka_ms"] <= one.as_json()["frame_ms"] + 1 for one in met)
    assert sum(one.frame is not None and one.frame.seq == one.arrival.asked.seq for one in met) > len(met) / 2
    assert await asyncio.to_thread(shown_from, flown.mission_id, 0)


async def test_invalid_messages_and_those_of_no_mission_are_counted_and_the_others_go_on(
    headquarters: Radar, topic: str
) -> None:
    async with web() as hub:
        flown = await registered()
        fly(topic, 0, of=mission(987_654_321, "SS_GHOST"))
        produce(topic, b"{}", b"nonsense")
        fly(topic, 3, of=flown)
        # What it came to instead is told by the comparison.
        with suppress(AssertionError):
            await until(lambda: x_of(hub) == 3 and counts(hub) == (4, 1, 2), within_s=30)
        assert (x_of(hub), counts(hub)) == (3, (4, 1, 2))

    assert facts_of(hub.replica, "SS_GHOST") is None
    assert REGISTRY.get_sample_value("radar_unknown_total") == 1


async def test_a_mission_ended_at_headquarters_is_ended_on_the_radar(headquarters: Radar, topic: str) -> None:
    async with web() as hub:
        flown = await registered()
        fly(topic, 0, of=flown)
        await until(lambda: x_of(hub) == 0, within_s=30)
        await ended(flown)
        await until(lambda: getattr(shown(hub), "outcome", None) == "FAILURE", within_s=30)


async def test_a_running_mission_that_says_nothing_is_counted_as_silent(headquarters: Radar, topic: str) -> None:
    async with web() as hub:
        await registered("SS_SILENT")
        await until(lambda: hub.replica.last is not None and hub.replica.last.counts.silent == 1, within_s=30)


async def test_of_two_radars_one_broadcasts_and_the_other_takes_over_within_5_s(
    topic: str, valkey: Valkey, transactional_db: None
) -> None:
    stops = [Stop(), Stop()]
    radars = [asyncio.create_task(run(stops[0]))]
    try:
        async with web() as hub:
            await until(lambda: hub.replica.last is not None, within_s=30)
            first = epoch(hub)
            radars.append(asyncio.create_task(run(stops[1])))
            # The second one asks for the lock twice meanwhile: a frame comes each HEARTBEAT_S at least.
            version = hub.replica.version
            await until(lambda: hub.replica.version > version + 2 * LOCK_S / HEARTBEAT_S)
            assert epoch(hub) == first

            stops[0].request()
            began = time.monotonic()
            await until(lambda: epoch(hub) != first, within_s=30)
            assert time.monotonic() - began < 5
    finally:
        for stop in stops:
            stop.request()
        await asyncio.wait_for(asyncio.gather(*radars), 20)


def epoch(hub: Hub) -> str:
    return hub.replica.last.epoch if hub.replica.last else ""

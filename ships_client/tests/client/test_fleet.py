"""Whole flights, against librdkafka's in-memory broker and a headquarters with its store in memory."""

import hashlib
import io
import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from ships_client import FlightPlan, Kind, Recorder, Summary
from ships_client.client import fleet, ground
from ships_client.client.fleet import FAREWELL_S
from ships_client.client.orders import Orders
from ships_client.client.pilot import begin
from ships_client.contracts import CATALOGUE, MissionStatus, Phase, decode_manifest
from ships_client.contracts.world import ItemKind
from ships_client.exceptions import Refused
from ships_client.recorder import Boarded

Prepare = Callable[..., Any]
Received = Callable[[int], dict[str, list[Any]]]


def one(target: str = "PNF-404", *, one_way: bool = False, number: int = 1) -> FlightPlan:
    return FlightPlan(7, number, "ONION?!", "Olimar", target, 1, one_way)


def tables(registry: Any, kind: str) -> list[list[dict[str, Any]]]:
    keys = sorted(key for key in registry.objects if f"/{kind}_" in key)
    return [pq.read_table(io.BytesIO(registry.objects[key])).to_pylist() for key in keys]


def only(summary: Summary) -> Any:
    (mission,) = summary.missions
    return mission


def test_a_flight_sends_every_tick_once_and_closes_its_mission_last(
    registry: Any, prepare: Prepare, received: Received
) -> None:
    mission = only(prepare(one()).run())
    assert mission.status is MissionStatus.SUCCESS
    sent = received(mission.last_seq + 1)["1"]
    assert [message.seq for message in sent] == list(range(mission.last_seq + 1))
    times = [message.timestamp for message in sent]
    assert times == sorted(set(times))
    assert [message.mission_status for message in sent[:-1]] == [None] * mission.last_seq
    assert (sent[-1].mission_status, sent[-1].phase) == (MissionStatus.SUCCESS, Phase.HOME)
    assert registry.missions[1]["status"] == "SUCCESS"
    assert registry.missions[1]["last_seq"] == mission.last_seq
    assert registry.calls[-1] == "POST /api/v1/missions/1/complete"


def test_reports_hold_every_tick_once_and_twenty_items_each(
    registry: Any, prepare: Prepare, received: Received
) -> None:
    mission = only(prepare(one()).run())
    rows = [row for table in tables(registry, "ship_state") for row in table]
    sent = received(mission.last_seq + 1)["1"]
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


def test_treasures_are_found_on_the_planet_and_times_lie_in_the_working_day(
    registry: Any, prepare: Prepare, received: Received
) -> None:
    prepare(one()).run()
    treasures = {item.name for item in CATALOGUE if item.kind is ItemKind.TREASURE}
    worth = {item.name: item.poko for item in CATALOGUE}
    first, *later = tables(registry, "mission")
    assert not treasures & {row["item"] for row in first}
    assert treasures & {row["item"] for table in later for row in table}
    for row in [row for table in (first, *later) for row in table]:
        assert row["value"] == worth[row["item"]]
        assert 8 <= row["timestamp"].hour < 17


def test_the_manifest_is_written_last_and_names_the_files_as_they_are(
    registry: Any, prepare: Prepare, received: Received
) -> None:
    prepare(one()).run()
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


def test_a_flight_is_repeated_by_its_seed_and_number(registry: Any, prepare: Prepare, received: Received) -> None:
    first = only(prepare(one()).run())
    again = only(prepare(one()).run())
    sent = received(first.last_seq + again.last_seq + 2)

    def course(mission_id: str) -> list[tuple[object, ...]]:
        return [(m.seq, m.coord_x, m.motor_temp_c, m.status) for m in sent[mission_id]]

    assert course(first.mission_id) == course(again.mission_id) != []


def test_a_one_way_mission_ends_on_the_planet(registry: Any, prepare: Prepare, received: Received) -> None:
    mission = only(prepare(one(one_way=True)).run())
    last = received(mission.last_seq + 1)["1"][-1]
    assert (last.phase, last.mission_status) == (Phase.ON_PLANET, MissionStatus.SUCCESS)
    assert last.seq is not None
    assert last.seq >= 63


def test_a_fleet_flies_all_its_ships_and_its_lost_ones_fall_silent(prepare: Prepare, received: Received) -> None:
    orders = Orders(seed=7, ships=25, report_freq_min=1, targets=("PNF-404", "Nijo", "Sozor"))
    summary = prepare(orders).run()
    assert summary.totals.missions == 25
    assert summary.totals.success + summary.totals.failure == 25
    assert summary.totals.failure > 0
    assert summary.refused == 0
    sent = received(summary.totals.messages)
    for mission in summary.missions:
        of_ship = sent[mission.mission_id]
        assert sorted(m.seq or 0 for m in of_ship) == list(range(mission.last_seq + 1))
        assert of_ship[-1].mission_status is mission.status
        assert (of_ship[-1].phase is Phase.LOST) == (mission.status is MissionStatus.FAILURE)
        assert {m.ship_id for m in of_ship} == {mission.ship}


def test_a_failure_rate_of_zero_loses_nobody(prepare: Prepare) -> None:
    summary = prepare(Orders(seed=7, ships=25, targets=("Nijo",)), failure_rate=0.0).run()
    assert (summary.totals.success, summary.totals.failure) == (25, 0)


def test_a_kept_fleet_starts_a_mission_as_one_ends(registry: Any, prepare: Prepare) -> None:
    watched = prepare(Orders(seed=7, ships=2, report_freq_min=1, targets=("Nijo",), keep=True), give_up=True)
    watched.stop_when = lambda event: len(watched.told(Kind.LAUNCHED)) == 6
    watched.run()
    ships = {event.ship for event in watched.events if event.kind is Kind.LAUNCHED}
    assert ships == {"HOCOTATE_SHIP", "SS_DOLPHIN"}
    assert {mission["status"] for mission in registry.missions.values()} <= {"SUCCESS", "FAILURE"}


def test_an_outage_of_headquarters_and_store_only_delays(registry: Any, prepare: Prepare) -> None:
    calls = 0

    def upset(request: httpx.Request) -> httpx.Response | None:
        nonlocal calls
        calls += 1
        return httpx.Response(503) if calls % 3 else None

    registry.upset = upset
    watched = prepare(one("Nijo"))
    mission = only(watched.run())
    assert watched.told(Kind.WAITING)
    assert sum(len(table) for table in tables(registry, "ship_state")) == mission.last_seq + 1
    assert registry.missions[1]["status"] == mission.status.value


def test_expired_addresses_are_asked_for_anew(registry: Any, prepare: Prepare) -> None:
    expired: list[str] = []

    def upset(request: httpx.Request) -> httpx.Response | None:
        if request.method == "PUT" and "ship_state" in request.url.path and request.url.path not in expired:
            expired.append(request.url.path)
            return httpx.Response(403)
        return None

    registry.upset = upset
    watched = prepare(one("Nijo"))
    mission = only(watched.run())
    assert len(expired) == mission.reports > 1
    assert watched.told(Kind.TROUBLE) == []


def test_a_refused_report_is_told_once_tried_again_and_kept_for_a_resume(
    registry: Any, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground, "FIRST_PAUSE_S", 0.05)
    registry.upset = lambda request: httpx.Response(400, text="no") if request.method == "PUT" else None
    watched = prepare(one("Nijo"))
    summary = watched.run()
    assert (summary.missions, summary.unfinished) == ([], 1)
    assert len(watched.told(Kind.TROUBLE)) == 1
    assert "isn't handed in" in watched.told(Kind.TROUBLE)[0]
    assert registry.missions[1]["status"] == "RUNNING"

    registry.upset = lambda request: None
    mission = only(prepare(Recorder.resume(Path(summary.recorder))).run())
    assert mission.reports == len(registry.committed) == len(tables(registry, "ship_state"))
    assert registry.missions[1]["status"] == mission.status.value


def test_a_fault_in_an_errand_ends_the_fleet_and_is_not_hidden(registry: Any, prepare: Prepare) -> None:
    def upset(request: httpx.Request) -> httpx.Response | None:
        raise ZeroDivisionError("a fault of the program")

    registry.upset = upset
    with pytest.raises(ZeroDivisionError, match="a fault of the program"):
        prepare(one()).run()


def test_a_refused_registration_ends_the_fleet_with_its_sentence(registry: Any, prepare: Prepare) -> None:
    registry.upset = lambda request: httpx.Response(401, json={"detail": "This token is unknown."})
    with pytest.raises(Refused, match="This token is unknown"):
        prepare(one()).run()


def test_a_fleet_that_gives_up_leaves_no_mission_running(registry: Any, prepare: Prepare, received: Received) -> None:
    orders = Orders(seed=7, ships=10, report_freq_min=1, targets=("Maxima",), keep=True)
    watched = prepare(orders, speed=50, give_up=True)
    watched.stop_when = lambda event: event.kind is Kind.REPORT
    summary = watched.run()
    told = {event.at for event in watched.events}
    assert (max(told) - min(e.at for e in watched.events if e.kind is Kind.REPORT)).total_seconds() < FAREWELL_S
    assert (summary.unfinished, summary.interrupted, summary.recorder) == (0, True, None)
    assert {mission["status"] for mission in registry.missions.values()} == {"FAILURE"}
    sent = received(summary.totals.messages)
    for mission in summary.missions:
        last = sent[mission.mission_id][-1]
        assert (last.phase, last.mission_status, last.seq) == (Phase.LOST, MissionStatus.FAILURE, mission.last_seq)
        assert [m.seq for m in sent[mission.mission_id]] == list(range(mission.last_seq + 1))


def test_what_a_fleet_that_gives_up_cannot_tell_in_time_is_told_by_the_next(
    registry: Any, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "FAREWELL_S", 0.5)
    registry.upset = lambda request: httpx.Response(503) if request.url.path.endswith("/complete") else None
    watched = prepare(Orders(seed=7, ships=2, report_freq_min=1, targets=("Maxima",)), give_up=True)
    watched.stop_when = lambda event: event.kind is Kind.REPORT
    summary = watched.run()
    assert summary.unfinished == 2

    registry.upset = lambda request: None
    again = prepare(Recorder.resume(Path(summary.recorder))).run()
    assert again.totals.failure == 2
    assert {mission["status"] for mission in registry.missions.values()} == {"FAILURE"}


def test_an_interrupted_fleet_goes_on_as_if_nothing_had_happened(prepare: Prepare, received: Received) -> None:
    orders = Orders(seed=7, ships=5, report_freq_min=1, targets=("PNF-404", "Nijo"))
    undisturbed = prepare(orders).run()
    watched = prepare(orders, speed=200)
    stops = iter((20, 60, 100))
    missions = []
    while True:
        at = next(stops, None)
        if at is not None:
            threading.Timer(at / 200, watched.stop.set).start()
        summary = watched.run()
        missions += summary.missions
        if not summary.unfinished:
            break
        assert summary.interrupted
        watched = prepare(Recorder.resume(Path(summary.recorder)), speed=200)
    sent = received(undisturbed.totals.messages + sum(mission.last_seq + 1 for mission in missions))
    by_number = {mission.number: mission for mission in missions}
    assert len(by_number) == 5
    for mission in undisturbed.missions:
        twin = by_number[mission.number]
        assert (twin.status, twin.last_seq, twin.items) == (mission.status, mission.last_seq, mission.items)
        assert course(sent[twin.mission_id]) == course(sent[mission.mission_id])


def test_a_fleet_resumed_with_fewer_ships_brings_the_others_home_first(registry: Any, prepare: Prepare) -> None:
    watched = prepare(Orders(seed=7, ships=6, targets=("Nijo",), keep=True), speed=200)
    threading.Timer(0.3, watched.stop.set).start()
    folder = Path(watched.run().recorder)
    orders = Orders(seed=7, ships=2, targets=("Nijo",), keep=True)
    again = prepare(Recorder.resume(folder), plans=orders.plans(), give_up=True)
    again.stop_when = lambda event: len(again.told(Kind.COMPLETED)) >= 10
    again.run()
    later = {event.ship for event in again.events if event.kind is Kind.LAUNCHED}
    assert later == {"SS_DOLPHIN", "HOCOTATE_SHIP"}
    assert {mission["status"] for mission in registry.missions.values()} <= {"SUCCESS", "FAILURE"}


def test_a_flight_killed_before_its_first_turn_takes_off_once(
    registry: Any, prepare: Prepare, received: Received, tmp_path: Path
) -> None:
    recorder = begin(tmp_path / "killed", Orders.for_ship(one("Nijo")))
    registry.add(1, "ONION?!", "start 1")
    plan = one("Nijo")
    recorder.note(
        Boarded(plan.number, 0, 1, plan.ship, plan.captain, plan.target, plan.report_freq_min, False, "start 1", 0)
    )
    recorder.close()
    again = prepare(Recorder.resume(tmp_path / "killed"))
    mission = only(again.run())
    assert (mission.mission_id, len(registry.missions)) == ("1", 1)
    assert again.recorder.standing.flown == {0: 1}
    assert [m.seq for m in received(mission.last_seq + 1)["1"]] == list(range(mission.last_seq + 1))


def test_reports_of_a_mission_that_headquarters_has_lost_are_given_up(registry: Any, prepare: Prepare) -> None:
    def upset(request: httpx.Request) -> httpx.Response | None:
        registry.missions.pop(1, None) if "uploads" in request.url.path else None
        return None

    registry.upset = upset
    watched = prepare(one("Nijo"))
    summary = watched.run()
    assert (summary.unfinished, summary.recorder) == (0, None)
    assert "No such mission" in watched.told(Kind.TROUBLE)[0]


def test_headquarters_may_be_away_for_long_once_it_has_been_reached(registry: Any, prepare: Prepare) -> None:
    registrations = itertools.count()

    def upset(request: httpx.Request) -> httpx.Response | None:
        away = "bulk" in request.url.path and 1 <= next(registrations) <= 6
        return httpx.Response(503) if away else None

    registry.upset = upset
    orders = Orders(seed=7, ships=2, targets=("Nijo",))
    summary = prepare(orders, spread_s=0.2, registration_s=0.0, patience_s=60).run()
    assert summary.totals.missions == 2


def test_a_clock_that_is_set_back_neither_reorders_nor_stops_a_flight(prepare: Prepare, received: Received) -> None:
    began, ticks = time.time(), itertools.count()
    mission = only(prepare(one("Nijo"), clock=lambda: began - 3600 * (next(ticks) >= 20)).run())
    sent = received(mission.last_seq + 1)["1"]
    times = [message.timestamp for message in sent]
    assert [message.seq for message in sent] == list(range(mission.last_seq + 1))
    assert times == sorted(set(times))


def test_without_a_signal_messages_come_later_as_they_were(prepare: Prepare, received: Received) -> None:
    orders = Orders.for_ship(one("Nijo"), los=(30, 50))
    mission = only(prepare(orders).run())
    sent = received(mission.last_seq + 1)["1"]
    assert [message.seq for message in sent] == list(range(mission.last_seq + 1))
    times = [message.timestamp for message in sent]
    assert times == sorted(set(times))


def test_launches_are_spread(prepare: Prepare) -> None:
    watched = prepare(Orders(seed=7, ships=3, report_freq_min=1, targets=("Nijo",)), spread_s=0.2)
    watched.run()
    launched = [event.at for event in watched.events if event.kind is Kind.LAUNCHED]
    assert (launched[-1] - launched[0]).total_seconds() > 0.3


def course(messages: list[Any]) -> list[tuple[object, ...]]:
    """What a flight's messages say but for their time and mission, each seq once and in order."""
    said = {m.seq: (m.seq, m.phase, m.coord_x, m.coord_y, m.motor_temp_c, m.status, m.fuel_prc) for m in messages}
    return [said[seq] for seq in sorted(said)]

"""track and ship_minute on real servers, whatever comes late, twice, out of order or of version 1."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ships_client.contracts import ShipStatus, Telemetry, encode
from spark.columns import READINGS
from spark.tests.lakes import START_S, Lake, until
from stack.services.base import Context
from telemetry.upkeep import upkeep_order, upkeep_tasks, upkeep_wait
from tests.messages import invalid, message

pytestmark = pytest.mark.timeout(900)

MINUTE = timedelta(minutes=1)
NOW = datetime.now(UTC).replace(second=0, microsecond=0)


@pytest.fixture(scope="module")
def lake(backing: Context, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake of this module's own, with its application."""
    lake = Lake(backing, Path(tmp_path_factory.mktemp("derived")))
    lake.make()
    lake.start()
    yield lake
    lake.drop()


def test_each_seq_stands_once_and_each_minute_is_summed_up_although_the_jvm_is_killed(lake: Lake) -> None:
    dice = random.Random(7)
    now_and_then = flight(1, "SS_MOTH", NOW - 2 * MINUTE, 150, without={17, 18, 19, 58, 59, 60, 61}, dice=dice)
    shuffled = [*now_and_then, *dice.sample(now_and_then, 40)]
    dice.shuffle(shuffled)
    without_seq = [msgspec.structs.replace(m, seq=None, phase=None) for m in flight(2, "ONION?!", NOW, 70, dice=dice)]
    sent = [*shuffled, *without_seq, *without_seq[:5]]
    lake.send(*map(encode, sent), *invalid().values())
    until("the minutes are summed up", lambda: same_minutes(lake, sent))
    assert_track(lake, sent)

    lake.kill_jvm()
    closes_gaps = flight(1, "SS_MOTH", NOW - 2 * MINUTE, 150, only={18, 59, 60}, dice=dice)
    hours_late = flight(3, "SS_MOTH", NOW - timedelta(hours=3), 130, dice=dice)
    next_mission = flight(4, "SS_MOTH", NOW + timedelta(seconds=40), 60, dice=dice)
    later = [*closes_gaps, *hours_late, *dice.sample(now_and_then, 10), *next_mission]
    lake.send(*map(encode, later))
    lake.start()

    until("the minutes are summed up anew", lambda: same_minutes(lake, [*sent, *later]))
    assert_track(lake, [*sent, *later])
    first = next(row for row in lake.contents("ship_minute") if row["minute"] == NOW - 2 * MINUTE)
    assert (first["messages"], first["gaps"]) == (60 - len({17, 19, 58}), len({17, 19, 58}))


def test_sent_again_with_another_time_counts_once(lake: Lake) -> None:
    flown = flight(9, "GALAXIA", NOW, 20, dice=random.Random(9))
    again = [msgspec.structs.replace(m, timestamp=m.timestamp + timedelta(days=-2)) for m in flown]
    lake.send(*map(encode, flown))
    until("the first are in track", lambda: len(of_mission(lake, 9)) == 20)

    lake.send(*map(encode, again))
    until("the rest is in raw", lambda: len(lake.contents("raw")) >= len(of_mission(lake, 9)) + 20)
    marker = flight(10, "GALAXIA", NOW, 1, dice=random.Random(9))
    lake.send(*map(encode, marker))
    until("track has gone past them", lambda: of_mission(lake, 10))

    assert sorted(row["event_time"] for row in of_mission(lake, 9)) == [m.timestamp for m in flown]


def test_upkeep_that_is_asked_for_is_done_and_told(lake: Lake) -> None:
    until("all is derived", lambda: sum(r["messages"] for r in lake.contents("ship_minute")) == len(tracked(lake)))
    before = {name: sorted(map(str, lake.contents(name))) for name in ("raw", "track", "ship_minute", "dead_letters")}

    order = upkeep_order(lake.access())

    assert upkeep_wait(order, seconds=START_S, told=lambda: None, access=lake.access())
    tasks = upkeep_tasks(lake.access(), after_order=order)
    assert {("raw", "compaction"), ("track", "compaction"), ("dead_letters", "expiry")} <= {
        (task.table, task.task) for task in tasks
    }
    assert {name: sorted(map(str, lake.contents(name))) for name in before} == before


def flight(
    mission: int,
    ship: str,
    start: datetime,
    ticks: int,
    *,
    dice: random.Random,
    without: Collection[int] = (),
    only: set[int] | None = None,
) -> list[Telemetry]:
    """Messages of a flight, one a second, without those that were lost."""
    seqs = range(ticks) if only is None else sorted(only)
    return [
        msgspec.structs.replace(
            message(mission, seq, at=start + timedelta(seconds=seq)),
            ship_id=ship,
            coord_x=1e6 * seq,
            fuel_prc=100 - seq / 100,
            motor_temp_c=round(dice.uniform(80, 100), 2),
            status=ShipStatus.REPAIR if 20 <= seq < 25 else ShipStatus.OK,
        )
        for seq in seqs
        if seq not in without
    ]


def tracked(lake: Lake) -> list[dict[str, Any]]:
    """All rows of track."""
    return lake.contents("track")


def of_mission(lake: Lake, mission: int) -> list[dict[str, Any]]:
    """A mission's rows of track."""
    return [row for row in tracked(lake) if row["mission_id"] == mission]


def distinct(messages: Sequence[Telemetry]) -> list[Telemetry]:
    """One of each that was sent twice."""
    return list({(m.mission_id, m.seq, m.seq is None and m.timestamp): m for m in messages}.values())


def assert_track(lake: Lake, sent: Sequence[Telemetry]) -> None:
    """Each message stands once in track."""
    found = sorted((row["mission_id"], row["seq"] or 0, row["event_time"]) for row in lake.contents("track"))
    assert found == sorted((int(m.mission_id), m.seq or 0, m.timestamp) for m in distinct(sent))


def same_minutes(lake: Lake, sent: Sequence[Telemetry]) -> bool:
    """Whether ship_minute says what a plain computation says."""
    found = {(row["ship_id"], row["minute"]): row for row in lake.contents("ship_minute")}
    wanted = minutes_of(distinct(sent))
    return found.keys() == wanted.keys() and all(
        found[key][name] == (pytest.approx(value) if isinstance(value, float) else value)
        for key, row in wanted.items()
        for name, value in row.items()
    )


def minutes_of(messages: Sequence[Telemetry]) -> dict[tuple[str, datetime], dict[str, Any]]:
    """What ship_minute should hold, by ship and minute."""
    minutes: dict[tuple[str, datetime], list[Telemetry]] = defaultdict(list)
    for m in sorted(messages, key=lambda m: (m.timestamp, m.seq or 0)):
        minutes[m.ship_id, m.timestamp.replace(second=0, microsecond=0)].append(m)
    return {key: summed_up(rows, minutes.get((key[0], key[1] - MINUTE), [])) for key, rows in minutes.items()}


def summed_up(rows: Sequence[Telemetry], before: Sequence[Telemetry]) -> dict[str, Any]:
    """A ship's minute; `before` is what it said in the minute before."""
    gaps = 0
    for mission in {m.mission_id for m in rows}:
        seqs = sorted(m.seq for m in rows if m.mission_id == mission and m.seq is not None)
        earlier = [m.seq for m in before if m.mission_id == mission and m.seq is not None]
        chain = [max(earlier), *seqs] if earlier else seqs
        gaps += sum(later - former - 1 for former, later in pairwise(chain))
    expected: dict[str, Any] = {
        "mission_id": int(rows[-1].mission_id),
        "messages": len(rows),
        "gaps": gaps,
        "first_seq": rows[0].seq,
        "last_seq": rows[-1].seq,
        "first_time": rows[0].timestamp,
        "last_time": rows[-1].timestamp,
        "first_x": rows[0].coord_x,
        "last_x": rows[-1].coord_x,
        "repairs": sum(m.status is ShipStatus.REPAIR for m in rows),
        "failures": 0,
    }
    for reading, _ in READINGS:
        values = [getattr(m, reading) for m in rows]
        expected |= {f"{reading}_min": min(values), f"{reading}_max": max(values)}
        expected[f"{reading}_avg"] = sum(values) / len(values)
    return expected

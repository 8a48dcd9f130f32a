"""Fleets for tests of the replay, and two ways to see them: as the live radar does, and as the replay tells."""

import random
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from radar.records import CONDITIONS, FAULTS, OUTCOMES, PHASES, STATUSES, Seen, split, unpack
from radar.replay.rows import NO_SEQ, Rows
from radar.tests.factories import EPOCH, message, mission
from radar.tracks import Fleet, Mission, Track
from radar.wire import Event, Facts
from ships_client.contracts import Component, MissionStatus, Phase, ShipStatus, Telemetry


class Told(NamedTuple):
    """A window of the replay, decoded."""

    begin: int
    step: int
    until: int
    facts: list[Facts]
    moments: list[tuple[bytes, list[int]]]
    events: list[Event]


def decoded(answer: bytes) -> Told:
    """What a window's bytes say."""
    kind, *fields = msgspec.msgpack.decode(answer)
    assert kind == "replay"
    begin, step, until, facts, moments, events = fields
    return Told(
        begin,
        step,
        until,
        msgspec.convert(facts, list[Facts]),
        [(records, gone) for records, gone in moments],
        msgspec.convert(events, list[Event]),
    )


def shown(told: Told) -> list[dict[str, Seen]]:
    """By moment the ships that a page shows, as it takes the moments over one after the other."""
    names = {facts.slot: facts.ship for facts in told.facts}
    ships: dict[str, Seen] = {}
    found = []
    for number, (records, gone) in enumerate(told.moments):
        for slot in gone:
            assert ships[names[slot]].slot == slot, "only who is shown leaves"
            del ships[names[slot]]
        for slot, record in split(records):
            ships[names[slot]] = unpack(record, told.begin + number * told.step)
        found.append(dict(ships))
    return found


def live(messages: Iterable[Telemetry], known: Sequence[Mission], at: Sequence[int]) -> Iterator[dict[str, Track]]:
    """What the live radar showed at some moments (ms, in order), had it heard each message at its time."""
    fleet = Fleet()
    fleet.learn(replace(one, status=MissionStatus.RUNNING, ended=None) for one in known)
    ends: list[tuple[int, int, Mission | Telemetry]] = [(one.ended, 1, one) for one in known if one.ended is not None]
    heard = [(int(one.timestamp.timestamp() * 1000), 0, one) for one in messages]
    waiting = deque(sorted([*ends, *heard], key=lambda entry: entry[:2]))
    for moment in at:
        while waiting and waiting[0][0] <= moment:
            when, _kind, what = waiting.popleft()
            if isinstance(what, Mission):
                fleet.learn([what])
            else:
                fleet.apply(what, when)
        fleet.tick(moment)
        yield dict(fleet.tracks.values)


def rows_of(messages: Sequence[Telemetry]) -> Rows:
    """The rows of the lake of these messages."""

    def column(values: Iterable[Any], kind: type[np.generic]) -> Any:
        return np.array(list(values), kind)

    def reading(one: Telemetry) -> float:
        return getattr(one, one.malfunctioned_component) if one.malfunctioned_component else float("nan")

    return Rows(
        mission=column((int(one.mission_id) for one in messages), np.int64),
        seq=column((NO_SEQ if one.seq is None else one.seq for one in messages), np.int64),
        at=column((int(one.timestamp.timestamp() * 1000) for one in messages), np.int64),
        status=column((STATUSES.index(one.status) for one in messages), np.uint8),
        phase=column((PHASES.index(one.phase) for one in messages), np.uint8),
        condition=column((CONDITIONS.index(one.ship_condition) for one in messages), np.uint8),
        fault=column((FAULTS.index(one.malfunctioned_component) for one in messages), np.uint8),
        outcome=column((OUTCOMES.index(one.mission_status) for one in messages), np.uint8),
        place=np.array([(one.coord_x, one.coord_y, one.coord_z) for one in messages], np.float64).reshape(-1, 3),
        health=column((one.normalized_health_total for one in messages), np.float64),
        fuel=column((one.fuel_prc for one in messages), np.float64),
        reading=column(map(reading, messages), np.float64),
    )


def flight(
    of: Mission, *, begin: float, ticks: int, chance: random.Random, end: MissionStatus | None
) -> list[Telemetry]:
    """A message a second from `begin` (s after EPOCH) on, with repairs, phases, and gaps of up to 90 s among them."""
    made, repair, silent = [], 0, 0
    for seq in range(ticks):
        repair = repair - 1 if repair else (5 if chance.random() < 0.03 else 0)
        silent = silent - 1 if silent else (chance.choice([3, 9, 90]) if chance.random() < 0.01 else 0)
        phase = Phase.OUTBOUND if seq < ticks // 2 else Phase.ON_PLANET if seq < ticks // 2 + 10 else Phase.RETURNING
        last = seq == ticks - 1
        said = message(
            seq,
            of=of,
            at=EPOCH + timedelta(seconds=begin + seq + chance.choice([0, 0.25])),
            status=ShipStatus.REPAIR if repair else ShipStatus.OK,
            phase=phase,
            fault=Component.ENGINE if repair else None,
            outcome=end if last else None,
        )
        if last or not silent:
            made.append(said)
    return made


def fleet(seed: int) -> tuple[list[Telemetry], list[Mission]]:
    """Twelve ships around EPOCH: they come home, fail, are given up, fall silent, and fly again at once."""
    chance = random.Random(seed)
    messages: list[Telemetry] = []
    known: list[Mission] = []
    for number in range(12):
        own = mission(100 + number, f"SHIP_{number}")
        begin, ticks = chance.uniform(-400, 100), chance.randrange(60, 500)
        end = chance.choice([MissionStatus.SUCCESS, MissionStatus.FAILURE, None, None])
        flown = flight(own, begin=begin, ticks=ticks, chance=chance, end=end)
        messages += flown
        last = int(flown[-1].timestamp.timestamp() * 1000)
        given_up = end is None and chance.random() < 0.5
        if end is not None or given_up:
            outcome = end or MissionStatus.FAILURE
            own = replace(own, status=outcome, ended=last + (20_000 if given_up else 700))
        known.append(own)
        if own.status is MissionStatus.SUCCESS and chance.random() < 0.7:
            again = mission(200 + number, own.ship)
            begin = flown[-1].timestamp.timestamp() - EPOCH.timestamp() + chance.uniform(5, 40)
            messages += flight(again, begin=begin, ticks=120, chance=chance, end=None)
            known.append(again)
    return messages, known

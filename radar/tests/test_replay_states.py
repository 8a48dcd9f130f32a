"""The replay shows at each moment what the live radar showed then."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radar.records import OUTCOMES, pack, unpack
from radar.replay.asked import Window
from radar.replay.columns import Columns, pack_columns
from radar.replay.flights import flights
from radar.replay.states import facts, moments, named, steps_until
from radar.replay.told import told
from radar.tests.factories import EPOCH_MS, message, mission, ms
from radar.tests.replays import Told, fleet, flight, live, rows_of, shown
from radar.tracks import Fleet, Mission
from ships_client.contracts import Component, MissionStatus, Phase, ShipStatus, Telemetry


def replayed(messages: Sequence[Telemetry], known: Sequence[Mission], window: Window, until: int | None = None) -> Told:
    reach = window.end if until is None else until
    heard = [one for one in messages if one.timestamp.timestamp() * 1000 <= window.end]
    by_number = named(known)
    flown = flights(rows_of(heard), by_number, reach)
    count = steps_until(window, reach)
    return Told(
        window.begin,
        window.step,
        reach,
        facts(flown, by_number),
        [(moment.records, moment.gone) for moment in moments(flown, by_number, window, count)],
        told(flown, by_number, window.begin - 60_000, reach),
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), begin=st.integers(-200, 900), step=st.sampled_from([1, 2, 4, 10]))
def test_each_moment_is_what_the_live_radar_showed(seed: int, begin: int, step: int) -> None:
    messages, known = fleet(seed)
    window = Window.of(ms(begin), 20 * step, step)

    found = shown(replayed(messages, known, window))

    assert len(found) == 21
    at = [window.begin + number * window.step for number in range(21)]
    for moment, ships, tracks in zip(at, found, live(messages, known, at), strict=True):
        assert ships.keys() == tracks.keys()
        for name, track in tracks.items():
            assert ships[name]._replace(slot=0) == unpack(pack(0, track), moment)


def test_messages_that_came_twice_or_of_unknown_missions_change_nothing() -> None:
    messages, known = fleet(3)
    chance = random.Random(1)
    strangers = flight(mission(999, "STRANGER"), begin=0, ticks=60, chance=chance, end=None)
    window = Window.of(ms(0), 60, 2)

    more = [*messages, *strangers, *chance.sample(messages, len(messages) // 3)]
    chance.shuffle(more)

    assert replayed(more, known, window) == replayed(messages, known, window)


def test_events_are_told_as_the_live_radar_told_them() -> None:
    own = mission()
    other = mission(1446, "SS_MOTH")
    messages = [
        message(0, of=own),
        message(1, of=own, status=ShipStatus.REPAIR, fault=Component.ENGINE),
        message(2, of=own, status=ShipStatus.REPAIR, fault=Component.ENGINE),
        message(3, of=own),
        message(4, of=own, phase=Phase.ON_PLANET),
        message(5, of=own, phase=Phase.RETURNING),
        message(6, of=own, phase=Phase.LOST, outcome=MissionStatus.FAILURE),
        *(message(seq, of=other) for seq in range(8)),
    ]
    fleet = Fleet()
    fleet.learn([own, other])
    for one in sorted(messages, key=lambda one: (one.timestamp, one.mission_id)):
        fleet.apply(one, int(one.timestamp.timestamp() * 1000))

    found = replayed(messages, [own, other], Window.of(EPOCH_MS, 20, 1)).events

    expected = [(event.at, event.ship, event.kind, event.text) for _number, event in fleet.events]
    assert [(event.at, event.ship, event.kind, event.text) for event in found] == expected
    assert [event.id for event in found] == sorted({event.id for event in found})


def test_the_moments_end_where_the_record_does() -> None:
    messages, known = fleet(5)
    window = Window.of(ms(0), 60, 1)

    assert len(replayed(messages, known, window, until=ms(10.5)).moments) == 11
    assert len(replayed(messages, known, window, until=ms(-1)).moments) == 0
    assert steps_until(window, window.end + 5_000) == 61


def test_names_tell_the_pace_and_the_end() -> None:
    own = mission()
    messages = [message(tick, of=own) for tick in range(10)]
    flown = flights(rows_of(messages), named([own]), ms(100))

    (told_of,) = facts(flown, named([own]))

    assert (told_of.ship, told_of.mission, told_of.captain, told_of.target) == (
        own.ship,
        own.mission_id,
        "Olimar",
        "Koppai",
    )
    assert told_of.pace == 1.0
    assert told_of.ended is None


def test_an_empty_record_has_empty_moments() -> None:
    found = replayed([], [mission()], Window.of(EPOCH_MS, 5, 1))

    assert found.facts == []
    assert found.moments == [(b"", [])] * 6


@pytest.mark.parametrize("count", [0, 1, 5])
def test_many_records_are_packed_as_each_by_itself(count: int) -> None:
    messages, known = fleet(8)
    tracks = list(next(live(messages, known, [ms(30)])).values())[:count]
    rows = rows_of([track.last for track in tracks])

    packed = pack_columns(
        Columns(
            slot=rows.seq + 70_000,
            status=rows.status,
            phase=rows.phase,
            condition=rows.condition,
            fault=rows.fault,
            repair=np.array([track.repair_ticks for track in tracks], np.int64),
            outcome=np.array([OUTCOMES.index(track.outcome) for track in tracks], np.uint8),
            place=rows.place,
            seen=rows.at,
            health=rows.health,
            fuel=rows.fuel,
        )
    )

    assert packed == b"".join(pack(70_000 + (track.last.seq or 0), track) for track in tracks)

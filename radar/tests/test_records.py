"""A ship in 22 bytes: what is read again is what was written, to the precision that is promised."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from radar.records import FURTHEST, KM, SIZE, pack, split, unpack
from radar.tests.factories import EPOCH_MS, message, mission
from radar.tracks import Pace, Track
from ships_client.contracts import Component, Condition, MissionStatus, Phase, ShipStatus, Telemetry

GOLDEN = Path(__file__).parents[1] / "frontend" / "tests" / "records.json"
"""Records that the page's own reader is tested with; `made` is EPOCH_MS."""


def track(last: Telemetry, *, seen: int = EPOCH_MS, repair: int = 0, outcome: MissionStatus | None = None) -> Track:
    pace = Pace(1.0, None, 0)
    return Track(mission(), last, at=seen, seen=seen, pace=pace, repair_ticks=repair, outcome=outcome)


@given(
    slot=st.integers(0, 2**24 - 1),
    place=st.tuples(*[st.floats(-8e9, 8e9)] * 3),
    ago=st.integers(-3_600_000, 40 * 86_400_000),
    health=st.floats(0, 1),
    fuel=st.floats(0, 100),
    status=st.sampled_from(ShipStatus),
    phase=st.sampled_from([None, *Phase]),
    condition=st.sampled_from(Condition),
    fault=st.sampled_from([None, *Component]),
    repair=st.integers(0, 7),
    outcome=st.sampled_from([None, MissionStatus.SUCCESS, MissionStatus.FAILURE]),
)
def test_a_record_tells_what_was_packed(slot: int, place: Any, ago: int, **state: Any) -> None:
    x, y, z = place
    last = replace(
        message(),
        coord_x=x,
        coord_y=y,
        coord_z=z,
        normalized_health_total=state["health"],
        fuel_prc=state["fuel"],
        status=state["status"],
        phase=state["phase"],
        ship_condition=state["condition"],
        malfunctioned_component=state["fault"],
    )
    packed = pack(slot, track(last, seen=EPOCH_MS - ago, repair=state["repair"], outcome=state["outcome"]))
    seen = unpack(packed, made=EPOCH_MS)

    assert len(packed) == SIZE
    assert list(split(packed * 2)) == [(slot, packed)] * 2
    assert (seen.slot, seen.status, seen.phase, seen.condition) == (
        slot,
        state["status"],
        state["phase"],
        state["condition"],
    )
    assert (seen.fault, seen.repair, seen.outcome) == (state["fault"], state["repair"], state["outcome"])
    assert all(abs(got - given) <= KM / 2 for got, given in zip((seen.x, seen.y, seen.z), place, strict=True))
    assert 0 <= EPOCH_MS - ago - seen.seen < 10
    assert seen.health == pytest.approx(state["health"], abs=5.1e-5)
    assert seen.fuel == pytest.approx(state["fuel"], abs=5.1e-3)


def test_a_ship_beyond_the_edge_of_what_can_be_told_is_shown_at_the_edge() -> None:
    packed = pack(0, track(replace(message(), coord_x=1e12, coord_y=-1e12)))
    seen = unpack(packed, made=EPOCH_MS)

    assert (seen.x, seen.y) == (FURTHEST * KM, -FURTHEST * KM)


def test_the_page_is_tested_with_records_of_this_release() -> None:
    ships = [
        track(message(7)),
        track(
            message(30, status=ShipStatus.REPAIR, fault=Component.ENGINE, phase=Phase.RETURNING),
            seen=EPOCH_MS - 90_000,
            repair=4,
        ),
        track(message(99, phase=Phase.LOST, status=ShipStatus.FAILURE), outcome=MissionStatus.FAILURE),
    ]
    expected = []
    for slot, ship in enumerate(ships, start=70_000):
        packed = pack(slot, ship)
        expected.append({"hex": packed.hex(), **unpack(packed, EPOCH_MS)._asdict()})

    assert json.loads(GOLDEN.read_text()) == {"made": EPOCH_MS, "records": json.loads(json.dumps(expected))}

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from ships_client.client.messages import callsign, encode_turn
from ships_client.contracts import (
    PLANETS,
    TARGETS,
    HealthScores,
    InvalidMessage,
    Reason,
    Telemetry,
    decode,
    encode,
)
from ships_client.sim import Frame
from ships_client.sim.instruments import OUTCOMES
from ships_client.sim.rules import COMPONENTS, CONDITIONS, NONE, PHASES, STATUSES

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ROWS = 5
SHIPS = ("SS_MOTH", "ONION?!", 'The "Quoted" \\ one', "Öñîon 🚀", "S" * 64)
CALLSIGNS = np.array([callsign(str(10**row), ship) for row, ship in enumerate(SHIPS)])
PLANET_COORDS = sorted({c for name in TARGETS for c in (PLANETS[name].x, PLANETS[name].y, PLANETS[name].z)})
MOMENTS = st.integers(0, 4_000_000_000_000_000)


def decimals(low: float, high: float, places: int) -> st.SearchStrategy[float]:
    """What instruments show: decimals; and now and then any float within the bounds, and the bounds themselves."""
    scale = 10**places
    rounded = st.integers(round(low * scale), round(high * scale)).map(lambda k: k / scale)
    return rounded | rounded | st.sampled_from([low, high]) | st.floats(low, high)


def column(values: st.SearchStrategy[float], *width: int) -> st.SearchStrategy[NDArray[np.float64]]:
    return arrays(np.float64, (ROWS, *width), elements=values, fill=st.nothing())


def codes(words: tuple[object, ...], least: int = 0) -> st.SearchStrategy[NDArray[np.int64]]:
    return arrays(np.int64, ROWS, elements=st.integers(least, len(words) - 1), fill=st.nothing())


READINGS = st.tuples(
    column(decimals(-50, 400, 3)),
    column(decimals(0, 2000, 3)),
    column(decimals(0, 3000, 3)),
    column(decimals(-200, 0, 3)),
).map(np.column_stack)
frames = st.builds(
    Frame,
    seq=arrays(np.int64, ROWS, elements=st.integers(0, 10_000) | st.integers(0, 2**53 - 1), fill=st.nothing()),
    coords=column(decimals(-1e10, 1e10, 0) | st.sampled_from([-0.0, *PLANET_COORDS]), 3),
    fuel=column(decimals(0, 100, 2)),
    readings=READINGS,
    distance=column(decimals(0, 2e10, 1)),
    phase=codes(PHASES),
    status=codes(STATUSES),
    component=codes(COMPONENTS, NONE),
    health=column(decimals(0, 1, 4), 4),
    total=column(decimals(0, 1, 4)),
    condition=codes(CONDITIONS),
    outcome=codes(OUTCOMES, NONE),
)


def message(frame: Frame, row: int, timestamp_us: int) -> Telemetry:
    return Telemetry(
        timestamp=EPOCH + timedelta(microseconds=timestamp_us),
        mission_id=str(10**row),
        ship_id=SHIPS[row],
        coord_x=float(frame.coords[row, 0]),
        coord_y=float(frame.coords[row, 1]),
        coord_z=float(frame.coords[row, 2]),
        fuel_prc=float(frame.fuel[row]),
        motor_temp_c=float(frame.readings[row, 0]),
        engine_pressure_kpa=float(frame.readings[row, 1]),
        power_core_temp_c=float(frame.readings[row, 2]),
        navigation_signal_db=float(frame.readings[row, 3]),
        distance_from_hocotate_km=float(frame.distance[row]),
        status=STATUSES[frame.status[row]],
        malfunctioned_component=None if frame.component[row] == NONE else COMPONENTS[frame.component[row]],
        health_scores=HealthScores(*frame.health[row].tolist()),
        normalized_health_total=float(frame.total[row]),
        ship_condition=CONDITIONS[frame.condition[row]],
        mission_status=None if frame.outcome[row] == NONE else OUTCOMES[frame.outcome[row]],
        seq=int(frame.seq[row]),
        phase=PHASES[frame.phase[row]],
    )


def healthy() -> Frame:
    return Frame(
        seq=np.arange(ROWS),
        coords=np.zeros((ROWS, 3)),
        fuel=np.full(ROWS, 99.5),
        readings=np.tile([90.0, 325.0, 600.0, -70.0], (ROWS, 1)),
        distance=np.zeros(ROWS),
        phase=np.zeros(ROWS, dtype=np.int64),
        status=np.zeros(ROWS, dtype=np.int64),
        component=np.full(ROWS, NONE),
        health=np.ones((ROWS, 4)),
        total=np.ones(ROWS),
        condition=np.zeros(ROWS, dtype=np.int64),
        outcome=np.full(ROWS, NONE),
    )


@given(frames, MOMENTS)
def test_a_turn_is_encoded_byte_for_byte_as_the_contract_encodes_each_message(frame: Frame, now: int) -> None:
    raw, refused = encode_turn(frame, CALLSIGNS, now)
    assert raw == [encode(message(frame, row, now)) for row in range(ROWS)]
    assert not refused


@given(frames, st.lists(MOMENTS, min_size=ROWS, max_size=ROWS))
def test_each_row_may_have_a_time_of_its_own(frame: Frame, moments: list[int]) -> None:
    raw, refused = encode_turn(frame, CALLSIGNS, moments)
    assert raw == [encode(message(frame, row, now)) for row, now in enumerate(moments)]
    assert not refused


@pytest.mark.parametrize(
    ("name", "cell", "value", "reason", "field"),
    [
        ("fuel", 2, 100.01, Reason.OUT_OF_RANGE, "fuel_prc"),
        ("fuel", 2, -0.01, Reason.OUT_OF_RANGE, "fuel_prc"),
        ("readings", (2, 3), 1.5, Reason.OUT_OF_RANGE, "navigation_signal_db"),
        ("coords", (2, 1), 1e300, Reason.OUT_OF_RANGE, "coord_y"),
        ("coords", (2, 0), np.nan, Reason.NOT_FINITE, "coord_x"),
        ("distance", 2, np.inf, Reason.NOT_FINITE, "distance_from_hocotate_km"),
        ("health", (2, 2), np.nan, Reason.NOT_FINITE, "health_scores.core"),
        ("total", 2, 1.0001, Reason.OUT_OF_RANGE, "normalized_health_total"),
        ("seq", 2, -1, Reason.OUT_OF_RANGE, "seq"),
        ("phase", 2, len(PHASES), Reason.UNKNOWN_VALUE, "phase"),
        ("component", 2, len(COMPONENTS), Reason.UNKNOWN_VALUE, "malfunctioned_component"),
        ("status", 2, -2, Reason.UNKNOWN_VALUE, "status"),
        ("condition", 2, NONE, Reason.WRONG_TYPE, "ship_condition"),
    ],
)
def test_a_row_that_breaks_the_contract_is_refused_with_the_reason_and_the_others_are_not(
    name: str, cell: int | tuple[int, int], value: float, reason: Reason, field: str
) -> None:
    sound, frame = healthy(), healthy()
    getattr(frame, name)[cell] = value
    raw, refused = encode_turn(frame, CALLSIGNS, 0)
    assert [(row, error.reason, error.field) for row, error in refused.items()] == [(2, reason, field)]
    expected, _ = encode_turn(sound, CALLSIGNS, 0)
    assert raw == [*expected[:2], b"", *expected[3:]]


def test_every_message_is_within_the_contract() -> None:
    raw, _ = encode_turn(healthy(), CALLSIGNS, 1_700_000_000_000_000)
    received = EPOCH + timedelta(microseconds=1_700_000_000_000_000)
    assert [decode(text, received).ship_id for text in raw] == list(SHIPS)


@pytest.mark.parametrize(("mission_id", "ship_id"), [("x", "SS_MOTH"), ("1", ""), ("1", "S" * 65), ("1", "a\nb")])
def test_names_that_break_the_contract_have_no_callsign(mission_id: str, ship_id: str) -> None:
    with pytest.raises(InvalidMessage):
        callsign(mission_id, ship_id)

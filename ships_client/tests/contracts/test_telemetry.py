import json
import pickle
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ships_client.contracts import (
    Component,
    Condition,
    HealthScores,
    InvalidMessage,
    MissionStatus,
    Phase,
    Reason,
    ShipStatus,
    Telemetry,
    decode,
    encode,
    examples,
)
from ships_client.contracts.telemetry import FURTHEST_AHEAD, LARGEST_MESSAGE, OLDEST

RECEIVED = examples.RECEIVED
V2 = json.loads(examples.valid()["v2"])


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


ship_ids = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in (*range(32), 127)]),
    min_size=1,
    max_size=64,
)
messages = st.builds(
    Telemetry,
    timestamp=st.datetimes(
        (RECEIVED - OLDEST).replace(tzinfo=None),
        (RECEIVED + FURTHEST_AHEAD).replace(tzinfo=None),
        timezones=st.just(UTC),
    ),
    mission_id=st.from_regex(r"[0-9]{1,18}", fullmatch=True).filter(str.isascii),
    ship_id=ship_ids,
    coord_x=numbers(-1e10, 1e10),
    coord_y=numbers(-1e10, 1e10),
    coord_z=numbers(-1e10, 1e10),
    fuel_prc=numbers(0, 100),
    motor_temp_c=numbers(-50, 400),
    engine_pressure_kpa=numbers(0, 2000),
    power_core_temp_c=numbers(0, 3000),
    navigation_signal_db=numbers(-200, 0),
    distance_from_hocotate_km=numbers(0, 2e10),
    status=st.sampled_from(ShipStatus),
    malfunctioned_component=st.none() | st.sampled_from(Component),
    health_scores=st.builds(HealthScores, *[numbers(0, 1)] * 4),
    normalized_health_total=numbers(0, 1),
    ship_condition=st.sampled_from(Condition),
    mission_status=st.sampled_from([None, MissionStatus.SUCCESS, MissionStatus.FAILURE]),
    seq=st.none() | st.integers(0, 2**53 - 1),
    phase=st.none() | st.sampled_from(Phase),
)


def verdict(raw: bytes | None, received: datetime = RECEIVED) -> InvalidMessage:
    with pytest.raises(InvalidMessage) as caught:
        decode(raw, received)
    return caught.value


def changed(**fields: object) -> bytes:
    return json.dumps({**V2, **fields}).encode()


@given(messages)
def test_what_is_encoded_is_decoded_as_it_was(message: Telemetry) -> None:
    assert decode(encode(message), RECEIVED) == message


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_invalid_and_raise_nothing_else(raw: bytes) -> None:
    verdict(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(V2)) | st.text(max_size=10), json_values, max_size=4))
def test_a_message_with_arbitrary_fields_is_decoded_or_invalid(fields: dict[str, object]) -> None:
    shown = ""
    try:
        decode(changed(**fields), RECEIVED)
    except InvalidMessage as invalid:
        shown = f"{invalid} {invalid.field}"
    assert shown.isprintable()


@pytest.mark.parametrize("name", sorted(examples.valid()))
def test_golden_valid_messages_are_taken(name: str) -> None:
    message = decode(examples.valid()[name], RECEIVED)
    assert message.timestamp.tzinfo is UTC
    assert (message.seq is not None) == name.startswith("v2")


def test_there_is_a_golden_invalid_message_for_each_reason() -> None:
    assert set(examples.invalid()) == set(Reason)


@pytest.mark.parametrize("reason", list(Reason))
def test_golden_invalid_messages_are_refused_with_their_reason(reason: Reason) -> None:
    assert verdict(examples.invalid()[reason]).reason is reason


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"fuel_prc": 100.5}, Reason.OUT_OF_RANGE, "fuel_prc"),
        ({"fuel_prc": -0.1}, Reason.OUT_OF_RANGE, "fuel_prc"),
        ({"coord_x": 1.1e10}, Reason.OUT_OF_RANGE, "coord_x"),
        ({"coord_x": 10**300}, Reason.OUT_OF_RANGE, "coord_x"),
        ({"motor_temp_c": 401}, Reason.OUT_OF_RANGE, "motor_temp_c"),
        ({"seq": -1}, Reason.OUT_OF_RANGE, "seq"),
        ({"seq": 2**70}, Reason.OUT_OF_RANGE, "seq"),
        ({"seq": 1.5}, Reason.WRONG_TYPE, "seq"),
        ({"ship_id": ""}, Reason.OUT_OF_RANGE, "ship_id"),
        ({"ship_id": "S" * 65}, Reason.OUT_OF_RANGE, "ship_id"),
        ({"ship_id": "SS_\x00"}, Reason.WRONG_TYPE, "ship_id"),
        ({"ship_id": "SS_MOTH\n"}, Reason.WRONG_TYPE, "ship_id"),
        ({"mission_id": 41}, Reason.WRONG_TYPE, "mission_id"),
        ({"mission_id": "forty-one"}, Reason.WRONG_TYPE, "mission_id"),
        ({"mission_id": "9" * 19}, Reason.WRONG_TYPE, "mission_id"),
        ({"mission_id": "41\n"}, Reason.WRONG_TYPE, "mission_id"),
        ({"timestamp": "yesterday"}, Reason.WRONG_TYPE, "timestamp"),
        ({"timestamp": "2026-11-25T08:30:17"}, Reason.WRONG_TYPE, "timestamp"),
        ({"timestamp": 1764059417}, Reason.WRONG_TYPE, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+10:00"}, Reason.TOO_OLD, "timestamp"),
        ({"timestamp": "9999-12-31T23:59:59-10:00"}, Reason.TOO_FAR_AHEAD, "timestamp"),
        ({"fuel_prc": None}, Reason.WRONG_TYPE, "fuel_prc"),
        ({"fuel_prc": True}, Reason.WRONG_TYPE, "fuel_prc"),
        ({"status": "ok"}, Reason.UNKNOWN_VALUE, "status"),
        ({"malfunctioned_component": "warp_core"}, Reason.UNKNOWN_VALUE, "malfunctioned_component"),
        ({"phase": "LANDED"}, Reason.UNKNOWN_VALUE, "phase"),
        ({"mission_status": "RUNNING"}, Reason.UNKNOWN_VALUE, "mission_status"),
        ({"health_scores": []}, Reason.WRONG_TYPE, "health_scores"),
        ({"health_scores": {}}, Reason.MISSING_FIELD, "health_scores.motor"),
        ({"health_scores": {**V2["health_scores"], "fuel": 1.1}}, Reason.OUT_OF_RANGE, "health_scores.fuel"),
        ({"health_scores": {**V2["health_scores"], "hull": 1}}, Reason.UNKNOWN_FIELD, "health_scores.hull"),
        (
            {"health_scores": {**V2["health_scores"], "core": float("inf")}},
            Reason.NOT_FINITE,
            "health_scores.core",
        ),
        ({"coord_y": float("nan")}, Reason.NOT_FINITE, "coord_y"),
        ({"coord_y": float("-inf")}, Reason.NOT_FINITE, "coord_y"),
        ({"warp": 9}, Reason.UNKNOWN_FIELD, "warp"),
        ({"a`b - at `$.c`\x00": 9}, Reason.UNKNOWN_FIELD, "a`b"),
    ],
    ids=str,
)
def test_a_broken_field_is_named_with_its_reason(fields: dict[str, object], reason: Reason, field: str) -> None:
    invalid = verdict(changed(**fields))
    assert invalid.reason is reason
    assert (invalid.field or "").startswith(field)


@pytest.mark.parametrize("name", [name for name in V2 if name not in ("seq", "phase")])
def test_each_required_field_is_missed_by_name(name: str) -> None:
    invalid = verdict(json.dumps({key: value for key, value in V2.items() if key != name}).encode())
    assert (invalid.reason, invalid.field) == (Reason.MISSING_FIELD, name)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, Reason.EMPTY),
        (b"", Reason.EMPTY),
        (b" \n ", Reason.EMPTY),
        (b"{", Reason.MALFORMED_JSON),
        (b"not json", Reason.MALFORMED_JSON),
        (b"\xff\xfe", Reason.MALFORMED_JSON),
        (b'{"ship_id":"\xff"}', Reason.MALFORMED_JSON),
        (b"NaN", Reason.NOT_FINITE),
        (b"[]", Reason.WRONG_TYPE),
        (b"null", Reason.WRONG_TYPE),
        (b'{"coord_x":1e400}', Reason.NOT_FINITE),
        (b'{"coord_x":' * 5000, Reason.WRONG_TYPE),
        (b"{" + b'"x":{' * 5000, Reason.UNKNOWN_FIELD),
        (b"[" * LARGEST_MESSAGE, Reason.WRONG_TYPE),
        (b"x" * (LARGEST_MESSAGE + 1), Reason.TOO_LARGE),
    ],
    ids=range(15),
)
def test_what_is_no_message_at_all_has_a_reason(raw: bytes | None, reason: Reason) -> None:
    assert verdict(raw).reason is reason


def test_time_limits_are_taken_from_the_arrival() -> None:
    sent = datetime.fromisoformat(V2["timestamp"])
    raw = changed()
    assert decode(raw, sent - FURTHEST_AHEAD).seq == V2["seq"]
    assert decode(raw, sent + OLDEST).seq == V2["seq"]
    moment = timedelta(microseconds=1)
    assert verdict(raw, sent - FURTHEST_AHEAD - moment).reason is Reason.TOO_FAR_AHEAD
    assert verdict(raw, sent + OLDEST + moment).reason is Reason.TOO_OLD


def test_other_time_zones_are_taken_and_turned_into_utc() -> None:
    message = decode(changed(timestamp="2026-11-25T09:30:17.25+01:00"), RECEIVED)
    assert message.timestamp == datetime(2026, 11, 25, 8, 30, 17, 250000, tzinfo=timezone(timedelta(0)))
    assert message.timestamp.tzinfo is UTC


def test_absent_optional_fields_are_left_out() -> None:
    message = msgspec.structs.replace(decode(changed(), RECEIVED), seq=None, phase=None)
    assert not {"seq", "phase", "mission_status"} & set(json.loads(encode(message)))


def test_an_invalid_message_survives_pickling() -> None:
    invalid = verdict(changed(fuel_prc=140))
    copy = pickle.loads(pickle.dumps(invalid))  # noqa: S301 - our own bytes
    assert (copy.reason, copy.field, str(copy)) == (Reason.OUT_OF_RANGE, "fuel_prc", str(invalid))

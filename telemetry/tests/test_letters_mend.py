"""Mends of messages, and what they look like: pure, so without a server."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ships_client.contracts import Reason, decode
from telemetry.letters.errors import FilterInvalid, MendInvalid, Unmendable
from telemetry.letters.filters import Filters, literal, time_read
from telemetry.letters.letter import Letter, Place, place_read
from telemetry.letters.mend import mend_read
from telemetry.letters.show import letter_text, shortened
from telemetry.letters.trial import Failing, Passing, tried
from tests.messages import invalid, valid

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
PLACE = Place("telemetry.raw", 3, 1017)


def letter(reason: Reason, *, contract: str | None = "telemetry/2", key: bytes | None = None) -> Letter:
    """The letter of a message that is refused for `reason` when it arrives at NOW."""
    raw = invalid(NOW)[reason]
    trial = tried(Letter(PLACE, "", None, "", contract, NOW, raw, key), mend_read(), NOW)
    assert isinstance(trial, Failing)
    return Letter(PLACE, trial.reason, trial.field, trial.detail, contract, NOW, raw, key)


@pytest.mark.parametrize(
    ("reason", "options"),
    [
        (Reason.NOT_FINITE, {"sets": ["motor_temp_c=90.25"]}),
        (Reason.MISSING_FIELD, {"sets": ["fuel_prc=99.5"]}),
        (Reason.WRONG_TYPE, {"sets": ["coord_x=1.5e7"]}),
        (Reason.UNKNOWN_FIELD, {"drops": ["pikmin"]}),
        (Reason.UNKNOWN_VALUE, {"sets": ["status=OK"]}),
        (Reason.OUT_OF_RANGE, {"sets": ["fuel_prc=99.5"]}),
        (Reason.TOO_FAR_AHEAD, {"sets": [f"timestamp={NOW.isoformat()}"]}),
        (Reason.TOO_OLD, {"sets": [f"timestamp={NOW.isoformat()}"]}),
        (Reason.EMPTY, {"whole": valid(at=NOW)}),
        (Reason.TOO_LARGE, {"whole": valid(at=NOW)}),
        (Reason.MALFORMED_JSON, {"whole": valid(at=NOW)}),
    ],
)
def test_a_letter_of_every_reason_can_be_mended(reason: Reason, options: dict[str, object]) -> None:
    refused = letter(reason)
    assert isinstance(tried(refused, mend_read(), NOW), Failing)

    passing = tried(refused, mend_read(**options), NOW)  # type: ignore[arg-type]

    assert isinstance(passing, Passing)
    assert decode(passing.value, NOW) == decode(valid(at=NOW), NOW)
    assert (passing.key, passing.contract) == (b"ONION?!", b"telemetry/2")


def test_a_field_under_another_name_is_renamed_and_may_be_set_after_it() -> None:
    raw = valid(at=NOW).replace(b'"fuel_prc"', b'"fuel"')
    misnamed = Letter(PLACE, "unknown_field", "fuel", "", None, NOW, raw, b"KEY")

    passing = tried(misnamed, mend_read(renames=["fuel=fuel_prc"], sets=["health_scores.motor=0.5"]), NOW)

    assert isinstance(passing, Passing)
    assert (passing.message.fuel_prc, passing.message.health_scores.motor) == (99.5, 0.5)
    assert passing.key == b"KEY"


def test_an_unmended_letter_keeps_its_bytes_and_the_contract_that_its_producer_named() -> None:
    raw = json.dumps(json.loads(valid(at=NOW)), indent=4).encode()
    passing = tried(Letter(PLACE, "too_far_ahead", "timestamp", "", "telemetry/1", NOW, raw, None), mend_read(), NOW)

    assert isinstance(passing, Passing)
    assert (passing.value, passing.contract) == (raw, b"telemetry/1")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"sets": ["fuel_prc"]}, r"'fuel_prc' is not of the form FIELD=VALUE"),
        ({"sets": ["pikmin=3"]}, r"no field 'pikmin'; they have timestamp, mission_id"),
        ({"sets": ["fuel_prc=101"]}, r"fuel_prc can't be '101': Expected `float` <= 100.0"),
        ({"sets": ["status=SLEEPY"]}, r"status can't be 'SLEEPY'"),
        ({"renames": ["fuel=petrol"]}, r"no field 'petrol'"),
        ({"whole": b"{}", "drops": ["pikmin"]}, r"taken as it is"),
    ],
)
def test_a_mend_that_no_message_can_take_is_refused(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(MendInvalid, match=sentence):
        mend_read(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", [b"", None, b"\xff", b"[1]", b'{"a": '])
def test_fields_of_what_is_no_json_object_can_t_be_changed(raw: bytes | None) -> None:
    with pytest.raises(Unmendable, match="--from-file"):
        mend_read(drops=["pikmin"]).apply(raw)


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.floats() | st.text(), st.lists, max_leaves=5)))
def test_a_drop_takes_away_its_field_and_nothing_else(message: dict[str, object]) -> None:
    raw = json.dumps(message | {"pikmin": 1}).encode()

    left = json.loads(mend_read(drops=["pikmin", "health_scores.louie"]).apply(raw))

    assert json.dumps(left, sort_keys=True) == json.dumps(
        {name: value for name, value in message.items() if name != "pikmin"}, sort_keys=True
    )


def test_a_fault_has_its_mark_under_the_field() -> None:
    lines = letter_text(letter(Reason.OUT_OF_RANGE), "").splitlines()

    fault = next(number for number, line in enumerate(lines) if '"fuel_prc": 101' in line)
    assert lines[fault + 1] == "  ^ out_of_range: Expected `float` <= 100.0"
    assert "place     telemetry.raw-3-1017" in lines


@pytest.mark.parametrize(
    ("raw", "detail", "shown"),
    [
        (b'{"a" 1}', "JSON is malformed: expected ':' (byte 5)", ['{"a" 1}', "     ^ JSON is malformed"]),
        (b'{"a": "\x1b[2J', "Input data was truncated", ['{"a": "\\x1b[2J', "              ^ Input data"]),
        (b"\xff\xfe", "invalid", ["\\xff\\xfe", "^ invalid"]),
    ],
)
def test_a_fault_in_what_is_no_json_has_its_mark_at_the_byte(raw: bytes, detail: str, shown: list[str]) -> None:
    lines = letter_text(Letter(PLACE, "malformed_json", None, detail, None, NOW, raw, None), "").splitlines()

    assert lines[-2] == shown[0]
    assert lines[-1].startswith(shown[1])


@given(st.binary())
def test_no_message_can_move_the_cursor_of_a_terminal(raw: bytes) -> None:
    shown = letter_text(Letter(PLACE, "wrong_type", "a", "x", None, NOW, raw, raw), "") + shortened(raw)

    assert shown.replace("\n", "").isprintable()


@pytest.mark.parametrize("text", ["3-1017", "telemetry.raw-3-1017", " 3-1017 "])
def test_a_place_is_read(text: str) -> None:
    assert place_read(text, "telemetry.raw") == PLACE


@pytest.mark.parametrize("text", ["3", "3:1017", "-3-1", "x", "3-99999999999999999999"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(FilterInvalid, match="PARTITION-OFFSET"):
        place_read(text, "telemetry.raw")


def test_times_are_ages_or_iso_8601() -> None:
    assert time_read("90m", NOW) == NOW - dt.timedelta(minutes=90)
    assert time_read("2026-11-25T08:30", NOW) == dt.datetime(2026, 11, 25, 8, 30, tzinfo=dt.UTC)
    with pytest.raises(FilterInvalid, match="'yesterday' is no time"):
        time_read("yesterday", NOW)


@given(st.text())
def test_text_in_a_condition_is_one_literal(text: str) -> None:
    inner = literal(text)[1:-1]
    assert "'" not in inner.replace("''", "")
    assert inner.replace("''", "'") == text
    assert Filters(ship=text).condition().endswith(f" = {literal(text)}")

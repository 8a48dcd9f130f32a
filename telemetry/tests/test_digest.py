"""A batch of telemetry boiled down, without any server."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions.services import Progress
from ships_client.contracts import Phase, Reason, encode
from telemetry.dead_letters import LARGEST_RAW, DeadLetter, Record
from telemetry.digest import digest
from tests.messages import invalid, message

NOW = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)


def record(value: bytes | None, offset: int = 0) -> Record:
    """A message as the broker keeps it."""
    return Record(value=value, received=NOW, topic="telemetry.raw", partition=3, offset=offset)


def test_the_newest_of_each_mission_is_kept() -> None:
    later = NOW + dt.timedelta(seconds=1)
    batch = [
        encode(message(7, 5, at=later, phase=Phase.ON_PLANET)),
        encode(message(7, 4, at=NOW)),
        encode(message(8, None, at=NOW, phase=None)),
    ]

    found = digest(record(value) for value in batch)

    assert found.invalid == []
    assert found.progress == [
        Progress(mission_id=7, phase=Phase.ON_PLANET, last_seq=5, last_message_at=later),
        Progress(mission_id=8, phase=None, last_seq=None, last_message_at=NOW),
    ]


@pytest.mark.parametrize("reason", list(Reason))
def test_an_invalid_message_becomes_a_dead_letter_with_its_reason_and_bytes(reason: Reason) -> None:
    raw = invalid(NOW)[reason]

    (letter,) = digest([record(raw, offset=41)]).invalid

    assert letter.key() == b"telemetry.raw-3-41"
    value = json.loads(letter.value())
    assert (value["reason"], value["topic"], value["partition"], value["offset"]) == (
        reason.value,
        "telemetry.raw",
        3,
        41,
    )
    assert base64.b64decode(value["raw"]) == raw
    assert value["size"] == len(raw)


def test_a_tombstone_is_a_dead_letter_too() -> None:
    (letter,) = digest([record(None)]).invalid

    assert (letter.error.reason, json.loads(letter.value())["raw"]) == (Reason.EMPTY, "")


def test_a_huge_message_is_cut_to_what_the_broker_takes() -> None:
    (letter,) = digest([record(b"x" * 1_000_000)]).invalid

    assert len(letter.value()) < 1_000_000
    value = json.loads(letter.value())
    assert (value["size"], len(base64.b64decode(value["raw"]))) == (1_000_000, LARGEST_RAW)


@given(st.lists(st.one_of(st.none(), st.binary(max_size=200), st.builds(str.encode, st.text()))))
def test_whatever_comes_is_counted_once_and_can_be_buried(values: list[bytes | None]) -> None:
    found = digest(record(value, offset) for offset, value in enumerate(values))

    assert [letter.record.offset for letter in found.invalid] == list(range(len(values)))
    assert all(json.loads(DeadLetter.value(letter))["reason"] for letter in found.invalid)


@given(st.permutations(range(8)))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    batch = [encode(message(7, seq, at=NOW - dt.timedelta(seconds=8 - seq))) for seq in order]

    (progress,) = digest(record(value) for value in batch).progress

    assert (progress.last_seq, progress.last_message_at) == (7, NOW - dt.timedelta(seconds=1))

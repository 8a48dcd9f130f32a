import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ships_client.recorder.records import Kind, as_turn, pack, pack_turn, read, turn_bytes, unpack_turn
from ships_client.sim.rows import ROW


@st.composite
def turns(draw):
    numbers = sorted(draw(st.sets(st.integers(0, 2**63 - 1), max_size=20)))
    content = draw(st.binary(min_size=len(numbers) * ROW.itemsize, max_size=len(numbers) * ROW.itemsize))
    return as_turn(
        draw(st.integers(0, 2**64 - 1)),
        draw(st.integers(-(2**63), 2**63 - 1)),
        np.array(numbers, dtype=np.int64),
        np.frombuffer(content, dtype=ROW),
    )


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records") / "scratch"


def read_back(scratch: Path, content: bytes):
    scratch.write_bytes(content)
    fd = os.open(scratch, os.O_RDONLY)
    try:
        return read(fd, 0, len(content))
    finally:
        os.close(fd)


@given(turn=turns(), synced=st.integers(0, 2**40))
def test_a_turn_is_read_as_it_was_written(scratch: Path, turn, synced: int) -> None:
    content = b"".join(pack(Kind.TURN, pack_turn(turn), synced))
    assert len(content) == turn_bytes(len(turn.numbers))
    record = read_back(scratch, content)
    again = unpack_turn(record.payload)
    assert (record.kind, record.synced, record.end) == (Kind.TURN, synced, len(content))
    assert (again.number, again.timestamp_us) == (turn.number, turn.timestamp_us)
    assert again.numbers.tobytes() == turn.numbers.tobytes()
    assert again.rows.tobytes() == turn.rows.tobytes()


@given(payload=st.binary(max_size=40), data=st.data())
def test_a_record_with_any_bit_changed_isnt_read(scratch: Path, payload: bytes, data: st.DataObject) -> None:
    content = bytearray(b"".join(pack(Kind.NOTE, [payload], 5)))
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert read_back(scratch, bytes(content)) is None


def test_a_turn_takes_a_row_for_each_number_and_the_numbers_ascending() -> None:
    rows = np.zeros(2, dtype=ROW)
    for numbers in ([1], [2, 1], [1, 1], [1, 2, 3]):
        with pytest.raises(ValueError, match="ascending"):
            as_turn(0, 0, np.array(numbers), rows)

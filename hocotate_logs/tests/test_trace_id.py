"""A message's id."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocotate_logs.trace_id import MOST, message_of, trace_id


@given(st.integers(1, MOST), st.integers(0, MOST))
def test_an_id_leads_back_to_its_message(mission: int, seq: int) -> None:
    text = trace_id(mission, seq)

    assert re.fullmatch("[0-9a-f]{32}", text)
    assert message_of(text.upper()) == (mission, seq)


@pytest.mark.parametrize(("mission", "seq"), [(0, 0), (1, -1), (MOST + 1, 0), (1, MOST + 1)])
def test_numbers_that_no_message_has_are_refused(mission: int, seq: int) -> None:
    with pytest.raises(ValueError, match="No message has mission"):
        trace_id(mission, seq)


@pytest.mark.parametrize("text", ["", "12", "g" * 32, "0" * 32, "f" * 32, "0" * 33])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no trace id|No message has"):
        message_of(text)

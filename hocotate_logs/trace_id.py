"""The one id of a message, on its whole way: worked out of its mission and number, so that nothing has to carry it.

It has the size of W3C's trace-id (Trace Context, level 1: 16 bytes as 32 lower-case hexadecimal digits, not all zero):
16 digits for the mission and 16 for `seq`. Both stand in the message, in the lake's row and in the radar's state, so
each part writes the same id, and an id leads back to its message. Missions are numbered from 1.
"""

from __future__ import annotations

import re
from typing import Final

_TRACE_ID: Final = re.compile(r"([0-9a-f]{16})([0-9a-f]{16})")
MOST: Final = 2**63 - 1
"""The largest mission and seq that the lake and the registry can hold."""


def trace_id(mission: int, seq: int) -> str:
    """The id of message `seq` of a mission.

    Raises:
        ValueError: no message has such numbers.
    """
    if not (1 <= mission <= MOST and 0 <= seq <= MOST):
        raise ValueError(f"No message has mission {mission} and seq {seq}; missions count from 1, seq from 0.")
    return f"{mission:016x}{seq:016x}"


def message_of(text: str) -> tuple[int, int]:
    """Mission and seq behind an id.

    Raises:
        ValueError: the text is no id of a message.
    """
    found = _TRACE_ID.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r} is no trace id; it has 32 hexadecimal digits.")
    mission, seq = int(found[1], 16), int(found[2], 16)
    trace_id(mission, seq)
    return mission, seq

"""Why a message is not where it might be, in sentences. Pure but for the numbers that it is given."""

from __future__ import annotations

import datetime as dt
from typing import Any

from missions.models import Mission

from .step import Asked, Found
from .tail import MOST_READ, Copy, Tail


def moment_of(ms: int) -> dt.datetime:
    """A moment in ms since 1970."""
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC)


def behind(copy: Copy, committed: int) -> str:
    """The message is in Kafka and not in the lake."""
    further = copy.offset - committed
    if further < 0:
        return (
            f"The lake has committed partition {copy.partition} beyond it, and holds neither a row nor a letter: "
            "retention may have taken it out; `manage.py audit` tells."
        )
    return (
        f"The lake has committed partition {copy.partition} up to offset {committed}; this one is {further:,} further. "
        "It commits every LAKE_TRIGGER_SECONDS (5)."
    )


def nowhere(
    asked: Asked, mission: Mission | None, tail: Tail | None
) -> tuple[Found, dt.datetime | None, dict[str, Any], str]:
    """The message is neither in the lake nor in what Kafka has beyond it."""
    if tail is not None and not tail.whole:
        said = f"The lake is {tail.behind:,} messages behind, and only the newest {MOST_READ:,} were looked through."
        return Found.UNKNOWN, None, {}, said
    if mission is None:
        return Found.ABSENT, None, {}, "Neither Kafka nor the lake has a message of such a mission with this seq."
    last, final = mission.last_seq, mission.final_seq
    if final is not None and asked.seq > final:
        return Found.ABSENT, None, {}, f"There is no such message: the ship ended with seq {final}."
    if last is None or asked.seq > last:
        newest = "none yet" if last is None else f"seq {last}"
        if mission.is_running:
            said = f"It has not come: the newest of the mission is {newest}. The ship keeps it until Kafka takes it."
            return Found.NOT_YET, None, {}, said
        return Found.ABSENT, None, {}, f"It never came: the mission ended, and its newest message is {newest}."
    said = (
        f"It is missing, though seq {last} has come: the ship sends it again, or it is lost. `manage.py audit` tells."
    )
    return (Found.NOT_YET if mission.is_running else Found.ABSENT), None, {}, said

"""How the platform is, in sentences, and what to do: the page's banner, and all troubles. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from telemetry.models import PartState

from .parts import PARTS
from .selectors import Status
from .words import age

STALE_S: Final = 150.0
"""Two minutes without a sample, and what a sample may take."""


@dataclass(frozen=True)
class Verdict:
    """The gravest of what is known: its tone (good, warn, bad), the mark, the fact, the remedy; and how many more
    there are."""

    tone: str
    mark: str
    fact: str
    remedy: str = ""
    more: int = 0


def verdict(status: Status, now: dt.datetime) -> Verdict:
    """The banner's words: the gravest trouble, and how many more there are; else that all is well."""
    if found := troubles(status, now):
        return replace(found[0], more=len(found) - 1)
    held = "" if status.audit is None else ", and every invariant that was measured holds"
    return Verdict("good", "healthy", f"All parts that are started are healthy{held}.")


def troubles(status: Status, now: dt.datetime) -> list[Verdict]:
    """What is down, then what is broken, then what is degraded; where nothing is measured, only that."""
    if status.asked_at is None:
        return [Verdict("warn", "degraded", "Nothing is measured yet.", "A worker asks each part once a minute.")]
    silent = (now - status.asked_at).total_seconds()
    if silent > STALE_S:
        fact = f"Nothing has been measured for {age(silent)}."
        return [Verdict("bad", "down", fact, "Worker or scheduler stand still: `make status` tells which.")]
    return [*_parts(status, PartState.DOWN), *_broken(status), *_parts(status, PartState.DEGRADED)]


def _parts(status: Status, state: PartState) -> list[Verdict]:
    down = state is PartState.DOWN
    return [
        Verdict(
            "bad" if down else "warn",
            state.value,
            f"{part.title} is {state.value}.",
            status.newest[name].said,
        )
        for name, part in PARTS.items()
        if name in status.newest and status.newest[name].state == state
    ]


def _broken(status: Status) -> list[Verdict]:
    if status.audit is None:
        return []
    rows = [row for row in status.audit.rows if row["ok"] is False]
    return [
        Verdict("bad", "down", f"An invariant is broken: {row['name']}.", row["broken"][0] if row["broken"] else "")
        for row in rows
    ]

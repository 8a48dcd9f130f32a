"""What telemetry in the lake tells of each mission's phases and outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from ships_client.contracts import Phase
from telemetry.lake import LakeEmpty, Limits, query

AUDIT: Final = Limits(rows=1_000_000, seconds=120, memory_mb=1024)

_PHASES: Final = (
    "SELECT mission_id, phase, min(seq), max(seq) FROM telemetry.raw"
    " WHERE seq IS NOT NULL AND phase IS NOT NULL GROUP BY ALL"
)
_OUTCOMES: Final = "SELECT DISTINCT mission_id, mission_status FROM telemetry.raw WHERE mission_status IS NOT NULL"


@dataclass
class Flight:
    """One mission as its telemetry tells it: first and last seq of each phase, and the outcomes told."""

    phases: dict[Phase, tuple[int, int]] = field(default_factory=dict)
    outcomes: set[str] = field(default_factory=set)

    def out_of_order(self) -> str | None:
        """The first phase that begins before an earlier one ended, if any does."""
        told = [phase for phase in Phase if phase in self.phases]
        for earlier, later in pairwise(told):
            began, ended = self.phases[later][0], self.phases[earlier][1]
            if began <= ended or (earlier, later) == (Phase.HOME, Phase.LOST):
                return f"told {later.value} at seq {began}, and {earlier.value} at {ended}"
        return None


def flights() -> dict[int, Flight]:
    """All missions in the lake by number; none while the lake is empty.

    Raises:
        LakeQueryError: the lake does not answer.
    """
    found: dict[int, Flight] = {}
    try:
        for mission, phase, first, last in query(_PHASES, limits=AUDIT).rows:
            found.setdefault(mission, Flight()).phases[Phase(phase)] = (first, last)
        for mission, outcome in query(_OUTCOMES, limits=AUDIT).rows:
            found.setdefault(mission, Flight()).outcomes.add(outcome)
    except LakeEmpty:
        return {}
    return found

"""Invariant 5: a mission moves only along its states, and ended stays ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from missions import selectors
from missions.models import Mission
from ships_client.contracts import MissionStatus, Phase

from .finding import Finding, sentences
from .flights import Flight

NAME: Final = "missions move along their states only"
PAGE: Final = 1000
ALLOWED: Final = {
    MissionStatus.RUNNING: {None, *Phase},
    MissionStatus.SUCCESS: {None, *Phase} - {Phase.LOST},
    MissionStatus.FAILURE: {Phase.LOST, Phase.HOME},
}
"""Phases a mission may show by its status. A success may show an earlier phase than HOME: some ships tell none."""


def missions() -> Iterator[Mission]:
    """Every mission, newest first."""
    after: int | None = None
    while True:
        page = selectors.missions_page(limit=PAGE, after=after)
        yield from page.missions
        if not page.older or not page.missions:
            return
        after = page.missions[-1].mission_id


def registry(all_missions: Sequence[Mission], told: Mapping[int, Flight]) -> Finding:
    """Status, phase and times of every mission, alone and against what its telemetry `told`."""
    found = Finding(5, NAME)
    counted = dict.fromkeys(MissionStatus, 0)
    for mission in all_missions:
        status = MissionStatus(mission.status)
        counted[status] += 1
        found.broken += _contradictions(mission, status, told.get(mission.mission_id, Flight()))
    found.figures = {status.value.lower(): count for status, count in counted.items()}
    found.figures["compared with telemetry"] = len({m.mission_id for m in all_missions} & set(told))
    found.broken = sentences(found.broken)
    return found.judged()


def _contradictions(mission: Mission, status: MissionStatus, told: Flight) -> Iterator[str]:
    name = f"Mission {mission.mission_id} ({status.value})"
    phase = Phase(mission.phase) if mission.phase else None
    if phase not in ALLOWED[status]:
        yield f"{name} shows phase {mission.phase}."
    if (mission.finished_at is None) != (status is MissionStatus.RUNNING):
        yield f"{name} has {mission.finished_at} as its end."
    if mission.finished_at is not None and mission.finished_at < mission.started_at:
        yield f"{name} ended at {mission.finished_at}, before it began at {mission.started_at}."
    if len(told.outcomes) > 1 or (
        told.outcomes and status is not MissionStatus.RUNNING and told.outcomes != {status.value}
    ):
        yield f"{name} told {' and '.join(sorted(told.outcomes))} in its telemetry."
    if disorder := told.out_of_order():
        yield f"{name} {disorder}."

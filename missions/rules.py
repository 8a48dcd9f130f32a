"""What a mission may be and how it may move. Pure: no database, no clock."""

from typing import Final

from missions.exceptions import InvalidMission, MissionEnded
from ships_client.contracts import HOME, TARGETS, MissionStatus, Phase

PHASE_ORDER: Final = tuple(Phase)
"""Phases only move rightwards here; LOST may follow any but HOME."""
LONGEST_NAME: Final = 64
"""Characters; the telemetry contract's limit of a ship's name."""
LONGEST_INTERVAL_MIN: Final = 1440
"""A captain reports once a day at least."""
LONGEST_KEY: Final = 200
"""Characters of an Idempotency-Key."""


def check_name(field: str, value: str) -> None:
    """Refuse a name that telemetry could not carry.

    Raises:
        InvalidMission: empty, blank at an end, longer than LONGEST_NAME, or with control characters.
    """
    if not value.strip():
        raise InvalidMission(f"{field} is empty; give 1 to {LONGEST_NAME} characters.")
    if len(value) > LONGEST_NAME:
        raise InvalidMission(f"{field} has {len(value)} characters; give at most {LONGEST_NAME}.")
    if not value.isprintable() or value != value.strip():
        raise InvalidMission(f"{field} {value!r} holds control characters or blanks at an end; leave them out.")


def check_target(target: str) -> None:
    """Refuse a target that ships do not fly to.

    Raises:
        InvalidMission: no planet, or the home planet.
    """
    if target == HOME:
        raise InvalidMission(f"{HOME} is where missions start; choose one of {', '.join(TARGETS)}.")
    if target not in TARGETS:
        raise InvalidMission(f"There is no planet {target[:LONGEST_NAME]!r}; choose one of {', '.join(TARGETS)}.")


def check_interval(minutes: int) -> None:
    """Refuse a reporting interval outside 1 to LONGEST_INTERVAL_MIN minutes.

    Raises:
        InvalidMission: it is.
    """
    if not 1 <= minutes <= LONGEST_INTERVAL_MIN:
        raise InvalidMission(f"report_freq_min is {_short(minutes)}; give minutes from 1 to {LONGEST_INTERVAL_MIN}.")


def check_key(key: str) -> None:
    """Refuse an Idempotency-Key that cannot be kept.

    Raises:
        InvalidMission: empty, longer than LONGEST_KEY, or with control characters.
    """
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise InvalidMission(f"The Idempotency-Key has {len(key)} characters; give 1 to {LONGEST_KEY} printable ones.")


def end(mission_id: int, status: MissionStatus, outcome: MissionStatus) -> MissionStatus:
    """The status after `outcome` is reported: RUNNING moves to SUCCESS or FAILURE, once.

    Raises:
        InvalidMission: the outcome is RUNNING.
        MissionEnded: the mission is not running.
    """
    if outcome is MissionStatus.RUNNING:
        raise InvalidMission("A mission ends with SUCCESS or FAILURE, not with RUNNING.")
    if status is not MissionStatus.RUNNING:
        raise MissionEnded(f"Mission {mission_id} already ended with {status}; its outcome stays.", status)
    return outcome


def furthest(phase: Phase | None, reported: Phase | None) -> Phase | None:
    """The phase after `reported` came in: never back, and from HOME nowhere."""
    if phase is None or reported is None:
        return reported or phase
    if phase is Phase.HOME:
        return phase
    return max(phase, reported, key=PHASE_ORDER.index)


def phase_at_end(phase: Phase | None, outcome: MissionStatus) -> Phase | None:
    """The phase of a mission that ended: a failed one is LOST unless its ship is home."""
    return furthest(phase, Phase.LOST) if outcome is MissionStatus.FAILURE else phase


def _short(number: int) -> str:
    return str(number) if abs(number) < 10**12 else "beyond all bounds"

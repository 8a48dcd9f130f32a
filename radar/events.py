"""What is worth telling: events from one track of a ship to the next, and from its silence. Pure."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from radar.honesty import LIVE_MS
from ships_client.contracts import Component, MissionStatus, Phase, ShipStatus

MANY = 5
"""More ships than this that fall silent at one moment are told in one sentence."""

_READINGS = {
    Component.MOTOR: ("motor temperature", "motor_temp_c", "°C", 1),
    Component.ENGINE: ("engine pressure", "engine_pressure_kpa", "kPa", 0),
    Component.CORE: ("power core temperature", "power_core_temp_c", "°C", 0),
    Component.NAVIGATION: ("navigation signal", "navigation_signal_db", "dB", 1),
}


class Told(NamedTuple):
    """An event before it has a number: what, when (ms), of which ship, in words after the ship's name."""

    kind: str
    at: int
    ship: str | None
    mission: int | None
    text: str


class Said(Protocol):
    """What of a message makes an event; a message of the contract is one, and beside these has the readings."""

    @property
    def ship_id(self) -> str: ...
    @property
    def mission_id(self) -> str: ...
    @property
    def seq(self) -> int | None: ...
    @property
    def status(self) -> ShipStatus: ...
    @property
    def phase(self) -> Phase | None: ...
    @property
    def malfunctioned_component(self) -> Component | None: ...
    @property
    def mission_status(self) -> MissionStatus | None: ...


def between(before: Said | None, after: Said, *, at: int, target: str, repair_s: float) -> Iterator[Told]:
    """Events of one message, given the one before it in the same mission (None: its first)."""

    def told(kind: str, text: str) -> Told:
        return Told(kind, at, after.ship_id, int(after.mission_id), text)

    was_repairing = before is not None and before.status is ShipStatus.REPAIR
    if before is None and after.seq == 0:
        yield told("started", f"left for {target}, mission {after.mission_id}")
    if after.status is ShipStatus.REPAIR and not was_repairing:
        yield told("repair", f"stopped for repair{_fault(after)}")
    if was_repairing and after.status is ShipStatus.OK:
        yield told("mended", f"resumed, mended after {repair_s:.0f} s")
    if before is not None and after.phase is not before.phase:
        if after.phase is Phase.ON_PLANET:
            yield told("reached", f"reached {target}")
        elif after.phase is Phase.RETURNING:
            yield told("returning", f"left {target} for Hocotate")
    if after.mission_status is MissionStatus.SUCCESS:
        yield told("home", f"ended mission {after.mission_id} well")
    elif after.mission_status is MissionStatus.FAILURE:
        way = "home" if before is not None and before.phase is Phase.RETURNING else f"to {target}"
        yield told("failure", f"lost on the way {way}; mission {after.mission_id} failed")


def fell_late(ships: list[tuple[str, int]], *, at: int) -> Iterator[Told]:
    """Ships (name, mission) that went past the limit of live at the same moment."""
    if len(ships) > MANY:
        yield Told("late", at, None, None, f"{len(ships)} ships are late, no message for {LIVE_MS // 1000} s")
        return
    for ship, mission in ships:
        yield Told("late", at, ship, mission, f"is late, no message for {LIVE_MS // 1000} s")


def fell_silent(ships: list[tuple[str, int, float]], *, at: int) -> Iterator[Told]:
    """Ships (name, mission, km from Hocotate) whose signal is lost from this moment."""
    if len(ships) > MANY:
        yield Told("lost", at, None, None, f"{len(ships)} ships lost signal")
        return
    for ship, mission, distance in ships:
        yield Told("lost", at, ship, mission, f"lost signal {millions(distance)} from Hocotate")


def came_back(ships: list[tuple[str, int, float]], *, at: int) -> Iterator[Told]:
    """Ships (name, mission, seconds of silence) that were late or lost and are live again."""
    if len(ships) > MANY:
        longest = max(silent_s for _ship, _mission, silent_s in ships)
        yield Told("back", at, None, None, f"{len(ships)} ships are back after up to {longest:.0f} s")
        return
    for ship, mission, silent_s in ships:
        yield Told("back", at, ship, mission, f"is back after {silent_s:.0f} s without a message")


def ended_by_registry(ship: str, mission: int, outcome: str, *, at: int) -> Told:
    """A mission that headquarters ended before the ship's own last message came."""
    if outcome == MissionStatus.SUCCESS:
        return Told("home", at, ship, mission, f"ended mission {mission} well")
    return Told("failure", at, ship, mission, f"is lost; mission {mission} failed")


def millions(km: float) -> str:
    """A distance as people read it: 706 M km."""
    return f"{km / 1e6:,.0f} M km"


def _fault(message: Said) -> str:
    if message.malfunctioned_component is None:
        return ""
    name, field, unit, digits = _READINGS[message.malfunctioned_component]
    value = f"{getattr(message, field):.{digits}f}".replace("-", "\N{MINUS SIGN}")
    return f": {name} {value} {unit}"

"""A ship on the map in 22 bytes: where it is, how it is, and when it was seen. Pure.

Little endian: slot (3), flags (2), x, y, z (3 each, signed, in 1,000 km), seen (4, in 10 ms), health (2, in 1/10,000)
and fuel (2, in 1/100 %). docs/contracts.md says what each means; radar/frontend/src/records.ts reads them.
"""

from collections.abc import Iterator
from enum import StrEnum
from struct import Struct as Layout
from typing import Final, NamedTuple

from radar.tracks import Track
from ships_client.contracts import Component, Condition, MissionStatus, Phase, ShipStatus

SIZE: Final = 22
KM: Final = 1_000
SEEN_MS: Final = 10
"""`seen` counts up to 497 days and begins again; a ship is forgotten long before that can mislead."""
SEEN_MASK: Final = 0xFFFFFFFF
HEALTH: Final = 10_000
FUEL: Final = 100
MOST_REPAIR: Final = 7
FURTHEST: Final = 2**23 - 1

STATUSES: Final = (ShipStatus.OK, ShipStatus.REPAIR, ShipStatus.FAILURE)
PHASES: Final = (None, *Phase)
CONDITIONS: Final = tuple(Condition)
FAULTS: Final = (None, *Component)
OUTCOMES: Final = (None, MissionStatus.SUCCESS, MissionStatus.FAILURE)

_STATUS: Final = {value: bits for bits, value in enumerate(STATUSES)}
_PHASE: Final = {value: bits << 2 for bits, value in enumerate(PHASES)}
_CONDITION: Final = {value: bits << 5 for bits, value in enumerate(CONDITIONS)}
_FAULT: Final = {value: bits << 8 for bits, value in enumerate(FAULTS)}
_OUTCOME: Final = {value: bits << 14 for bits, value in enumerate(OUTCOMES)}
_tail: Final = Layout("<IHH")


def pack(slot: int, track: Track) -> bytes:
    """The record of a ship. Its slot is below 2**24."""
    last = track.last
    flags = (
        _STATUS[last.status]
        | _PHASE[last.phase]
        | _CONDITION[last.ship_condition]
        | _FAULT[last.malfunctioned_component]
        | min(track.repair_ticks, MOST_REPAIR) << 11
        | _OUTCOME[track.outcome]
    )
    place = b"".join(_thousands(km) for km in (last.coord_x, last.coord_y, last.coord_z))
    seen = track.seen // SEEN_MS & SEEN_MASK
    tail = _tail.pack(seen, round(last.normalized_health_total * HEALTH), round(last.fuel_prc * FUEL))
    return slot.to_bytes(3, "little") + flags.to_bytes(2, "little") + place + tail


def _thousands(km: float) -> bytes:
    return max(-FURTHEST, min(round(km / KM), FURTHEST)).to_bytes(3, "little", signed=True)


def split(records: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a frame, each with its slot."""
    for start in range(0, len(records), SIZE):
        record = records[start : start + SIZE]
        yield int.from_bytes(record[:3], "little"), record


class Seen(NamedTuple):
    """A record read again: places in km, `seen` in ms since 1970, `health` 0..1, `fuel` in %."""

    slot: int
    status: StrEnum
    phase: StrEnum | None
    condition: StrEnum
    fault: StrEnum | None
    repair: int
    outcome: StrEnum | None
    x: int
    y: int
    z: int
    seen: int
    health: float
    fuel: float


def unpack(record: bytes, made: int) -> Seen:
    """Read a record of a frame that was made at `made` (ms since 1970)."""
    flags = int.from_bytes(record[3:5], "little")
    x, y, z = (int.from_bytes(record[at : at + 3], "little", signed=True) * KM for at in (5, 8, 11))
    seen, health, fuel = _tail.unpack_from(record, 14)
    now = made // SEEN_MS
    ago = (now - seen + 2**31 & SEEN_MASK) - 2**31
    return Seen(
        slot=int.from_bytes(record[:3], "little"),
        status=STATUSES[flags & 3],
        phase=PHASES[flags >> 2 & 7],
        condition=CONDITIONS[flags >> 5 & 7],
        fault=FAULTS[flags >> 8 & 7],
        repair=flags >> 11 & 7,
        outcome=OUTCOMES[flags >> 14 & 3],
        x=x,
        y=y,
        z=z,
        seen=(now - ago) * SEEN_MS,
        health=health / HEALTH,
        fuel=fuel / FUEL,
    )

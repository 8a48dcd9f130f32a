"""Records of many ships at once, from columns. Pure."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from radar.records import FUEL, FURTHEST, HEALTH, KM, MOST_REPAIR, SEEN_MASK, SEEN_MS

_COLUMNS: Final = np.dtype(
    [
        ("slot", "u1", 3),
        ("flags", "<u2"),
        ("place", "u1", (3, 3)),
        ("seen", "<u4"),
        ("health", "<u2"),
        ("fuel", "<u2"),
    ]
)
"""The layout of radar.records."""


class Columns(NamedTuple):
    """What `n` records tell, as columns: flags by their places in STATUSES and so on, places in km (n, 3), `seen` in
    ms since 1970, `health` 0..1, `fuel` in %."""

    slot: NDArray[np.int64]
    status: NDArray[np.uint8]
    phase: NDArray[np.uint8]
    condition: NDArray[np.uint8]
    fault: NDArray[np.uint8]
    repair: NDArray[np.int64]
    outcome: NDArray[np.uint8]
    place: NDArray[np.float64]
    seen: NDArray[np.int64]
    health: NDArray[np.float64]
    fuel: NDArray[np.float64]


def pack_columns(told: Columns) -> bytes:
    """The records of many ships, one after the other; each as `pack` makes it."""
    packed = np.empty(len(told.slot), _COLUMNS)
    packed["slot"] = _low_bytes(told.slot)
    packed["flags"] = (
        told.status.astype(np.uint16)
        | told.phase.astype(np.uint16) << 2
        | told.condition.astype(np.uint16) << 5
        | told.fault.astype(np.uint16) << 8
        | np.minimum(told.repair, MOST_REPAIR).astype(np.uint16) << 11
        | told.outcome.astype(np.uint16) << 14
    )
    packed["place"] = _low_bytes(np.clip(np.rint(told.place / KM), -FURTHEST, FURTHEST).astype(np.int64))
    packed["seen"] = told.seen // SEEN_MS & SEEN_MASK
    packed["health"] = np.rint(told.health * HEALTH)
    packed["fuel"] = np.rint(told.fuel * FUEL)
    return packed.tobytes()


def _low_bytes(whole: NDArray[np.int64]) -> NDArray[Any]:
    """The lowest three bytes of each number, in a new last axis."""
    return whole.astype("<i8")[..., np.newaxis].view("u1")[..., :3]

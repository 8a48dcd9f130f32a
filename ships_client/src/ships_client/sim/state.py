"""State of many ships as arrays, one row a ship; it never changes in place.

Arrays of several columns are kept column after column (Fortran order), which makes steps over a whole fleet five times
as fast as row after row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from ships_client.contracts.world import Planet
from ships_client.sim import rules

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
"""Codes and counters are as short as they can be, which leaves the processor's caches to the numbers."""
Flags = NDArray[np.bool_]
Keys = NDArray[np.uint64]

_TICK_BYTES: Final = 800
"""About what a ship's arrays take in a tick: draws, states and instruments, old and new."""
_MOST_KEPT_BYTES: Final = 30 << 20
"""glibc learns nothing from blocks of 32 MiB and more."""


@dataclass(frozen=True, slots=True)
class FleetState:
    """Ships in flight or done; n rows. Codes are those of rules."""

    tick: Ints
    """Ticks flown, which is also the seq of the message that tells this state."""
    position: Floats
    """(n, 3) km from Hocotate."""
    target: Floats
    """(n, 3) km."""
    one_way: Flags
    """Whether the mission ends on the planet."""
    key: Keys
    """Of its own sequence of draws; see chance."""
    phase: Ints
    status: Ints
    component: Ints
    """The malfunctioned component, or NONE."""
    repair: Ints
    """Repair ticks spent on it so far."""
    loading: Ints
    """Ticks of loading still to come."""
    readings: Floats
    """(n, 4) in the order of Component."""
    malfunctions: Ints
    """Malfunctions so far."""

    def __len__(self) -> int:
        return len(self.tick)

    @property
    def ended(self) -> Flags:
        """Whose flight is over: home, lost, or on the planet of a one-way mission."""
        over: Flags = (self.phase >= rules.HOME) | (self.one_way & (self.phase == rules.ON_PLANET))
        return over

    def take(self, rows: Ints | Flags) -> Self:
        """The same for some rows."""
        which = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        # On the transposed arrays, so that columns stay together in memory.
        return type(self)(*(getattr(self, field.name).T.take(which, axis=-1).T for field in fields(self)))

    def put(self, rows: Ints, ships: "FleetState") -> Self:
        """The same with the rows `rows` replaced by those of `ships`, in that order."""
        columns = []
        for field in fields(self):
            column = getattr(self, field.name).copy(order="K")
            column[rows] = getattr(ships, field.name)
            columns.append(column)
        return type(self)(*columns)


def launch(target: Floats, one_way: Flags, key: Keys) -> FleetState:
    """Ships on the ground of Hocotate, ready to fly to `target` (n, 3) km: tick 0."""
    n = len(target)
    return FleetState(
        tick=np.zeros(n, dtype=np.int64),
        position=np.zeros((n, 3), order="F"),
        target=np.asfortranarray(target),
        one_way=one_way,
        key=key,
        phase=np.full(n, rules.OUTBOUND, dtype=np.int8),
        status=np.full(n, rules.OK, dtype=np.int8),
        component=np.full(n, rules.NONE, dtype=np.int8),
        repair=np.zeros(n, dtype=np.int8),
        loading=np.zeros(n, dtype=np.int16),
        readings=np.asfortranarray(np.tile(rules.READING_START, (n, 1))),
        malfunctions=np.zeros(n, dtype=np.int16),
    )


def places(planets: Sequence[Planet]) -> Floats:
    """Where planets are, (n, 3) km."""
    return np.array([(planet.x, planet.y, planet.z) for planet in planets], dtype=np.float64).reshape(-1, 3)


def docked(n: int) -> FleetState:
    """`n` empty berths, which step leaves as they are until launched ships are put there."""
    _keep_memory(n)
    empty = launch(np.zeros((n, 3)), np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.uint64))
    return replace(empty, phase=np.full(n, rules.HOME, dtype=np.int8))


def _keep_memory(n: int) -> None:
    # The C library gives freed memory back to the system above a limit, which it raises to twice the largest block
    # freed. Below it the arrays of each tick would be mapped anew, page by page, which takes as long as half a step.
    np.empty(min(n * _TICK_BYTES, _MOST_KEPT_BYTES), dtype=np.uint8)

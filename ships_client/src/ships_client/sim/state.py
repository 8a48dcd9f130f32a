"""State of many ships as arrays, one row a ship; it never changes in place."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ships_client.contracts.world import HOME, PLANETS, Planet
from ships_client.sim import rules

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]
Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class FleetState:
    """Ships in flight or done; n rows. Codes are those of rules.

    Arrays of two dimensions lie column by column in memory, which is how they are worked on.
    """

    tick: Ints
    """Ticks flown, which is also the seq of the message that tells this state."""
    position: Floats
    """(n, 3) km from Hocotate."""
    target: Floats
    """(n, 3) km."""
    one_way: Flags
    """Whether the mission ends on the planet."""
    key: Keys
    """Key of the flight's draws."""
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

    def take(self, which: Ints | Flags) -> Self:
        """The same for some rows, by index or flag."""
        rows = np.flatnonzero(which) if which.dtype == np.bool_ else which
        return type(self)(*(getattr(self, field.name).T.take(rows, axis=-1).T for field in fields(self)))

    def put(self, rows: ArrayLike, ships: "FleetState") -> Self:
        """The same with rows `rows` (k) replaced by the k rows of `ships`."""
        columns = []
        for field in fields(self):
            column = getattr(self, field.name).copy(order="K")
            column[np.atleast_1d(rows)] = getattr(ships, field.name)
            columns.append(column)
        return type(self)(*columns)


def launch(targets: Sequence[Planet], keys: ArrayLike, *, one_way: ArrayLike = False) -> FleetState:
    """Ships on the ground of Hocotate, ready to fly to `targets`, one each: tick 0.

    `keys` are those of their draws, as flight_keys gives them; `one_way` is for all or (n).
    """
    n = len(targets)
    return FleetState(
        tick=np.zeros(n, dtype=np.int64),
        position=np.zeros((n, 3), order="F"),
        target=np.array([(planet.x, planet.y, planet.z) for planet in targets], np.float64, order="F").reshape(n, 3),
        one_way=np.broadcast_to(np.asarray(one_way, dtype=np.bool_), n),
        key=np.broadcast_to(np.asarray(keys, dtype=np.uint64), n),
        phase=np.full(n, rules.OUTBOUND, dtype=np.int8),
        status=np.full(n, rules.OK, dtype=np.int8),
        component=np.full(n, rules.NONE, dtype=np.int8),
        repair=np.zeros(n, dtype=np.int8),
        loading=np.zeros(n, dtype=np.int16),
        readings=np.tile(rules.READING_START, (n, 1)).copy(order="F"),
        malfunctions=np.zeros(n, dtype=np.int16),
    )


def docked(n: int) -> FleetState:
    """`n` empty berths, which step leaves as they are until launched ships are put there."""
    empty = launch([PLANETS[HOME]] * n, keys=0)
    return replace(empty, phase=np.full(n, rules.HOME, dtype=np.int8))

"""State of many ships as arrays, one row a ship; it never changes in place."""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ships_client.contracts.world import HOME, PLANETS, Planet
from ships_client.sim import rules

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


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

    def take(self, rows: NDArray[np.int64] | Flags) -> Self:
        """The same for some rows."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))

    def put(self, row: int, ship: "FleetState") -> Self:
        """The same with row `row` replaced by the only row of `ship`."""
        columns = []
        for field in fields(self):
            column = getattr(self, field.name).copy()
            column[row] = getattr(ship, field.name)[0]
            columns.append(column)
        return type(self)(*columns)


def launch(targets: list[Planet], *, one_way: bool = False) -> FleetState:
    """Ships on the ground of Hocotate, ready to fly to `targets`, one each: tick 0."""
    n = len(targets)
    zeros = np.zeros(n, dtype=np.int64)
    return FleetState(
        tick=zeros,
        position=np.zeros((n, 3)),
        target=np.array([(planet.x, planet.y, planet.z) for planet in targets], dtype=np.float64).reshape(n, 3),
        one_way=np.full(n, one_way),
        phase=np.full(n, rules.OUTBOUND),
        status=np.full(n, rules.OK),
        component=np.full(n, rules.NONE),
        repair=zeros,
        loading=zeros,
        readings=np.tile(rules.READING_START, (n, 1)),
        malfunctions=zeros,
    )


def docked(n: int) -> FleetState:
    """`n` empty berths, which step leaves as they are until a launched ship is put there."""
    return replace(launch([PLANETS[HOME]] * n), phase=np.full(n, rules.HOME))

"""The state of a ship at a tick as a packed row, as the flight recorder keeps it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ships_client.sim.state import Flags, FleetState, Floats, Ints, Keys

ROW: Final = np.dtype(
    [
        ("tick", "<i4"),
        ("phase", "i1"),
        ("status", "i1"),
        ("component", "i1"),
        ("repair", "i1"),
        ("loading", "<i2"),
        ("malfunctions", "<i2"),
        ("position", "<f8", 3),
        ("readings", "<f8", 4),
    ]
)
"""68 bytes a ship and tick. What a ship is told before its flight (target, one way, key) is not state."""


def to_rows(state: FleetState, which: Ints) -> NDArray[np.void]:
    """Rows of the ships `which`, in that order."""
    rows = np.empty(len(which), dtype=ROW)
    for name in ROW.names or ():
        # Column by column, as the state lies in memory: a third faster than all columns of a field at once.
        there, here = np.atleast_2d(rows[name].T), np.atleast_2d(getattr(state, name).T)
        for into, column in zip(there, here, strict=True):
            into[:] = column[which]
    return rows


def from_rows(rows: NDArray[np.void], target: Floats, one_way: Flags, key: Keys) -> FleetState:
    """The state that n rows tell, exactly as it was; `target` (n, 3) km, `one_way` (n), `key` (n)."""
    return FleetState(
        tick=rows["tick"].astype(np.int64),
        position=np.asfortranarray(rows["position"]),
        target=np.asfortranarray(target),
        one_way=one_way,
        key=key,
        phase=rows["phase"].copy(),
        status=rows["status"].copy(),
        component=rows["component"].copy(),
        repair=rows["repair"].copy(),
        loading=rows["loading"].astype(np.int16),
        readings=np.asfortranarray(rows["readings"]),
        malfunctions=rows["malfunctions"].astype(np.int16),
    )

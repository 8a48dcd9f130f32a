"""State as rows of a fixed layout, to be written down and taken up again.

A row holds what changes in flight. What a flight was launched with (target, one way or not, key of its draws) is the
plan's, and is given again when a state is made of rows.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ships_client.sim.state import Flags, FleetState, Floats, Ints

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
"""68 bytes, without padding; fields are those of FleetState."""


def to_rows(state: FleetState, which: Ints | Flags | None = None) -> NDArray[np.void]:
    """The state of the ships `which`, by index or flag, or of all: (k) of dtype ROW."""
    chosen = state if which is None else state.take(which)
    rows = np.empty(len(chosen), dtype=ROW)
    for name in ROW.names or ():
        rows[name] = getattr(chosen, name)
    return rows


def from_rows(rows: NDArray[np.void], targets: ArrayLike, one_way: ArrayLike, keys: ArrayLike) -> FleetState:
    """The state whose rows (n) these are, exactly; targets (n, 3) in km, one_way and keys (n), or one for all."""
    n = len(rows)
    return FleetState(
        tick=rows["tick"].astype(np.int64),
        position=_columns(rows["position"]),
        target=np.broadcast_to(_columns(np.asarray(targets, dtype=np.float64)), (n, 3)),
        one_way=np.broadcast_to(np.asarray(one_way, dtype=np.bool_), n),
        key=np.broadcast_to(np.asarray(keys, dtype=np.uint64), n),
        phase=rows["phase"].copy(),
        status=rows["status"].copy(),
        component=rows["component"].copy(),
        repair=rows["repair"].copy(),
        loading=rows["loading"].astype(np.int16),
        readings=_columns(rows["readings"]),
        malfunctions=rows["malfunctions"].astype(np.int16),
    )


def _columns(array: NDArray[Any]) -> Floats:
    return np.array(array, dtype=np.float64, order="F")

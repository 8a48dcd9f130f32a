"""Telemetry messages as rows of a sheet of bytes: the contract's words in place, and room for what varies.

NUL stands for no character and is dropped at the end; no message holds one, for JSON escapes it.
"""

from functools import lru_cache
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from ships_client.client.digits import Numbers
from ships_client.contracts import HealthScores, Telemetry
from ships_client.sim import Frame
from ships_client.sim.instruments import OUTCOMES
from ships_client.sim.rules import COMPONENTS, CONDITIONS, PHASES, STATUSES
from ships_client.sim.state import Flags

_Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


def _bounds(struct: type[msgspec.Struct], *names: str) -> _Bounds:
    """Least and greatest values that the contract allows in these fields, (fields, 1) each."""
    properties = msgspec.json.schema(struct)["$defs"][struct.__name__]["properties"]
    schemas = [properties[name].get("anyOf", [properties[name]])[0] for name in names]
    low, high = ([[schema[end]] for schema in schemas] for end in ("minimum", "maximum"))
    return np.array(low, dtype=np.float64), np.array(high, dtype=np.float64)


_COORDS: Final = Numbers(("coord_x", "coord_y", "coord_z"), groups=3)
_FUEL: Final = Numbers(("fuel_prc",), groups=1, decimals=2)
_READINGS: Final = Numbers(
    ("motor_temp_c", "engine_pressure_kpa", "power_core_temp_c", "navigation_signal_db"), groups=1, decimals=3
)
_DISTANCE: Final = Numbers(("distance_from_hocotate_km",), groups=3, decimals=1)
_HEALTH: Final = Numbers(("motor", "engine", "core", "fuel"), groups=1, decimals=4)
_TOTAL: Final = Numbers(("normalized_health_total",), groups=1, decimals=4)
_SEQ: Final = Numbers(("seq",), groups=2)
_NUMBERS: Final[tuple[tuple[str, Numbers, _Bounds], ...]] = (
    *(
        (column, numbers, _bounds(Telemetry, *numbers.names))
        for column, numbers in (
            ("coords", _COORDS),
            ("fuel", _FUEL),
            ("readings", _READINGS),
            ("distance", _DISTANCE),
            ("total", _TOTAL),
            ("seq", _SEQ),
        )
    ),
    ("health", _HEALTH, _bounds(HealthScores, *_HEALTH.names)),
)
"""Column of a frame, how it is written, and its bounds."""

_STATES: Final = np.array(
    [
        f'"status":"{status.value}","malfunctioned_component":{part},"health_scores":{{"motor":'.encode()
        for status in STATUSES
        for part in ("null", *(f'"{component.value}"' for component in COMPONENTS))
    ]
)
_CONDITIONS: Final = np.array(
    [
        f',"ship_condition":"{condition.value}"{end},"seq":'.encode()
        for condition in CONDITIONS
        for end in ("", *(f',"mission_status":"{outcome.value}"' for outcome in OUTCOMES))
    ]
)
_PHASES: Final = np.array([f',"phase":"{phase.value}"}}\n'.encode() for phase in PHASES])
_CODES: Final = (
    ("status", 0, len(STATUSES)),
    ("component", -1, len(COMPONENTS)),
    ("condition", 0, len(CONDITIONS)),
    ("outcome", -1, len(OUTCOMES)),
    ("phase", 0, len(PHASES)),
)


_Cells = list[tuple[str, str]]


def _fields(numbers: Numbers, after: str | None = None) -> list[str | _Cells]:
    """Names as texts, and cells, of number fields; `after` each number another text."""
    parts: list[str | _Cells] = []
    for name in numbers.names:
        parts += [f',"{name}":', numbers.cells(name)]
        parts += [after] if after else []
    return parts


_ROW: Final[list[str | _Cells]] = [
    '{"timestamp":',
    [("instant", "S34")],
    ",",
    [("callsign", "")],
    *_fields(_COORDS, ".0"),
    *_fields(_FUEL),
    *_fields(_READINGS),
    *_fields(_DISTANCE),
    ",",
    [("state", _STATES.dtype.str)],
    *_fields(_HEALTH)[1:],
    "}",
    *_fields(_TOTAL),
    [("condition", _CONDITIONS.dtype.str), *_SEQ.cells("seq"), ("phase", _PHASES.dtype.str)],
]
"""Text and cells of a message, in order."""


@lru_cache(maxsize=16)
def _blank(callsign: str) -> NDArray[Any]:
    """One row, (1), with the texts alone; `callsign` is the dtype of its cell."""
    cells: _Cells = []
    texts: dict[str, str] = {}
    for part in _ROW:
        if isinstance(part, str):
            name = f"text {len(texts)}"
            texts[name] = part
            cells.append((name, f"S{len(part)}"))
        else:
            cells += part
    row = np.zeros(1, [(name, dtype or callsign) for name, dtype in cells])
    for name, text in texts.items():
        row[name] = text.encode()
    return row


def write(frame: Frame, callsigns: NDArray[np.bytes_], instants: NDArray[np.bytes_]) -> tuple[list[bytes], Flags]:
    """The messages of all rows of `frame` (n), and which of them, (n), are within the contract and written right.

    `callsigns` (n) are the fields that name mission and ship; `instants` (n, or one for all) JSON timestamps.
    """
    sheet = np.repeat(_blank(callsigns.dtype.str), len(callsigns))
    sheet["instant"], sheet["callsign"] = instants, callsigns
    right = np.ones(len(sheet), dtype=np.bool_)
    with np.errstate(over="ignore", invalid="ignore"):
        for column, numbers, (low, high) in _NUMBERS:
            values = getattr(frame, column).reshape(len(sheet), len(numbers.names)).T
            right &= ((values >= low) & (values <= high)).all(axis=0)
            right &= numbers.write(sheet, values)
    for column, least, end in _CODES:
        codes = getattr(frame, column)
        right &= (codes >= least) & (codes < end)
    sheet["state"] = _STATES.take(frame.status * (len(COMPONENTS) + 1) + frame.component + 1, mode="clip")
    sheet["condition"] = _CONDITIONS.take(frame.condition * (len(OUTCOMES) + 1) + frame.outcome + 1, mode="clip")
    sheet["phase"] = _PHASES.take(frame.phase, mode="clip")
    return sheet.tobytes().translate(None, b"\0").split(b"\n")[:-1], right

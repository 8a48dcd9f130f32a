"""Telemetry messages as rows of a sheet of bytes: the contract's words in place, and room for what varies.

NUL stands for no character and is dropped at the end; no message holds one, for JSON escapes it.
"""

from functools import lru_cache
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from ships_client.client.digits import Cells, Number, Numbers
from ships_client.contracts import HealthScores, Telemetry
from ships_client.sim import Frame
from ships_client.sim.instruments import OUTCOMES
from ships_client.sim.rules import COMPONENTS, CONDITIONS, PHASES, STATUSES
from ships_client.sim.state import Flags, Floats

_MOST_SEQ: Final = 10.0**8 - 1
"""Eight digits last for three years of flight; what is beyond goes the long way."""


def _number(struct: type[msgspec.Struct], name: str, decimals: int) -> Number:
    """A float field, with the bounds that the contract gives it."""
    schema = msgspec.json.schema(struct)["$defs"][struct.__name__]["properties"][name]
    return Number(name, schema["minimum"], schema["maximum"], decimals)


_COORDS: Final = [_number(Telemetry, name, 0) for name in ("coord_x", "coord_y", "coord_z")]
_DISTANCE: Final = _number(Telemetry, "distance_from_hocotate_km", 1)
_SEQ: Final = Number("seq", 0, _MOST_SEQ, 0, point=False)
_FUEL: Final = _number(Telemetry, "fuel_prc", 2)
_READINGS: Final = [_number(Telemetry, component.value, 3) for component in COMPONENTS]
_TOTAL: Final = _number(Telemetry, "normalized_health_total", 4)
_HEALTH: Final = [_number(HealthScores, name, 4) for name in HealthScores.__struct_fields__]
_NUMBERS: Final = Numbers([*_COORDS, _DISTANCE, _SEQ, _FUEL, *_READINGS, _TOTAL, *_HEALTH])


def _values(frame: Frame) -> Floats:
    """The numbers of a frame, in the order of _NUMBERS, (fields, n)."""
    values = np.empty((15, len(frame.seq)))
    values[0:3] = frame.coords.T
    values[3], values[4], values[5] = frame.distance, frame.seq, frame.fuel
    values[6:10] = frame.readings.T
    values[10] = frame.total
    values[11:15] = frame.health.T
    return values


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


def _fields(*numbers: Number) -> list[str | Cells]:
    """Names as texts, and what the numbers are made of."""
    return [part for number in numbers for part in (f',"{number.name}":', *number.parts)]


_ROW: Final[list[str | Cells]] = [
    '{"timestamp":',
    [("instant", "S34")],
    ",",
    [("callsign", "")],
    *_fields(*_COORDS, _FUEL, *_READINGS, _DISTANCE),
    ",",
    [("state", _STATES.dtype.str)],
    *_fields(*_HEALTH)[1:],
    "}",
    *_fields(_TOTAL),
    [("condition", _CONDITIONS.dtype.str)],
    *_SEQ.parts,
    [("phase", _PHASES.dtype.str)],
]
"""Text and cells of a message, in order."""


@lru_cache(maxsize=16)
def _blank(callsign: str) -> NDArray[Any]:
    """One row, (1), with the texts alone; `callsign` is the dtype of its cell."""
    cells: Cells = []
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
    right = _NUMBERS.write(sheet, _values(frame))
    for column, least, end in _CODES:
        codes = getattr(frame, column)
        right &= (codes >= least) & (codes < end)
    sheet["state"] = _STATES.take(frame.status * (len(COMPONENTS) + 1) + frame.component + 1, mode="clip")
    sheet["condition"] = _CONDITIONS.take(frame.condition * (len(OUTCOMES) + 1) + frame.outcome + 1, mode="clip")
    sheet["phase"] = _PHASES.take(frame.phase, mode="clip")
    return sheet.tobytes().translate(None, b"\0").split(b"\n")[:-1], right

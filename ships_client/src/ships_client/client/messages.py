"""From instruments to telemetry messages."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from ships_client.client import sheet
from ships_client.contracts import HealthScores, InvalidMessage, decode, encode
from ships_client.contracts.telemetry import LARGEST_MESSAGE, MissionId, ShipId
from ships_client.contracts.verdicts import decode_strictly
from ships_client.sim import Frame
from ships_client.sim.instruments import OUTCOMES
from ships_client.sim.rules import COMPONENTS, CONDITIONS, NONE, PHASES, STATUSES

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COORDS: Final = ("coord_x", "coord_y", "coord_z")


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mission_id: MissionId
    ship_id: ShipId


_names = msgspec.json.Decoder(_Names)


def callsign(mission_id: str, ship_id: str) -> bytes:
    """The part of a message that says whose it is; raises InvalidMessage if the contract has no such names."""
    raw = msgspec.json.encode(_Names(mission_id, ship_id))
    decode_strictly(_names, raw, LARGEST_MESSAGE)
    return raw[1:-1]


def encode_turn(
    frame: Frame, callsigns: NDArray[np.bytes_], timestamps_us: int | Sequence[int]
) -> tuple[list[bytes], dict[int, InvalidMessage]]:
    """The messages of all rows of `frame` (n), byte for byte as contracts.encode writes them, and what is wrong.

    Args:
        frame: instruments, which all have a message.
        callsigns: (n), from callsign().
        timestamps_us: microseconds since 1970, UTC: one for all rows, or one for each.

    Returns:
        The messages, b"" where a row breaks the contract; and by such row why.
    """
    instants = [_instant(us) for us in ([timestamps_us] if isinstance(timestamps_us, int) else timestamps_us)]
    messages, right = sheet.write(frame, callsigns, np.array([msgspec.json.encode(instant) for instant in instants]))
    refused: dict[int, InvalidMessage] = {}
    for row in np.flatnonzero(~right).tolist():
        try:
            messages[row] = _carefully(frame, row, callsigns[row], instants[row if len(instants) > 1 else 0])
        except InvalidMessage as error:
            messages[row], refused[row] = b"", error
    return messages, refused


def _instant(timestamp_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=timestamp_us)


def _carefully(frame: Frame, row: int, callsign: bytes, now: datetime) -> bytes:
    """One message by the contract's own encoder, once its decoder has judged it; raises InvalidMessage."""
    names = _names.decode(b"{" + callsign + b"}")
    fields = {
        "timestamp": now.isoformat(),
        "mission_id": names.mission_id,
        "ship_id": names.ship_id,
        **dict(zip(_COORDS, frame.coords[row].tolist(), strict=True)),
        "fuel_prc": float(frame.fuel[row]),
        **dict(zip(COMPONENTS, frame.readings[row].tolist(), strict=True)),
        "distance_from_hocotate_km": float(frame.distance[row]),
        "status": _word(STATUSES, frame.status[row]),
        "malfunctioned_component": _word(COMPONENTS, frame.component[row]),
        "health_scores": dict(zip(HealthScores.__struct_fields__, frame.health[row].tolist(), strict=True)),
        "normalized_health_total": float(frame.total[row]),
        "ship_condition": _word(CONDITIONS, frame.condition[row]),
        "mission_status": _word(OUTCOMES, frame.outcome[row]),
        "seq": int(frame.seq[row]),
        "phase": _word(PHASES, frame.phase[row]),
    }
    # Python's encoder, unlike the contract's, writes NaN as such, and the decoder then names it.
    return encode(decode(json.dumps(fields).encode(), now))


def _word(words: Sequence[StrEnum], code: int) -> str | None:
    """The word of a code; one that has none gets a text that the decoder refuses."""
    return None if code == NONE else words[code] if 0 <= code < len(words) else f"code {code}"

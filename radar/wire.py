"""What travels from the radar over the hub to the browser, and back: the one place that encodes and decodes.

JSON today. Times are milliseconds since 1970 (UTC) on the server's clock; places are km from Hocotate.
docs/contracts.md describes the browser's side.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec
from msgspec import Raw, Struct

CONTROL: Final = "radar.control"
"""Channel on which hubs talk to the radar."""
LARGEST_REQUEST: Final = 512
"""Bytes that a browser may send at once."""

Source = Literal["following", "rebuilding", "unreachable"]


class ShipState(Struct, frozen=True, omit_defaults=True):
    """One ship as its newest message has it. `seen` is when it was there, `pace` its ticks a second."""

    ship: str
    mission: int
    captain: str
    target: str
    at: int
    seen: int
    x: float
    y: float
    z: float
    dist: float
    fuel: float
    motor: float
    engine: float
    core: float
    signal: float
    status: str
    total: float
    cond: str
    health: tuple[float, float, float, float]
    pace: float = 1.0
    seq: int | None = None
    phase: str | None = None
    fault: str | None = None
    repair: int = 0
    outcome: str | None = None
    ended: int | None = None


class Event(Struct, frozen=True, omit_defaults=True):
    """Something that happened. `text` goes on after the ship's name, or stands alone."""

    id: int
    at: int
    kind: str
    text: str
    ship: str | None = None
    mission: int | None = None


class Counts(Struct, omit_defaults=True):
    """Messages since the radar started, by what became of them, and missions that can't be shown."""

    messages: int = 0
    invalid: int = 0
    unknown: int = 0
    old: int = 0
    waiting: int = 0
    silent: int = 0


class Frame(Struct, frozen=True, kw_only=True):
    """From the radar to each hub. `full` replaces everything; otherwise it goes on after frame `n` - 1."""

    epoch: str
    n: int
    made: int
    full: bool
    newest: int | None
    source: Source
    counts: Counts
    ships: dict[str, Raw]
    gone: list[str]
    events: list[Event]


class FrameOut(Struct, frozen=True, kw_only=True, tag_field="t", tag="frame"):
    """From a hub to one browser: everything that changed since frame `base`, or all of it when `full`."""

    n: int
    base: int
    full: bool
    now: int
    made: int
    newest: int | None
    source: Source
    counts: Counts
    ships: Raw
    gone: list[str]
    events: list[Event]
    merged: int


class Beat(Struct, frozen=True, kw_only=True, tag_field="t", tag="beat"):
    """The web process is there, but has nothing from the radar; its last frame was made at `made`."""

    n: int
    now: int
    made: int | None


class History(Struct, frozen=True, kw_only=True, tag_field="t", tag="history"):
    """Readings of one ship over the last minutes: a row is a moment, in the order of `columns`."""

    ship: str
    mission: int | None
    columns: tuple[str, ...]
    rows: list[list[float]]


class Refused(Struct, frozen=True, kw_only=True, tag_field="t", tag="refused"):
    """A request that can't be answered, and why."""

    ship: str
    detail: str


class Ack(Struct, frozen=True, tag_field="t", tag="ack"):
    """The browser has worked off frame or beat `n`."""

    n: int


class AskHistory(Struct, frozen=True, tag_field="t", tag="history"):
    """The browser wants the last minutes of a ship."""

    ship: str


Outgoing = FrameOut | Beat | History | Refused
Request = Ack | AskHistory

_encoder = msgspec.json.Encoder()
_frame = msgspec.json.Decoder(Frame)
_history = msgspec.json.Decoder(History)
_request: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)


class BadRequest(ValueError):
    """A browser sent what is no request; the message says what."""


def encode(message: Struct) -> bytes:
    """Encode any message of this module."""
    return _encoder.encode(message)


def encode_ships(ships: Mapping[str, Raw]) -> Raw:
    """Encode ships by name once, for many browsers."""
    return Raw(_encoder.encode(dict(ships)))


def decode_frame(raw: bytes) -> Frame:
    """Decode a frame of the radar. Raises msgspec.DecodeError when it is of another release."""
    return _frame.decode(raw)


def decode_history(raw: bytes) -> History:
    """Decode the radar's answer to AskHistory. Raises msgspec.DecodeError."""
    return _history.decode(raw)


def decode_request(raw: bytes | str | None) -> Request:
    """Decode what a browser sent, or raise BadRequest."""
    if raw is None or len(raw) > LARGEST_REQUEST:
        size = 0 if raw is None else len(raw)
        raise BadRequest(f"A request has 1 to {LARGEST_REQUEST} bytes; this one has {size}.")
    try:
        return _request.decode(raw)
    except msgspec.DecodeError as error:
        raise BadRequest(f"Not a request of the radar: {error}.") from None

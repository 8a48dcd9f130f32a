"""What travels from the radar over the hub to the browser, and back: the one place that encodes and decodes.

MessagePack towards the browser, with the ships' records (radar.records) inside; JSON from it. Times are milliseconds
since 1970 (UTC) on the server's clock; places are km from Hocotate. docs/contracts.md describes the browser's side.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

CONTROL: Final = "radar.control"
"""Channel on which hubs talk to the radar."""
LARGEST_REQUEST: Final = 512
"""Bytes that a browser may send at once."""
MOST_WATCHED: Final = 4
"""Ships whose full readings one browser may ask for at a time."""
LONGEST_NAME: Final = 100

Source = Literal["following", "rebuilding", "unreachable"]
ShipName = Annotated[str, Meta(max_length=LONGEST_NAME)]


class Facts(Struct, frozen=True, array_like=True):
    """What seldom changes of a ship: who has a slot. `pace` is its ticks a second, `ended` when its mission ended."""

    slot: int
    ship: str
    mission: int
    captain: str
    target: str
    pace: float
    ended: int | None


class Readings(Struct, frozen=True):
    """The newest message of a ship, whole; for those who ask for the ship. `at` is its own clock."""

    ship: str
    mission: int
    at: int
    seq: int | None
    x: float
    y: float
    z: float
    dist: float
    fuel: float
    motor: float
    engine: float
    core: float
    signal: float
    health: tuple[float, float, float, float]


class Event(Struct, frozen=True, omit_defaults=True):
    """Something that happened. `text` goes on after the ship's name, or stands alone."""

    id: int
    at: int
    kind: str
    text: str
    ship: str | None = None
    mission: int | None = None


class Counts(Struct, array_like=True):
    """Messages since the radar started, by what became of them, and missions that can't be shown."""

    messages: int = 0
    invalid: int = 0
    unknown: int = 0
    old: int = 0
    waiting: int = 0
    silent: int = 0


class Frame(Struct, frozen=True, kw_only=True):
    """From the radar to each hub. `full` replaces everything; otherwise it goes on after frame `n` - 1.

    `gone` comes before `facts` and `records`: a slot may pass from one ship to another. `readings` holds ships that
    somebody asks for.
    """

    epoch: str
    n: int
    made: int
    full: bool
    newest: int | None
    source: Source
    counts: Counts
    facts: list[Facts]
    records: bytes
    gone: list[int]
    events: list[Event]
    readings: dict[str, Raw]


F = TypeVar("F")
R = TypeVar("R")


class FrameOut(Struct, Generic[F, R], frozen=True, tag="frame", array_like=True):
    """From a hub to one browser: what changed since message `n` - 1, or all there is when `full`.

    A list, since names would be a third of a frame. `merged` counts the frames that it stands for beside itself. `F`
    and `R` are its names and readings: encoded already where it is sent, as they are where it is read.
    """

    n: int
    full: bool
    now: int
    made: int
    newest: int | None
    source: Source
    counts: Counts
    facts: F
    records: bytes
    gone: list[int]
    events: list[Event]
    readings: list[R]
    merged: int


class Beat(Struct, frozen=True, tag="beat", array_like=True):
    """The web process is there, but has nothing from the radar; its last frame was made at `made`."""

    n: int
    now: int
    made: int | None


class History(Struct, frozen=True, kw_only=True, tag="history", array_like=True):
    """Readings of one ship over the last minutes: a row is a moment, in the order of `columns`."""

    ship: str
    mission: int | None
    columns: tuple[str, ...]
    rows: list[list[float]]


class Refused(Struct, frozen=True, kw_only=True, tag="refused", array_like=True):
    """A request that can't be answered, and why."""

    ship: str
    detail: str


class Ack(Struct, frozen=True, tag_field="t", tag="ack"):
    """The browser has worked off frame or beat `n`."""

    n: int


class AskHistory(Struct, frozen=True, tag_field="t", tag="history"):
    """The browser wants the last minutes of a ship."""

    ship: ShipName


class Watch(Struct, frozen=True, tag_field="t", tag="watch"):
    """The browser wants the full readings of these ships with each frame, and of no others."""

    ships: Annotated[list[ShipName], Meta(max_length=MOST_WATCHED)]


class Rate(Struct, frozen=True, tag_field="t", tag="rate"):
    """The browser wants at most so many frames a second."""

    frames: Annotated[float, Meta(ge=0.2, le=60)]


class Replay(Struct, frozen=True, kw_only=True, tag="replay", array_like=True):
    """A window of the past, by HTTP: at `begin` all ships, then what changed by `begin` + `step`, + 2 `step` and so on.

    `until` is how far the record reaches in it; there are moments no further. `moments` are pairs of records and of
    slots that are gone.
    """

    begin: int
    step: int
    until: int
    facts: list[Facts]
    moments: Sequence[tuple[bytes, list[int]]]
    events: list[Event]


FrameIn = FrameOut[list[Facts], Readings]
Incoming = FrameIn | Beat | History | Refused
"""What a browser reads."""
Request = Ack | AskHistory | Watch | Rate

_encoder = msgspec.msgpack.Encoder()
_incoming: msgspec.msgpack.Decoder[Incoming] = msgspec.msgpack.Decoder(Incoming)
_frame = msgspec.msgpack.Decoder(Frame)
_request: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)


class BadRequest(ValueError):
    """A browser sent what is no request; the message says what."""


def encode(message: Struct) -> bytes:
    """Encode any message towards the browser."""
    return _encoder.encode(message)


def encode_facts(facts: Iterable[Facts]) -> Raw:
    """Encode names once, for many browsers."""
    return Raw(_encoder.encode(list(facts)))


def decode_frame(raw: bytes) -> Frame:
    """Decode a frame of the radar. Raises msgspec.DecodeError when it is of another release."""
    return _frame.decode(raw)


def decode_incoming(raw: bytes) -> Incoming:
    """Decode what a browser is sent, as one without a page does. Raises msgspec.DecodeError."""
    return _incoming.decode(raw)


def decode_request(raw: bytes | str | None) -> Request:
    """Decode what a browser sent, or raise BadRequest."""
    if raw is None or len(raw) > LARGEST_REQUEST:
        size = 0 if raw is None else len(raw)
        raise BadRequest(f"A request has 1 to {LARGEST_REQUEST} bytes; this one has {size}.")
    try:
        return _request.decode(raw)
    except msgspec.DecodeError as error:
        raise BadRequest(f"Not a request of the radar: {error}.") from None

"""What the flight recorder notes between turns: what has become of flights, reports and messages.

Structs travel as msgpack arrays, so a field is only ever added at the end and with a default.
"""

from typing import Any, Final

from msgspec import Struct

from ships_client.contracts.telemetry import MissionStatus

VERSION: Final = 1
"""Of the log's format; another version isn't read."""


class Header(Struct, frozen=True):
    """Whose log it is; `options` are what the fleet was started with, to go on with the same."""

    recorder_id: str
    """UUID as hex."""
    version: int
    """VERSION when it was made."""
    made_at: str
    """ISO 8601, UTC."""
    seed: int
    options: dict[str, Any]


class Boarded(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """A mission was registered; its ship takes off in turn `launch_turn`, with seq 0."""

    number: int
    berth: int
    mission_id: int
    ship: str
    captain: str
    target: str
    """A planet's name."""
    report_freq_min: int
    one_way: bool
    started_at: str
    """As headquarters has it."""
    launch_turn: int


class Ended(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """The ship is home or lost; `last_seq` is that of its last message, which stands in `turn`."""

    number: int
    outcome: MissionStatus
    last_seq: int
    turn: int


class Reported(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """Report `report_no` stands at headquarters; it goes up to `last_seq` and has `items` items."""

    number: int
    report_no: int
    last_seq: int
    items: int
    landed: bool
    """Whether the ship had been on its planet by then."""


class Closed(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """Headquarters knows the outcome, and every report stands: nothing is left to do for the flight."""

    number: int
    outcome: MissionStatus


class Acknowledged(Struct, frozen=True, tag=True, array_like=True, gc=False):
    """Every message of the turns up to `turn` is acknowledged by Kafka."""

    turn: int


Note = Boarded | Ended | Reported | Closed | Acknowledged

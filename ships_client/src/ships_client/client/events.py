"""What a fleet tells whoever watches it."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from ships_client.client.flight import ActiveFlight


class Kind(StrEnum):
    """What happened."""

    LAUNCHED = "launched"
    REPORT = "report"
    ENDED = "ended"
    COMPLETED = "completed"
    WAITING = "waiting"
    TROUBLE = "trouble"
    NOTE = "note"


class Event(Struct, frozen=True, omit_defaults=True, tag="event", tag_field="line"):
    """Something happened; `text` says it in a sentence."""

    kind: Kind
    at: datetime
    text: str
    mission_id: str | None = None
    ship: str | None = None


Listener = Callable[[Event], None]


class Narrator:
    """Tells a listener what happens, and counts the troubles."""

    def __init__(self, listener: Listener) -> None:
        self.troubles = 0
        self._listener = listener

    def tell(self, kind: Kind, text: str, flight: ActiveFlight | None = None) -> None:
        """Something happened, to `flight` or to all."""
        mission, ship = (str(flight.mission_id), flight.plan.ship) if flight else (None, None)
        self._listener(Event(kind, datetime.now(UTC), text, mission, ship))

    def trouble(self, text: str, flight: ActiveFlight | None = None) -> None:
        """Something went wrong that waiting didn't mend."""
        self.troubles += 1
        self.tell(Kind.TROUBLE, text, flight)

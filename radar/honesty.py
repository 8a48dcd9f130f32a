"""When a ship counts as live: one rule for events, metrics and, with the same numbers, the page."""

from enum import StrEnum
from typing import Final

LIVE_MS: Final = 5_000
"""No ship is live whose last message is older."""
LOST_MS: Final = 60_000
"""From here on the signal is lost."""


class Link(StrEnum):
    """What is known of a ship right now."""

    LIVE = "live"
    LATE = "late"
    LOST = "lost"
    ENDED = "ended"


def link(*, age_ms: int, ended: bool) -> Link:
    """State of the link to a ship last seen `age_ms` ago."""
    if ended:
        return Link.ENDED
    if age_ms <= LIVE_MS:
        return Link.LIVE
    return Link.LATE if age_ms < LOST_MS else Link.LOST

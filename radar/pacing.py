"""How long to leave between two frames: as little as is allowed, and more when the work of a frame takes long. Pure."""

from typing import Final

LONGEST_S: Final = 0.5
"""Two frames a second at least."""
SHARE: Final = 0.5
"""Of the time between two frames, what their work may take."""
FOLLOW: Final = 0.2
"""How fast the pause follows the work: 1 is at once."""


class Pacing:
    """The pause before the next frame, in s."""

    def __init__(self, shortest_s: float) -> None:
        self._shortest = min(shortest_s, LONGEST_S)
        self._work = 0.0

    @property
    def pause(self) -> float:
        """Between the beginnings of two frames."""
        return min(LONGEST_S, max(self._shortest, self._work / SHARE))

    def worked(self, seconds: float) -> None:
        """A frame took so long, the time that this process waited for a processor included."""
        self._work += FOLLOW * (seconds - self._work)

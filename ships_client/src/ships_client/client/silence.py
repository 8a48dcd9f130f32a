"""Loss of signal on purpose: messages of certain ticks are withheld until the ship is heard again."""

import numpy as np
from numpy.typing import NDArray

from ships_client.sim import Frame
from ships_client.sim.rules import NONE
from ships_client.sim.state import Flags, Ints


class Silence:
    """Who isn't heard; `ticks` are those of a flight in which it isn't, empty for none."""

    def __init__(self, ticks: range) -> None:
        self.since: dict[int, int] = {}
        """By flight number, the first turn whose message waits until the ship is heard again."""
        self._ticks = ticks

    def falls(self, frame: Frame, launch_turns: Ints, last_turn: int) -> Flags:
        """Whose messages, (n), are withheld, when the fleet has flown up to `last_turn`; `launch_turns` are (n).

        A flight's last message never is: nothing would come after it.
        """
        ticks = self._ticks
        if not ticks:
            return np.zeros(len(launch_turns), dtype=np.bool_)
        during = (frame.seq >= ticks.start) & (frame.seq < ticks.stop)
        silent: Flags = during & (launch_turns + ticks.stop > last_turn) & (frame.outcome == NONE)
        return silent

    def withhold(self, numbers: NDArray[np.int64], turn: int) -> None:
        """The messages of these flights are withheld in `turn`."""
        for number in numbers.tolist():
            self.since.setdefault(number, turn)

    def heard(self, numbers: NDArray[np.int64]) -> list[tuple[int, int]]:
        """These flights speak: index, and the turn since when it hadn't been heard, of those that hadn't."""
        if not self.since:
            return []
        back = ((index, self.since.pop(number, None)) for index, number in enumerate(numbers.tolist()))
        return [(index, since) for index, since in back if since is not None]

    @property
    def oldest(self) -> int | None:
        """The first turn that has a message withheld."""
        return min(self.since.values(), default=None)

"""Which ship has which number in the frames, and what browsers were told of it. Pure."""

from heapq import heappop, heappush
from typing import Final

from radar.tracks import Track
from radar.wire import Facts

PACE_WITHIN: Final = 0.02
"""A pace that differs by less from the one that was told is not told anew: it is measured, and trembles."""


class Slots:
    """The lowest free number for each ship that comes, so that numbers stay below the largest fleet so far."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}
        self._free: list[int] = []
        self._told: dict[int, Facts] = {}

    def of(self, ship: str) -> int:
        """The ship's slot, taken now if it has none."""
        slot = self._of.get(ship)
        if slot is None:
            slot = self._of[ship] = heappop(self._free) if self._free else len(self._of)
        return slot

    def release(self, ship: str) -> int | None:
        """The ship is gone; the slot that it had, which is free again, or None."""
        slot = self._of.pop(ship, None)
        if slot is not None:
            heappush(self._free, slot)
            self._told.pop(slot, None)
        return slot

    def facts(self, slot: int, track: Track) -> Facts:
        """What there is to tell of a ship now."""
        mission, pace = track.mission, round(track.pace.ticks_per_s, 2)
        told = self._told.get(slot)
        if told is not None and abs(pace - told.pace) <= PACE_WITHIN * told.pace:
            pace = told.pace
        return Facts(slot, mission.ship, mission.mission_id, mission.captain, mission.target, pace, track.ended)

    def news(self, slot: int, track: Track) -> Facts | None:
        """The same if it differs from what was told last, and counts as told from now on; else None."""
        facts = self.facts(slot, track)
        if facts == self._told.get(slot):
            return None
        self._told[slot] = facts
        return facts

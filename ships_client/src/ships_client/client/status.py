"""How a fleet does at a moment, for whoever watches it."""

from typing import Self

from msgspec import Struct


class Status(Struct, frozen=True, tag="status", tag_field="line"):
    """Figures of a fleet, or of several together.

    Attributes:
        phases: ships in the air by phase.
        sent, acknowledged: messages, by this process.
        behind: ticks in the flight recorder of which not every message is acknowledged.
        home, lost: missions closed by this process, as SUCCESS and as FAILURE.
        landing: flights that have ended and wait for their last reports and messages to arrive.
        reports: handed in by this process.
        recorder_bytes: on disk.
    """

    phases: dict[str, int]
    sent: int = 0
    acknowledged: int = 0
    behind: int = 0
    home: int = 0
    lost: int = 0
    landing: int = 0
    reports: int = 0
    recorder_bytes: int = 0

    @property
    def aloft(self) -> int:
        """Ships in the air."""
        return sum(self.phases.values())

    def plus(self, other: "Status") -> Self:
        """Both together."""
        phases = {phase: self.phases.get(phase, 0) + other.phases.get(phase, 0) for phase in self.phases | other.phases}
        names = [name for name in self.__struct_fields__ if name != "phases"]
        return type(self)(phases, **{name: getattr(self, name) + getattr(other, name) for name in names})

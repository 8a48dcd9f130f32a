"""The fleet's record: the instruments of every turn, kept until each ship has reported them."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ships_client.contracts.world import HOME
from ships_client.sim import Frame
from ships_client.sim.rules import CONDITIONS, ON_PLANET, OUTBOUND, STATUSES
from ships_client.sim.rules import HOME as AT_HOME


@dataclass(frozen=True, slots=True)
class Log:
    """One ship's stretch of the record: columns of a report's ship_state by name, the mission left out."""

    columns: dict[str, list[Any]]
    landed: bool
    """Whether the ship was on its planet, or on the way back, at any tick of it."""

    def __len__(self) -> int:
        return len(self.columns["seq"])


class Record:
    """Instruments by turn; turns are counted from 0 and each is appended once."""

    def __init__(self) -> None:
        self._first = 0
        self._turns: deque[tuple[datetime, Frame]] = deque()

    def __len__(self) -> int:
        return len(self._turns)

    @property
    def turns(self) -> int:
        """Turns appended so far, which is also the number of the next."""
        return self._first + len(self._turns)

    def append(self, now: datetime, frame: Frame) -> None:
        """Keep a turn."""
        self._turns.append((now, frame))

    def forget_before(self, turn: int) -> None:
        """Drop the turns before `turn`, which nobody needs any more."""
        while self._turns and self._first < turn:
            self._turns.popleft()
            self._first += 1

    def log(self, berth: int, target: str, first: int, last: int) -> Log:
        """The ship at `berth` from turn `first` to `last`, both included."""
        turns = [self._turns[turn - self._first] for turn in range(first, last + 1)]
        frames = [frame for _, frame in turns]

        def column(name: str) -> NDArray[Any]:
            return np.array([getattr(frame, name)[berth] for frame in frames])

        seq, phase, coords, health = column("seq"), column("phase"), column("coords"), column("health")
        columns: dict[str, list[Any]] = {
            "seq": seq.tolist(),
            "timestamp": [now for now, _ in turns],
            "status": [STATUSES[code].value for code in column("status")],
            "ship_condition": [CONDITIONS[code].value for code in column("condition")],
            "normalized_health_total": column("total").tolist(),
            "motor_health": health[:, 0].tolist(),
            "engine_health": health[:, 1].tolist(),
            "core_health": health[:, 2].tolist(),
            "fuel_health": health[:, 3].tolist(),
            "fuel_prc": column("fuel").tolist(),
            "temperature_c": column("temperature").tolist(),
            "radiation_usv": column("radiation").tolist(),
            "cargo_integrity_prc": column("integrity").tolist(),
            "coord_x": coords[:, 0].tolist(),
            "coord_y": coords[:, 1].tolist(),
            "coord_z": coords[:, 2].tolist(),
            "planet": _planets(seq.tolist(), phase.tolist(), target),
        }
        return Log(columns, landed=bool(((phase > OUTBOUND) & (phase <= AT_HOME)).any()))


def _planets(seqs: Sequence[int], phases: Sequence[int], target: str) -> list[str | None]:
    """Where the ship stands at each tick: home at its start and end, its target while loading, else nowhere."""
    there = {ON_PLANET: target, AT_HOME: HOME}
    return [HOME if seq == 0 else there.get(phase) for seq, phase in zip(seqs, phases, strict=True)]

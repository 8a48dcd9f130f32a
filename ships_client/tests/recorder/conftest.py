"""Small logs: fleets of a few ships whose rows tell their turn and flight, so that a mix-up shows."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ships_client.recorder import VERSION, Boarded, Header, Recorder
from ships_client.recorder.records import Numbers, Rows
from ships_client.sim.rows import ROW


class Sample:
    """What tests append to a log, and what they expect to find there."""

    header = Header("a" * 32, VERSION, "2026-11-25T08:30:00Z", 7, {"ships": 3, "target": "Karut"})

    def boarded(self, number: int, launch_turn: int = 0) -> Boarded:
        """Flight `number` boards at the berth of that number."""
        made_at = self.header.made_at
        return Boarded(number, number, 100 + number, "SS_MOTH", "Olimar", "Karut", 2, False, made_at, launch_turn)

    def turn(self, turn: int, numbers: Sequence[int]) -> tuple[int, Numbers, Rows]:
        """Time, flight numbers and rows of a turn."""
        flights = np.array(numbers, dtype=np.int64)
        rows = np.zeros(len(flights), dtype=ROW)
        rows["tick"] = turn
        rows["malfunctions"] = flights % 1000
        rows["position"] = flights[:, None] * 1e6 + [turn, turn + 0.25, turn + 0.5]
        rows["readings"] = np.arange(4) + turn / 8
        return 1000 * turn, flights, rows

    def fly(self, recorder: Recorder, turns: int, numbers: Sequence[int]) -> None:
        """Append some turns of the same ships."""
        for _ in range(turns):
            turn = recorder.last_turn + 1
            assert recorder.append(*self.turn(turn, numbers)) == turn

    def check(self, recorder: Recorder, turns: Sequence[int], numbers: Sequence[int]) -> None:
        """Assert that these turns are as `fly` appended them."""
        for number in turns:
            turn = recorder.turn(number)
            timestamp_us, flights, rows = self.turn(number, numbers)
            assert (turn.number, turn.timestamp_us) == (number, timestamp_us)
            np.testing.assert_array_equal(turn.numbers, flights)
            np.testing.assert_array_equal(turn.rows, rows)

    def files(self, folder: Path) -> list[Path]:
        """The segments, oldest first."""
        return sorted(folder.glob("*.log"))


@pytest.fixture(scope="session")
def sample() -> Sample:
    return Sample()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "recorder"

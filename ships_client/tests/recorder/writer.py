"""A fleet's process to be killed: flies for ever in the folder it is given, and tells each turn that it wrote."""

import sys
from pathlib import Path

import numpy as np

from ships_client.recorder import VERSION, Acknowledged, Header, Recorder
from ships_client.sim.rows import ROW

SHIPS = 300
NUMBERS = np.arange(SHIPS, dtype=np.int64)


def fly(folder: Path) -> None:
    if folder.exists():
        recorder = Recorder.resume(folder, segment_bytes=500_000)
    else:
        recorder = Recorder.create(
            folder, Header("c" * 32, VERSION, "2026-11-25T08:30:00Z", 7, {}), segment_bytes=500_000
        )
    while True:
        rows = np.zeros(SHIPS, dtype=ROW)
        rows["tick"] = recorder.last_turn + 1
        turn = recorder.append(1000 * (recorder.last_turn + 1), NUMBERS, rows)
        recorder.note(Acknowledged(turn))
        print(turn, flush=True)  # noqa: T201


if __name__ == "__main__":
    fly(Path(sys.argv[1]))

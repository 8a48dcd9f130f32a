import random
import subprocess
import sys
from pathlib import Path

from ships_client.recorder import Recorder

WRITER = Path(__file__).with_name("writer.py")
KILLS = 20


def fly_and_kill(folder: Path, after_turns: int, pause_s: float) -> int:
    """Fly some turns, then a moment more, and kill -9; the last turn that the process told to be written."""
    process = subprocess.Popen([sys.executable, WRITER, folder], stdout=subprocess.PIPE, text=True)
    told = [int(process.stdout.readline()) for _ in range(after_turns)]
    try:
        process.wait(timeout=pause_s)
    except subprocess.TimeoutExpired:
        process.kill()
    rest, _ = process.communicate()
    told += [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    return told[-1]


def test_a_process_killed_at_any_moment_loses_no_turn_it_told(folder: Path) -> None:
    chance = random.Random(4)
    first = 0
    for _ in range(KILLS):
        last = fly_and_kill(folder, chance.randrange(1, 30), chance.uniform(0.0, 0.05))
        assert last >= first
        with Recorder.resume(folder) as recorder:
            assert recorder.last_turn in (last, last + 1)
            assert recorder.standing.acknowledged_turn in (recorder.last_turn - 1, recorder.last_turn)
            for turn in range(max(0, first - 1), recorder.last_turn + 1):
                assert (recorder.turn(turn).rows["tick"] == turn).all()
            times, rows = recorder.stretch(299, 0, recorder.last_turn)
            assert times.tolist() == [1000 * turn for turn in range(recorder.last_turn + 1)]
            assert rows["tick"].tolist() == list(range(recorder.last_turn + 1))
            first = recorder.last_turn + 1

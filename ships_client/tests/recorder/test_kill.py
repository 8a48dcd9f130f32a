import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

from ships_client.recorder import Acknowledged, Recorder

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


class Interrupted(BaseException):
    """As KeyboardInterrupt, which may come anywhere too."""


def test_an_append_broken_off_anywhere_happened_or_did_not(folder: Path, sample) -> None:
    chance = random.Random(5)

    def interrupt(signum: int, frame: FrameType | None) -> None:
        # Python itself drops what is raised while an object is deleted; the timer comes again.
        if frame is not None and frame.f_code.co_name != "__del__":
            raise Interrupted

    recorder = Recorder.create(folder, sample.header, segment_bytes=30_000)
    before = signal.signal(signal.SIGVTALRM, interrupt)
    interrupted = 0
    try:
        while interrupted < 150:
            with suppress(Interrupted):
                signal.setitimer(signal.ITIMER_VIRTUAL, chance.uniform(0.0001, 0.003), 0.02)
                while True:
                    sample.fly(recorder, 1, [1, 2, 3])
                    recorder.note(Acknowledged(recorder.last_turn - 20))
                    recorder.trim()
            interrupted += 1
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    sample.check(recorder, range(recorder.last_turn - 20, recorder.last_turn + 1), [1, 2, 3])
    last = recorder.last_turn
    recorder.close()
    with Recorder.resume(folder) as recorder:
        assert recorder.last_turn == last
        sample.check(recorder, range(last - 20, last + 1), [1, 2, 3])

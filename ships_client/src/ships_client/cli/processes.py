"""A fleet shared among several processes: each flies its part and tells about it; here all of it is shown as one."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import Any, Final

import msgspec

from ships_client.cli import codes
from ships_client.cli.session import finish, output, stopping_on_signals
from ships_client.client import Event, Status, Summary
from ships_client.client.summary import Tally

_FLAGS: Final = {"keep": "--keep", "one_way": "--one-way", "resume": "--resume", "give_up": "--give-up"}
_VALUES: Final = {
    "ships": "--ships",
    "targets": "--targets",
    "report_freq_min": "--reportfreq",
    "speed": "--speed",
    "spread_s": "--spread",
    "failure_rate": "--failure-rate",
    "duration_s": "--duration",
    "patience_s": "--patience",
}
_WORST_FIRST: Final = (codes.RECORDER, codes.USAGE, codes.HEADQUARTERS, codes.INTERRUPTED)
_FAULT: Final = 1
"""What Python ends with when a program has a fault."""

Line = Event | Status | Summary
_decoder: "msgspec.json.Decoder[Line]" = msgspec.json.Decoder(Line)


def fly_in_processes(count: int, folder: Path, options: dict[str, Any], seed: int) -> int:
    """Fly the shares of a fleet in `count` processes; the worst of their exit codes."""
    tell = output(options)
    lines: SimpleQueue[tuple[int, Line | None]] = SimpleQueue()
    statuses = [Status({})] * count
    summaries: list[Summary] = []
    with stopping_on_signals(Flag()) as stop:
        children = [_start(number, count, folder / f"share-{number}", options, seed) for number in range(count)]
        for number, child in enumerate(children):
            Thread(target=_read, args=(number, child, lines), daemon=True).start()
        left = count
        while left:
            number, line = lines.get()
            if stop.is_set():
                _let_go(children)
            match line:
                case None:
                    left -= 1
                case Status():
                    statuses[number] = line
                    tell.show(_together(statuses))
                case Summary():
                    summaries.append(line)
                case _:
                    tell(line)
        found = {child.wait() for child in children}
        with suppress(OSError):
            folder.rmdir()  # nothing is left in it when all shares are done
    finish("hocotate-fleet", _summary(seed, summaries, folder), tell, options)
    return _worst(found)


def _worst(found: set[int]) -> int:
    """The code that says most of what went wrong; one that is none of ours is a fault, or a kill."""
    if found - {*_WORST_FIRST, codes.HOME}:
        return _FAULT
    return next((code for code in _WORST_FIRST if code in found), codes.HOME)


def _start(number: int, count: int, state: Path, options: dict[str, Any], seed: int) -> "subprocess.Popen[bytes]":
    argv = [sys.executable, "-m", "ships_client", "fleet", "--share", f"{number}/{count}", "--json"]
    argv += ["--state", str(state), "--seed", str(seed), "--recorder-limit", str(max(1, options["limit_mb"] // count))]
    argv += [flag for name, flag in _FLAGS.items() if options[name]]
    for name, option in _VALUES.items():
        if options[name] is not None:
            argv += [option, str(options[name])]
    if options["los"]:
        argv += ["--los", "{}-{}".format(*options["los"])]
    addresses = {
        "KAFKA_BOOTSTRAP": "kafka",
        "KAFKA_SECURITY_PROTOCOL": "kafka_security",
        "KAFKA_USER": "kafka_user",
        "KAFKA_CA_FILE": "kafka_ca_file",
        "MISSIONS_API": "missions_api",
        "HOCOTATE_TOKEN": "token",
    }
    env = {**os.environ, **{variable: options[name] for variable, name in addresses.items()}}
    # Its standard input ends with this process, which is how it learns of that; signals come through here alone.
    return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, start_new_session=True)


def _read(number: int, child: "subprocess.Popen[bytes]", lines: "SimpleQueue[tuple[int, Line | None]]") -> None:
    try:
        for line in child.stdout or ():
            lines.put((number, _decoder.decode(line)))
    finally:
        lines.put((number, None))


def _let_go(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        if child.stdin and not child.stdin.closed:
            child.stdin.close()


def _together(statuses: list[Status]) -> Status:
    total = Status({})
    for status in statuses:
        total = total.plus(status)
    return total


def _summary(seed: int, summaries: list[Summary], folder: Path) -> Summary:
    totals = Tally()
    for summary in summaries:
        totals.join(summary.totals)
    unfinished = sum(summary.unfinished for summary in summaries)
    return Summary(
        seed=seed,
        totals=totals,
        missions=[mission for summary in summaries for mission in summary.missions],
        unfinished=unfinished,
        refused=sum(summary.refused for summary in summaries),
        troubles=sum(summary.troubles for summary in summaries),
        interrupted=any(summary.interrupted for summary in summaries),
        timed_out=any(summary.timed_out for summary in summaries),
        recorder=str(folder) if unfinished else None,
    )

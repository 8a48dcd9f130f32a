"""Several logs as one: the last lines of each in the order of time, then what is written next."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from stack.logs.files import LogFile
from stack.logs.line import Line, read, wanted

LAST: Final = 200
"""Lines that are shown before what is written next, of all logs together."""
FILTERED: Final = 20_000
"""Lines of each log that a filter is looked for in."""
LOOK_S: Final = 0.25
_COLOURS: Final = ("cyan", "green", "magenta", "blue", "yellow", "bright_cyan", "bright_green", "bright_magenta")
_LEVELS: Final = {"WARNING": "yellow", "WARN": "yellow", "ERROR": "red", "CRITICAL": "bold red", "FATAL": "bold red"}


def show(
    logs: Mapping[str, Path],
    console: Console,
    *,
    lines: int = LAST,
    grep: str = "",
    raw: bool = False,
    follow: bool = False,
) -> None:
    """Show the last lines of these logs that hold `grep`, and with `follow` what is written next, until Ctrl-C.

    `raw` prints lines as they stand in the files, for programs.
    """
    fits = wanted(grep)
    tell = _told_raw(console) if raw else _teller(console, tuple(logs) if len(logs) > 1 else ())
    with ExitStack() as open_files:
        files = {name: open_files.enter_context(LogFile(path)) for name, path in logs.items()}
        last = [[read(name, text) for text in file.last(FILTERED if grep else lines)] for name, file in files.items()]
        for line in in_order(last, fits)[-lines:]:
            tell(line)
        while follow:
            time.sleep(LOOK_S)
            news = [[read(name, text) for text in file.news()] for name, file in files.items()]
            for line in in_order(news, fits):
                tell(line)


def in_order(logs: Iterable[Sequence[Line]], fits: Callable[[Line], bool]) -> list[Line]:
    """The lines that fit, by time. One without a time stays behind the line before it in its log."""
    timed: list[tuple[str, Line]] = []
    for log in logs:
        at = ""
        for line in log:
            at = max(at, line.time)
            timed.append((at, line))
    timed.sort(key=lambda one: one[0])  # stable: within a log the order stays
    return [line for _at, line in timed if fits(line)]


def _teller(console: Console, names: Sequence[str]) -> Callable[[Line], None]:
    """Prints a line, with its service before it where there are several."""
    width = max(map(len, names), default=0)
    colours = {name: _COLOURS[place % len(_COLOURS)] for place, name in enumerate(names)}

    def tell(line: Line) -> None:
        prefix = Text(f"{line.service:<{width}} | ", colours[line.service]) if names else Text()
        console.print(prefix + Text(line.text, _LEVELS.get(line.level, "")), soft_wrap=True, highlight=False)

    return tell


def _told_raw(console: Console) -> Callable[[Line], None]:
    def tell(line: Line) -> None:
        console.file.write(f"{line.raw}\n")
        console.file.flush()

    return tell

"""A process that flies a share of a fleet for another one."""

import os
import re
from threading import Event as Flag
from threading import Thread
from typing import Any

import click


class Share(click.ParamType[tuple[int, int]]):
    """`2/8`: the third of eight shares."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Number and count."""
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"(\d+)/(\d+)", str(value))
        if not found or int(found[1]) >= int(found[2]):
            self.fail(f"{value!r} is no share, such as 0/4.", param, ctx)
        return int(found[1]), int(found[2])


def stop_with_parent() -> Flag:
    """A flag that is set when standard input ends, as it does when the process that began this one is gone."""
    stop = Flag()

    def watch() -> None:
        # Not through sys.stdin, whose lock a thread may not hold when Python ends.
        while os.read(0, 1024):
            pass
        stop.set()

    Thread(target=watch, name="parent", daemon=True).start()
    return stop

"""Runs pytest with its arguments, and ends with what it found.

A dozen native libraries share the process, and once, after the last test and all fixtures were over, the interpreter's
own dismantling crashed in one of them: so there is none. To be told to end is as Ctrl-C: fixtures stop their servers.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

import pytest

TOLD = (signal.SIGINT, signal.SIGTERM)


def end(number: int, frame: FrameType | None) -> None:
    """Break off the tests; being told once more must not break off the end of their servers."""
    for told in TOLD:
        signal.signal(told, signal.SIG_IGN)
    signal.default_int_handler(number, frame)


if __name__ == "__main__":
    for told in TOLD:
        # A shell starts what runs in the background with SIGINT ignored, which its children would inherit.
        signal.signal(told, end)
    status = int(pytest.main(sys.argv[1:]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)

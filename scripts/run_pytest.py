"""Runs pytest with its arguments, and ends with what it found.

A dozen native libraries share the process, and once, after the last test and all fixtures were over, the interpreter's
own dismantling crashed in one of them: so there is none. To be told to end is as Ctrl-C: fixtures stop their servers.
"""

from __future__ import annotations

import os
import signal
import sys

import pytest

if __name__ == "__main__":
    for told in (signal.SIGINT, signal.SIGTERM):
        # A shell starts what runs in the background with SIGINT ignored, which its children would inherit.
        signal.signal(told, signal.default_int_handler)
    status = int(pytest.main(sys.argv[1:]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)

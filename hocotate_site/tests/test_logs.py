"""Log lines."""

import logging
import sys

from hocotate_site.logs import LineFormatter


def record(message: str, exc_info: object = None) -> logging.LogRecord:
    """An event of logger `site`."""
    made = logging.LogRecord("site", logging.INFO, "file.py", 1, message, None, exc_info)  # type: ignore[arg-type]  # any
    made.created = 1_795_594_683.1234
    return made


def test_an_event_is_one_line_with_its_time_in_utc() -> None:
    line = LineFormatter().format(record("registered"))

    assert line == "2026-11-25T08:18:03.123Z INFO site: registered"


def test_text_from_outside_cannot_forge_a_line() -> None:
    assert "\n" not in LineFormatter().format(record("ship A\n2026-11-25T08:18:03.123Z INFO site: forged"))


def test_a_traceback_stays_with_its_event() -> None:
    try:
        int("no such planet")
    except ValueError:
        line = LineFormatter().format(record("failed", sys.exc_info()))

    assert len(line.splitlines()) == 1
    assert "ValueError: invalid literal" in line

"""Log lines, as people and as programs read them."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from hocotate_logs import bound
from hocotate_logs.formats import JsonLines, LineFormatter


def record(message: str, *args: object, exc_info: object = None, **extra: object) -> logging.LogRecord:
    """An event of logger `site`."""
    made = logging.LogRecord("site", logging.INFO, "file.py", 1, message, args, exc_info)  # type: ignore[arg-type]  # any
    made.created = 1_795_594_683.1234
    made.__dict__.update(extra)
    return made


def as_json(made: logging.LogRecord) -> dict[str, Any]:
    """What a program reads of the line."""
    (line,) = JsonLines("web").format(made).splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_an_event_is_one_line_with_its_time_in_utc() -> None:
    assert LineFormatter().format(record("registered")) == "2026-11-25T08:18:03.123Z INFO site: registered"
    assert LineFormatter("web").format(record("registered")) == "2026-11-25T08:18:03.123Z INFO web site: registered"


def test_an_event_is_an_object_with_the_same_in_it() -> None:
    assert as_json(record("%d registered", 3)) == {
        "time": "2026-11-25T08:18:03.123Z",
        "level": "INFO",
        "part": "web",
        "logger": "site",
        "message": "3 registered",
    }


def test_the_ids_that_are_there_and_no_others_stand_behind_the_text() -> None:
    made = record("ended", mission=7, ship="SS DOLPHIN")
    with bound(request_id="abc", mission=8):
        assert LineFormatter().format(made).endswith(' site: ended request_id=abc mission=7 ship="SS DOLPHIN"')
        assert list(as_json(made).items())[5:] == [("request_id", "abc"), ("mission", 7), ("ship", "SS DOLPHIN")]


def test_what_a_library_attaches_stays_out_of_the_log() -> None:
    made = record("refused", request={"Cookie": "secret"}, status_code=403, token="secret")

    assert "secret" not in LineFormatter().format(made)
    assert set(as_json(made)) == {"time", "level", "part", "logger", "message"}


@pytest.mark.parametrize("text", ["ship A\n2026-11-25T08:18:03.123Z INFO site: forged", "a\u2028b", "a\rb", "a\x0bb"])
def test_text_from_outside_cannot_forge_a_line(text: str) -> None:
    for made in (record(text), record("registered", ship=text)):
        assert len(LineFormatter("web").format(made).splitlines()) == 1
        as_json(made)


def test_text_from_outside_cannot_forge_an_id() -> None:
    line = LineFormatter().format(record("registered", ship='A" mission=9'))

    assert line.endswith(r'ship="A\" mission=9"')


def test_a_traceback_stays_with_its_event() -> None:
    try:
        int("no such planet")
    except ValueError:
        made = record("failed", exc_info=sys.exc_info(), mission=7)

    line = LineFormatter().format(made)
    assert len(line.splitlines()) == 1
    assert " failed mission=7 | Traceback" in line
    assert "ValueError: invalid literal" in as_json(made)["error"]


def test_a_line_of_celery_about_a_job_names_the_job_and_not_its_arguments() -> None:
    made = record("Task received", data={"id": "1-2", "name": "ingest", "args": "('secret',)"})
    made.name = "celery.worker.strategy"

    assert LineFormatter().format(made).endswith("Task received task_id=1-2 task=ingest")
    assert "secret" not in JsonLines().format(made)

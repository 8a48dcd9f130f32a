"""Log lines."""

import logging
import sys

import pytest
from celery import Celery
from celery.beat import Scheduler
from redis.exceptions import ConnectionError as ValkeyAway

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


def test_a_job_that_cannot_be_sent_is_one_sentence(caplog: pytest.LogCaptureFixture) -> None:
    app = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.task_publish_retry = False
    beat = Scheduler(app, lazy=True)

    beat.apply_entry(beat.Entry(name="heartbeat", task="telemetry.tasks.heartbeat", schedule=10, app=app))
    app.close()

    (error,) = [record for record in caplog.records if record.levelname == "ERROR"]
    line = LineFormatter().format(error)
    assert "Couldn't apply scheduled task heartbeat" in line
    assert "127.0.0.1:1" in line
    assert "File" not in line


def test_a_worker_that_stumbles_over_an_outage_names_it_in_its_sentence(caplog: pytest.LogCaptureFixture) -> None:
    try:
        try:
            raise ValkeyAway("Connection refused.")  # noqa: TRY301 - the error that the next one comes of
        except ValkeyAway:
            None.hostname  # type: ignore[attr-defined]  # noqa: B018 - as kombu does
    except AttributeError as error:
        logging.getLogger("celery.worker").critical("Unrecoverable error: %r", error, exc_info=True)

    line = LineFormatter().format(caplog.records[0])
    assert line.endswith("""AttributeError("'NoneType' object has no attribute 'hostname'") (Connection refused.)""")


def test_any_other_fault_of_a_worker_keeps_its_stack(caplog: pytest.LogCaptureFixture) -> None:
    try:
        int("no such planet")
    except ValueError as error:
        logging.getLogger("celery.worker").critical("Unrecoverable error: %r", error, exc_info=True)

    assert "Traceback" in LineFormatter().format(caplog.records[0])

"""What is said of an outage of Valkey."""

import logging

import pytest
from celery import Celery
from celery.beat import Scheduler
from redis.exceptions import ConnectionError as ValkeyAway

from hocotate_logs.formats import LineFormatter


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

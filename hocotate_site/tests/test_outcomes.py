"""What jobs push of their runs, and that no Pushgateway can break or hold up a job."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pytest_django import Settings

from hocotate_site.outcomes import LONGEST_S, Job, Outcome, metrics_of, told


class Gateway(HTTPServer):
    """Keeps what is pushed to it: method, path and body."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.pushed: list[tuple[str, str, str]] = []


class Taking(BaseHTTPRequestHandler):
    """Takes a push."""

    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.pushed.append((self.command, self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Gateway]:
    """A Pushgateway that the site knows."""
    with Gateway() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.PUSHGATEWAY_URL = f"http://127.0.0.1:{server.server_port}"
        yield server
        server.shutdown()


@contextmanager
def silent() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def values(outcome: Outcome) -> dict[str, float]:
    registry = metrics_of(outcome, seconds=3.0, now=1000.0)
    return {sample.name: sample.value for family in registry.collect() for sample in family.samples}


def test_a_good_run_tells_when_it_ended_how_long_it_took_and_what_failed() -> None:
    assert values(Outcome(failed_items=2)) == {
        "batch_last_run_timestamp_seconds": 1000.0,
        "batch_last_success_timestamp_seconds": 1000.0,
        "batch_duration_seconds": 3.0,
        "batch_failed_items": 2.0,
    }


def test_a_run_that_failed_leaves_the_last_success_and_what_it_does_not_know() -> None:
    told_of = values(Outcome(succeeded=False))

    assert set(told_of) == {"batch_last_run_timestamp_seconds", "batch_duration_seconds"}


def test_a_push_has_the_job_for_its_only_label(gateway: Gateway) -> None:
    with told(Job.INGEST) as outcome:
        outcome.failed_items = 0

    [(method, path, body)] = gateway.pushed
    assert (method, path) == ("POST", "/metrics/job/ingest")
    assert "batch_last_success_timestamp_seconds" in body
    assert "batch_failed_items 0.0" in body


def test_a_run_that_raises_is_told_as_failed_and_its_error_goes_on(gateway: Gateway) -> None:
    with pytest.raises(RuntimeError, match="no dbt"), told(Job.MARTS):
        raise RuntimeError("no dbt")

    [(_method, _path, body)] = gateway.pushed
    assert "batch_last_run_timestamp_seconds" in body
    assert "success" not in body


def test_what_was_no_run_is_not_told(gateway: Gateway) -> None:
    with told(Job.INGEST) as outcome:
        outcome.skipped = True

    assert gateway.pushed == []


def test_without_an_address_nothing_is_pushed(gateway: Gateway, settings: Settings) -> None:
    settings.PUSHGATEWAY_URL = ""

    with told(Job.INGEST):
        pass

    assert gateway.pushed == []


def test_a_gateway_that_is_away_breaks_no_job(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings.PUSHGATEWAY_URL = f"http://127.0.0.1:{port}"

    with told(Job.MAINTENANCE):
        done = True

    assert done
    assert "the job maintenance ended could not be pushed" in caplog.text


def test_a_gateway_that_says_nothing_holds_a_job_up_for_two_seconds_at_most(settings: Settings) -> None:
    with silent() as port:
        settings.PUSHGATEWAY_URL = f"http://127.0.0.1:{port}"
        began = time.monotonic()

        with told(Job.INGEST):
            pass

    assert time.monotonic() - began < LONGEST_S + 0.5


def test_no_proxy_is_asked(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    with told(Job.INGEST):
        pass

    assert len(gateway.pushed) == 1

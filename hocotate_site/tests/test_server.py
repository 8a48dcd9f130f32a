"""The site's server: it waits for slow clients, and what failed is not taken for whole."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from websockets.sync.client import connect

from hocotate_site.tests.streams import PIECE, PIECES
from stack.config import ROOT
from stack.services.base import inherited

BUFFERS_MB = 40
"""More than the sockets of both ends hold."""


@pytest.fixture(scope="module")
def server() -> Iterator[httpx.Client]:
    """A client of a server that runs the streaming application."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [sys.executable, "-m", "hocotate_site.server", "-b", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(
        [*argv, "hocotate_site.tests.streams:application"],
        cwd=ROOT,
        env=inherited(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    client.get("/sent")
                    break
                except httpx.ConnectError:
                    assert time.monotonic() < deadline
                    assert process.poll() is None
            yield client
        finally:
            process.terminate()
            process.wait(20)


def sent_mb(server: httpx.Client) -> float:
    """What the application could send so far."""
    return int(server.get("/sent").text) * len(PIECE) / 1e6


def test_an_application_waits_for_a_slow_client_and_then_sends_the_rest(server: httpx.Client) -> None:
    before = sent_mb(server)
    with server.stream("GET", "/") as answer:
        pieces = answer.iter_bytes()
        got = len(next(pieces))
        # Each question takes a turn of the loop in which the application could send more, if it were let.
        seen = [sent_mb(server) - before for _ in range(200)]
        got += sum(map(len, pieces))

    assert seen[-1] < BUFFERS_MB
    assert got == PIECES * len(PIECE)
    assert sent_mb(server) - before == pytest.approx(got / 1e6)


def test_an_answer_that_fails_in_the_middle_breaks_off(server: httpx.Client) -> None:
    for _ in range(2):
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            server.get("/fail", timeout=20)


def test_a_client_that_leaves_frees_the_application(server: httpx.Client) -> None:
    before = sent_mb(server)
    with server.stream("GET", "/") as answer:
        next(answer.iter_bytes())
    deadline = time.monotonic() + 30
    # The application sends into nothing until its end; it doesn't wait for the one who left.
    while sent_mb(server) - before < PIECES * len(PIECE) / 1e6:
        assert time.monotonic() < deadline


def test_sending_to_a_browser_that_is_leaving_is_no_fault(server: httpx.Client) -> None:
    address = str(server.base_url.copy_with(scheme="ws"))
    for _browser in range(5):
        with connect(address, proxy=None) as browser:
            assert browser.recv(timeout=10) == b"news"
    deadline = time.monotonic() + 30
    while int(server.get("/left").text) < 5:
        assert time.monotonic() < deadline

    assert int(server.get("/failed").text) == 0
